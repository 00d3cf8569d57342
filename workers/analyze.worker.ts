import * as Comlink from 'comlink';
import { loadKernels } from '../wasm/load-kernels.ts';
import { AnalyzeService } from './analyze-service.ts';

/** The page's worker for everything that takes time: opening, predicting, layout, statistics. */
Comlink.expose(new AnalyzeService(loadKernels));
