import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const GIVEN = new URL('../../../../shared/engines/', import.meta.url);
const OWN = new URL('../../engines/', import.meta.url);

/** Says aloud why the tests over the given engines do not run; false when they do. */
export const skipGiven = existsSync(GIVEN) ? false : '../shared/engines is absent';

/** A packed file, unpacked only when it is asked for. */
export interface PackedFile {
  /** `trt10.6.0-h100/real/resnet18.mo.best.layer.json`. */
  readonly name: string;
  readonly text: () => string;
}

/** All given files whose names end so, without `.gz`. */
export const givenFiles = (ending: string): PackedFile[] => files(GIVEN, ending);
/** Likewise of the engines of our own networks. */
export const ownFiles = (ending: string): PackedFile[] => files(OWN, ending);

/** The given file of this name. */
export const givenText = (name: string): string => unpack(new URL(`${name}.gz`, GIVEN));

function files(root: URL, ending: string): PackedFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(`${ending}.gz`))
    .sort()
    .map((path) => ({ name: path.slice(0, -3), text: () => unpack(new URL(path, root)) }));
}

const unpack = (url: URL): string => gunzipSync(readFileSync(url)).toString('utf8');

/** A given file that is not packed. */
export const givenPlain = (name: string): string => readFileSync(new URL(name, GIVEN), 'utf8');
