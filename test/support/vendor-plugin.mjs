import { createRequire } from 'node:module';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const PREFIX = '/__vendor/';

/** @param {string} name a CommonJS package: its ES module face, with the exports that it really has */
function faceOf(name) {
  const exported = Object.keys(require(name)).filter((k) => IDENTIFIER.test(k) && k !== 'default');
  const lines = exported.map((k) => `export const ${k} = whole.${k};`);
  return `import whole from ${JSON.stringify(name)};\nexport default whole;\n${lines.join('\n')}`;
}

/** @param {readonly string[]} names all in one build, so that they share what they have in common */
async function bundle(names) {
  const result = await build({
    bundle: true,
    write: false,
    format: 'esm',
    splitting: true,
    outdir: '/v',
    platform: 'browser',
    target: 'es2022',
    entryPoints: names.map((name, i) => ({ in: `vendor:${name}`, out: `m${String(i)}` })),
    plugins: [
      {
        name: 'vendor-face',
        setup(b) {
          b.onResolve({ filter: /^vendor:/ }, (args) => ({
            path: args.path.slice('vendor:'.length),
            namespace: 'vendor',
          }));
          b.onLoad({ filter: /.*/, namespace: 'vendor' }, (args) => ({
            resolveDir: process.cwd(),
            contents: faceOf(args.path),
          }));
        },
      },
    ],
  });
  return new Map(result.outputFiles.map((f) => [PREFIX + f.path.slice('/v/'.length), f.text]));
}

/**
 * The test runner serves modules unbundled, and browsers know no CommonJS: turns the named packages into ES modules.
 * (The runner's own CommonJS adapter breaks on protobufjs and onnx-proto.)
 *
 * @param {readonly string[]} names
 * @returns {import('@web/test-runner').TestRunnerPlugin}
 */
export function vendorCjs(names) {
  /** @type {Promise<Map<string, string>> | undefined} */
  let files;
  return {
    name: 'vendor-cjs',
    resolveImport({ source }) {
      const index = names.indexOf(source);
      return index < 0 ? undefined : `${PREFIX}m${String(index)}.js`;
    },
    async serve(context) {
      if (!context.path.startsWith(PREFIX)) return undefined;
      files ??= bundle(names);
      const body = (await files).get(context.path);
      return body === undefined ? undefined : { body, type: 'js' };
    },
  };
}
