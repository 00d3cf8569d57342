import type { CorpusTally } from '../commands/predict-corpus.ts';
import { integer, object } from './schema.ts';
import type { Schema } from './schema.ts';

export const CORPUS_SCHEMA: Schema<CorpusTally> = object({ written: integer, failed: integer });
