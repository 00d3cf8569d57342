export { blobSource, bufferSource } from '../base/byte-source.ts';
export type { ByteSource } from '../base/byte-source.ts';
export { openModel } from './open-model.ts';
export type { OpenedModel, OpenOptions } from './open-model.ts';
