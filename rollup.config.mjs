import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import commonjs from '@rollup/plugin-commonjs';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild from 'rollup-plugin-esbuild';

const require = createRequire(import.meta.url);
const PAGE = 'dist/page';
const CLI = 'dist/cli';
/** What the page may weigh before it can show a prediction: gzip bytes, main worker included, ORT's wasm not. */
const SHELL_LIMIT_BYTES = 80 * 1024;
const SHELL_WORKERS = ['analyze.worker'];

const filesUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();

const emptyFirst = (folder) => ({
  name: 'empty-first',
  buildStart() {
    rmSync(folder, { recursive: true, force: true });
  },
});

/** Turns `new URL('../workers/x.ts', import.meta.url)` into the address of the built worker. */
const workerUrl = () => ({
  name: 'worker-url',
  transform(code, id) {
    let hit = false;
    const out = code.replace(
      /new URL\(\s*(['"])([^'"]+\.ts)\1,\s*import\.meta\.url\s*\)/g,
      (_all, _quote, path) => {
        hit = true;
        const reference = this.emitFile({ type: 'chunk', id: resolve(dirname(id), path) });
        return `new URL(import.meta.ROLLUP_FILE_URL_${reference})`;
      },
    );
    return hit ? { code: out, map: null } : null;
  },
});

/** ORT's module and wasm go beside the page as they are; nothing loads them before numbers are asked for. */
const ortAssets = () => ({
  name: 'ort-assets',
  generateBundle() {
    const folder = dirname(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
    for (const name of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'])
      this.emitFile({
        type: 'asset',
        fileName: `ort/${name}`,
        source: readFileSync(join(folder, name)),
      });
  },
});

const copyPublic = () => ({
  name: 'copy-public',
  writeBundle() {
    // The README's picture is not part of the page.
    const filter = (path) => !path.endsWith('screenshot.png');
    cpSync('public', PAGE, { recursive: true, filter });
  },
});

/** Puts the file list and its hash into the service worker; runs after the page is written. */
const precacheList = () => ({
  name: 'precache-list',
  renderChunk(code) {
    const files = filesUnder(PAGE).filter((f) => !/^ort\/|\.map$|^sw\.js$/.test(f));
    const hash = createHash('sha256');
    for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(PAGE, file)));
    const names = ['./', ...files.filter((f) => f !== 'index.html').map((f) => `./${f}`)];
    return {
      code: code
        .replaceAll('PRECACHE_FILES', JSON.stringify(names))
        .replaceAll('PRECACHE_VERSION', JSON.stringify(hash.digest('hex').slice(0, 12))),
      map: null,
    };
  },
});

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(11);

function weigh(label, contents) {
  const sum = { raw: 0, gzip: 0, brotli: 0 };
  for (const content of contents) {
    const bytes = Buffer.from(content);
    sum.raw += bytes.length;
    sum.gzip += gzipSync(bytes, { level: 9 }).length;
    sum.brotli += brotliCompressSync(bytes).length;
  }
  console.log(`  ${label.padEnd(34)}${kib(sum.raw)}${kib(sum.gzip)}${kib(sum.brotli)}`);
  return sum;
}

/** Prints what each entry weighs, and fails the build when the page shell is too heavy. */
const sizeReport = (title, shell) => ({
  name: 'size-report',
  writeBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((item) => item.type === 'chunk');
    console.log(
      `  ${title.padEnd(34)}${'raw'.padStart(11)}${'gzip'.padStart(11)}${'brotli'.padStart(11)}`,
    );
    for (const chunk of chunks) weigh(chunk.fileName, [chunk.code]);
    if (!shell) return;
    const wanted = new Set();
    const want = (fileName) => {
      if (wanted.has(fileName)) return;
      wanted.add(fileName);
      bundle[fileName].imports.forEach(want);
    };
    for (const chunk of chunks)
      if (chunk.isEntry && (chunk.name === 'main' || SHELL_WORKERS.includes(chunk.name)))
        want(chunk.fileName);
    const statics = filesUnder('public').filter((f) => /\.(html|css)$/.test(f));
    const { gzip } = weigh('page shell with the main worker', [
      ...[...wanted].map((name) => bundle[name].code),
      ...statics.map((name) => readFileSync(join('public', name))),
    ]);
    if (gzip > SHELL_LIMIT_BYTES)
      this.error(`the page shell weighs ${kib(gzip).trim()} gzip; the limit is 80 KB`);
  },
});

const transpile = (tsconfig) => esbuild({ target: 'es2022', tsconfig });
const extensions = ['.ts', '.mjs', '.js'];

const page = {
  input: { main: 'src/ui/main.ts' },
  output: {
    dir: PAGE,
    format: 'es',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  },
  plugins: [
    emptyFirst(PAGE),
    workerUrl(),
    nodeResolve({
      browser: true,
      exportConditions: ['onnxruntime-web-use-extern-wasm'],
      extensions,
    }),
    commonjs(),
    transpile('src/ui/tsconfig.json'),
    ortAssets(),
    terser(),
    copyPublic(),
    sizeReport('page', true),
  ],
};

const serviceWorker = {
  input: 'workers/offline.worker.ts',
  output: { file: `${PAGE}/sw.js`, format: 'iife', sourcemap: false },
  plugins: [transpile('workers/tsconfig.json'), precacheList(), terser(), sizeReport('offline')],
};

const cli = {
  input: { 'qdq-lab': 'src/cli/main.ts', 'start-page': 'src/cli/start-page.ts' },
  external: /^node:/,
  output: {
    dir: CLI,
    format: 'es',
    sourcemap: true,
    chunkFileNames: '[name]-[hash].js',
    banner: (chunk) => (chunk.name === 'qdq-lab' ? '#!/usr/bin/env node' : ''),
  },
  plugins: [
    emptyFirst(CLI),
    nodeResolve({ preferBuiltins: true, exportConditions: ['node'], extensions }),
    commonjs(),
    transpile('src/cli/tsconfig.json'),
    sizeReport('command line'),
  ],
};
// TEMP until both entries exist
if (!existsSync('src/cli/main.ts')) delete cli.input['qdq-lab'];

export default [...(existsSync('src/ui/main.ts') ? [page, serviceWorker] : []), cli];
