import type * as Ort from 'onnxruntime-web';

/** onnxruntime-web as a module, whichever of its builds. */
export type OrtModule = typeof Ort;

/** How onnxruntime-web is to be started. */
export interface OrtSettings {
  /** Address of the folder with its .mjs and .wasm, ending in a slash. Absent under Node: then the package's own. */
  readonly wasmPaths?: string;
  /** Threads for one run. The first model that is opened decides for all that come later in this process or worker. */
  readonly threads: number;
}

/**
 * The build for Node. Its name stands in no import, so that no bundler takes it along: the command line finds it among its
 * packages when it runs, and the page never asks for it.
 */
const NODE_BUILD = 'onnxruntime-web';

let loaded: Promise<OrtModule> | undefined;

/**
 * onnxruntime-web, fetched when it is first asked for. Rejects where it cannot be fetched.
 *
 * Two builds, because neither serves both sides: the one that has only wasm (50 KB) fetches its files by address, which
 * Node cannot from a disk; the one for Node reads them, but its twin for browsers drags in 300 KB of WebGL.
 */
export async function loadOrt({ wasmPaths, threads }: OrtSettings): Promise<OrtModule> {
  loaded ??= start(wasmPaths, threads);
  try {
    return await loaded;
  } catch (error) {
    // A network that was away may be back at the next try.
    loaded = undefined;
    throw error;
  }
}

async function start(wasmPaths: string | undefined, threads: number): Promise<OrtModule> {
  const ort =
    wasmPaths === undefined
      ? ((await import(NODE_BUILD)) as OrtModule)
      : await import('onnxruntime-web/wasm');
  if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths;
  ort.env.wasm.numThreads = threads;
  // What it has to say reaches us as rejections too; on the console it would stand beside our own messages.
  ort.env.logLevel = 'fatal';
  return ort;
}
