import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

let built: string | undefined;

/**
 * The command line in one file, as it is shipped, made when it is first asked for: it starts ten times as fast as the sources.
 * Its folder lies among the packages, which it finds from there, and is gone when this process ends.
 */
export function builtCli(): string {
  built ??= build();
  return built;
}

function build(): string {
  const folder = join(root, 'node_modules/.cache/qdq-lab-test', String(process.pid));
  const file = join(folder, 'dist/cli/qdq-lab.mjs');
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  mkdirSync(folder, { recursive: true });
  // The version is read two folders above the file, as from the source.
  writeFileSync(join(folder, 'package.json'), readFileSync(join(root, 'package.json')));
  // So is what runs in the Python that has TensorRT.
  cpSync(join(root, 'src/cli/trt/python'), join(folder, 'dist/cli/python'), { recursive: true });
  buildSync({
    entryPoints: [join(root, 'src/cli/main.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    external: ['onnxruntime-web*'],
    tsconfig: join(root, 'src/cli/tsconfig.json'),
    // Packages of the older kind ask for Node's modules by `require`.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
    },
  });
  return file;
}
