import { recognizeText } from './recognize-text.ts';
import type { EngineFileContent } from './recognize-text.ts';

export type { EngineFileContent } from './recognize-text.ts';

/** What kind of file around an engine a text is, by its content; null where it is none. `name` decides nothing. */
export const kindOfEngineFile = (_name: string, text: string): EngineFileContent | null =>
  recognizeText(text).kind;
