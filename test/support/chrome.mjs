import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What every test browser is started with. The bundled package's own list switches isolation off: not used. */
export const CHROME_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** @returns {string | undefined} the first installed browser on the PATH */
function installedChrome() {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter))
    for (const name of NAMES) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
  return undefined;
}

/** @type {Promise<string> | undefined} */
let found;

/**
 * Path of a Chromium to test with: CHROME_PATH, else an installed one, else the one that comes with
 * `@sparticuz/chromium`, unpacked once. BUNDLED_CHROME=1 insists on the last.
 *
 * @returns {Promise<string>}
 */
export function chromePath() {
  found ??= findChrome();
  return found;
}

async function findChrome() {
  if (process.env['CHROME_PATH']) return process.env['CHROME_PATH'];
  const installed = process.env['BUNDLED_CHROME'] ? undefined : installedChrome();
  return installed ?? (await unpackBundled());
}

/**
 * The package unpacks into the temporary folder and never checks which version it finds there, hence a folder per
 * version; the variable for AWS makes it bring its own NSS libraries, which bare hosts lack. Both are read on import.
 */
async function unpackBundled() {
  const cache = fileURLToPath(new URL('../../node_modules/.cache/chromium-153/', import.meta.url));
  mkdirSync(cache, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = cache;
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x';
  process.env['FONTCONFIG_FILE'] ??= writeFontConfig(cache);
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

/**
 * The package's own fonts.conf looks for its fonts in /tmp only; without any font Chromium crashes at the first
 * `<select>`. This one takes the host's fonts where it has some, and the package's in any case.
 *
 * @param {string} cache folder into which the package unpacks
 * @returns {string} path of the configuration
 */
function writeFontConfig(cache) {
  const path = join(cache, 'fonts.conf');
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    '  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
    `  <dir>${join(cache, 'fonts')}</dir>`,
    `  <cachedir>${join(cache, 'fonts-cache')}</cachedir>`,
    '</fontconfig>',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
