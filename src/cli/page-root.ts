import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the built page lies: beside the built command line, or seen from its sources. */
const PLACES = ['../page/', '../../dist/page/'];

/** Folder of the built page; undefined where it was not built. */
export function pageRoot(): string | undefined {
  return PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((folder) =>
    existsSync(`${folder}index.html`),
  );
}
