import type { SourceFile } from './source-files.ts';

const TOP_LEVEL: ReadonlySet<string> = new Set([
  'package.json',
  'src',
  'workers',
  'wasm',
  'public',
  'test',
  'rollup.config.mjs',
  // Only what tools insist on here.
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'eslint.config.mjs',
  'web-test-runner.config.mjs',
  '.prettierignore',
  '.gitignore',
  '.ci',
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
]);

const FORBIDDEN =
  /(?:^|\/)(?:utils?|helpers?|misc)\.(?:ts|mjs)$|(?:^|\/)(?:common|utils|helpers)\//;
const BARREL = /^(?!src\/core\/(?:ir|onnx|pattern)\/)(?!wasm\/assembly\/).*\/index\.ts$/;
const KEBAB = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*$/;

// Places of one machine: home folders, mounts of build hosts, drive letters with user folders.
const MACHINE_PATH = /(?<![\w.])\/(?:work|home|root|Users)\/[\w.-]+\/|[A-Z]:\\Users\\/;

/** House rules on names, and nothing that ties the repository to one machine. */
export function checkNames(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const complaints: string[] = [];
    if (!TOP_LEVEL.has(path.split('/')[0] ?? '')) complaints.push('nothing else at the top level');
    if (FORBIDDEN.test(path)) complaints.push('a name that says nothing about the contents');
    if (BARREL.test(path)) complaints.push('barrels only in core/ir, core/onnx and core/pattern');
    const isCode = /\.(?:ts|mjs|cjs)$/.test(path);
    if (isCode && !KEBAB.test(path.split('/').at(-1) ?? '')) complaints.push('not in kebab case');
    const machine = MACHINE_PATH.exec(text);
    if (machine) complaints.push(`names a path of one machine: ${machine[0]}`);
    if (path === 'package-lock.json' && text.includes('"resolved"'))
      complaints.push('names a registry host: remove the "resolved" fields');
    return complaints.map((complaint) => `${path}: ${complaint}`);
  });
}
