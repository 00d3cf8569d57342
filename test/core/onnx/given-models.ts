import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../../../../shared/engines/models', import.meta.url));

/** Says aloud why the tests over given models do not run; false when they do. */
export const skipGiven = existsSync(root) ? false : '../shared is absent';

export interface GivenModel {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Operator by node name, written down when the model was made. */
  readonly opTypes: Readonly<Record<string, string>>;
}

/** The given models, one after the other. */
export function* givenModels(): Generator<GivenModel> {
  for (const kind of ['micro', 'real'])
    for (const file of readdirSync(join(root, kind)).sort()) {
      if (!file.endsWith('.onnx.gz')) continue;
      const name = basename(file, '.onnx.gz');
      const packed = readFileSync(join(root, kind, file));
      const opTypes = JSON.parse(
        readFileSync(join(root, kind, `${name}.nodes.json`), 'utf8'),
      ) as Record<string, string>;
      yield { name, bytes: gunzipSync(packed), opTypes };
    }
}
