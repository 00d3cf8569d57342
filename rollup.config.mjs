import { createHash } from 'node:crypto';
import { chmodSync, cpSync, readFileSync, readdirSync, rmSync } from 'node:fs';
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
/** What may cross the wire before the page is alive, and what its main worker may weigh on top: gzip bytes. */
const SHELL_LIMIT_BYTES = 80 * 1024;
const WORKER_LIMIT_BYTES = 100 * 1024;
const MAIN_WORKER = 'analyze.worker';

const filesUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();

const emptyFirst = (folder) => ({
  name: 'empty-first',
  generateBundle() {
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

const UNUSED = 'create|verify|fromObject|toObject|encodeDelimited|decodeDelimited';

/**
 * Drops from onnx-proto's generated classes the methods that we do not call: two thirds of its weight, which no
 * bundler can see to be dead. Refuses our own calls of them, which would otherwise fail in the page only.
 */
const slimOnnxProto = () => ({
  name: 'slim-onnx-proto',
  transform(code, id) {
    if (!id.includes('node_modules')) {
      const call = new RegExp(`\\bonnx\\.\\w+\\.(?:${UNUSED})\\b`).exec(code);
      if (call) this.error(`${id} calls ${call[0]}, which the build removes`);
      return null;
    }
    if (!/onnx-proto[/\\]dist[/\\]onnx\.js$/.test(id)) return null;
    const method = new RegExp(
      `^( +)\\w+\\.(?:${UNUSED}|prototype\\.toJSON) = function[^]*?^\\1\\};\\n`,
      'gm',
    );
    return { code: code.replace(method, ''), map: null };
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

/** So that `npx qdq-lab` can run it in this repository too. */
const executable = () => ({
  name: 'executable',
  writeBundle() {
    chmodSync(`${CLI}/qdq-lab.js`, 0o755);
  },
});

/** The Python files that `build` runs, beside the command as they lie beside its source. */
const pythonFiles = () => ({
  name: 'python-files',
  generateBundle() {
    const folder = 'src/cli/trt/python';
    for (const name of filesUnder(folder).filter((file) => file.endsWith('.py')))
      this.emitFile({
        type: 'asset',
        fileName: `python/${name}`,
        source: readFileSync(join(folder, name)),
      });
  },
});

const REPORT_HEAD = ['raw', 'gzip', 'brotli'].map((word) => word.padStart(11)).join('');

/** Prints what each chunk weighs. */
const sizeReport = (title) => ({
  name: 'size-report',
  writeBundle(_options, bundle) {
    console.log(`  ${title.padEnd(34)}${REPORT_HEAD}`);
    for (const item of Object.values(bundle))
      if (item.type === 'chunk') weigh(item.fileName, [item.code]);
  },
});

/** Weighs the page shell and the main worker, each with all that it imports, and fails above their limits. */
const sizeLimits = () => ({
  name: 'size-limits',
  writeBundle(_options, bundle) {
    const codeOf = (entry) => {
      const wanted = new Set();
      const want = (fileName) => {
        if (wanted.has(fileName)) return;
        wanted.add(fileName);
        bundle[fileName].imports.forEach(want);
      };
      for (const item of Object.values(bundle)) if (item.name === entry) want(item.fileName);
      return [...wanted].map((name) => bundle[name].code);
    };
    const limit = (label, contents, most) => {
      const { gzip } = weigh(label, contents);
      if (gzip > most)
        this.error(`${label}: ${kib(gzip).trim()} gzip, may be at most ${kib(most).trim()}`);
    };
    const statics = filesUnder('public').filter((f) => /\.(html|css)$/.test(f));
    const shell = statics.map((name) => readFileSync(join('public', name)));
    limit('= page shell', [...shell, ...codeOf('main')], SHELL_LIMIT_BYTES);
    limit('= main worker', codeOf(MAIN_WORKER), WORKER_LIMIT_BYTES);
  },
});

const minify = () => terser({ module: true, ecma: 2022, compress: { passes: 2 } });
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
    slimOnnxProto(),
    commonjs(),
    transpile('src/ui/tsconfig.json'),
    ortAssets(),
    minify(),
    copyPublic(),
    sizeReport('page'),
    sizeLimits(),
  ],
};

const serviceWorker = {
  input: 'workers/offline.worker.ts',
  output: { file: `${PAGE}/sw.js`, format: 'iife', sourcemap: false },
  plugins: [transpile('workers/tsconfig.json'), precacheList(), terser(), sizeReport('offline')],
};

const cli = {
  input: { 'qdq-lab': 'src/cli/main.ts', 'start-page': 'src/cli/start-page.ts' },
  // The runtime is imported from its package when numbers are asked for: it finds its wasm beside itself.
  external: [/^node:/, /^onnxruntime-web/],
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
    pythonFiles(),
    executable(),
    sizeReport('command line'),
  ],
};

export default [page, serviceWorker, cli];
