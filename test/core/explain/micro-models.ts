import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { bufferSource } from '../../../src/core/base/byte-source.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { openModel } from '../../../src/core/onnx/index.ts';
import { valueOf } from './text-models.ts';

const FOLDER = fileURLToPath(new URL('../../../../shared/engines/models/', import.meta.url));

/** What a test that needs the given models says where they are not. */
export const SHARED_ABSENT: false | string = existsSync(FOLDER) ? false : '../shared is absent';

export const microModel = (name: string): Promise<Model> => givenModel(`micro/${name}`);

/** A model of the given engines by folder and name. */
export async function givenModel(path: string): Promise<Model> {
  const bytes = new Uint8Array(gunzipSync(readFileSync(`${FOLDER}${path}.onnx.gz`)));
  return valueOf(await openModel([bufferSource(path, bytes)])).model;
}
