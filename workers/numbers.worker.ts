import * as Comlink from 'comlink';
import { ortRunner } from '../src/ort/open-runner.ts';
import { loadKernels } from '../wasm/load-kernels.ts';
import { holdLife } from './hold-life.ts';
import { NumbersService } from './numbers-service.ts';
import { readImage } from './read-image.ts';

/** The page's worker for everything that runs models. */
Comlink.expose(
  new NumbersService({
    runner: ({ ortFolder, threads }) => ortRunner({ wasmPaths: ortFolder, threads }),
    readImage,
    kernels: loadKernels,
    holdLife: () => holdLife(self.name),
  }),
);
