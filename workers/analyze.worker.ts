import * as Comlink from 'comlink';
import { loadKernels } from '../wasm/load-kernels.ts';
import { LabService } from './lab-service.ts';

/** The page's worker for everything that takes time: opening, predicting, layout, statistics, rewriting. */
Comlink.expose(new LabService(loadKernels));
