import * as Comlink from 'comlink';
import { ortRunner } from '../src/ort/open-runner.ts';
import { loadKernels } from '../wasm/load-kernels.ts';
import { CalibrateService } from './calibrate-service.ts';
import { readImage } from './read-image.ts';

/** The page's worker for calibration: it is ended when it is done, which gives the runtime's memory back. */
Comlink.expose(
  new CalibrateService({
    runner: ({ ortFolder, threads }) => ortRunner({ wasmPaths: ortFolder, threads }),
    readImage,
    kernels: loadKernels,
  }),
);
