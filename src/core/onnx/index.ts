export { blobSource, bufferSource } from '../base/byte-source.ts';
export type { ByteSource } from '../base/byte-source.ts';
export { openModel } from './open-model.ts';
export type { OpenedModel, OpenOptions } from './open-model.ts';
export { modelChunks, saveModel } from './save-model.ts';
export { chunkLength } from './rope.ts';
export type { Chunk, SourceRange } from './rope.ts';
