import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import type { ICruiseOptions, ICruiseResult, IFlattenedRuleSet } from 'dependency-cruiser';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { options, ...ruleSet } = createRequire(import.meta.url)(
  './boundaries.cjs',
) as IFlattenedRuleSet & { options: ICruiseOptions };

/** Writes the files into a folder of their own and says which imports the rules refuse there. */
async function violations(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const tops = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
    const result = await cruise(tops, {
      ...options,
      ruleSet,
      validate: true,
      baseDir: folder,
      preserveSymlinks: true,
    });
    const { summary } = result.output as ICruiseResult;
    return summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const target = { 'src/core/sim/t.ts': 'export interface T {}\nexport const t = 1;\n' };

test('lets through what the table allows, types and values told apart', async () => {
  const found = await violations({
    ...target,
    'src/core/base/b.ts': 'export const b = 1;\n',
    'src/core/sim/s.ts': "import { b } from '../base/b.ts';\nexport const s = b;\n",
    'src/api/a.ts': "import type { T } from '../core/sim/t.ts';\nexport type A = T;\n",
    'src/ui/services/client.ts':
      "import * as Comlink from 'comlink';\nimport type { T } from '../../core/sim/t.ts';\nexport const c = (t: T) => Comlink.proxy(t);\n",
    'src/ui/view.ts': "import { html } from 'lit';\nexport const v = html``;\n",
    'src/cli/main.ts': "import { readFileSync } from 'node:fs';\nexport const r = readFileSync;\n",
  });
  assert.deepEqual(found, []);
});

const refused: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  [
    'a value where only types may cross',
    'src/ui/view.ts -> src/core/sim/t.ts',
    { ...target, 'src/ui/view.ts': "import { t } from '../core/sim/t.ts';\nexport const v = t;\n" },
  ],
  [
    'an import against the direction, even of a type',
    'src/core/ir/i.ts -> src/core/sim/t.ts',
    {
      ...target,
      'src/core/ir/i.ts': "import type { T } from '../sim/t.ts';\nexport type I = T;\n",
    },
  ],
  [
    'passes from sim',
    'src/core/sim/s.ts -> src/core/passes/p.ts',
    {
      'src/core/passes/p.ts': 'export const p = 1;\n',
      'src/core/sim/s.ts': "import { p } from '../passes/p.ts';\nexport const s = p;\n",
    },
  ],
  [
    'node in core',
    'src/core/onnx/o.ts -> fs',
    {
      'src/core/onnx/o.ts':
        "import { readFileSync } from 'node:fs';\nexport const o = readFileSync;\n",
    },
  ],
  [
    'comlink outside services',
    'src/ui/view.ts -> node_modules/comlink/dist/umd/comlink.js',
    { 'src/ui/view.ts': "import * as C from 'comlink';\nexport const v = C;\n" },
  ],
  [
    'a package that is not installed',
    'src/core/base/b.ts -> left-pad',
    { 'src/core/base/b.ts': "import p from 'left-pad';\nexport const b: unknown = p;\n" },
  ],
  [
    'a folder that the table does not know',
    'src/extra/e.ts -> src/core/sim/t.ts',
    { ...target, 'src/extra/e.ts': "import { t } from '../core/sim/t.ts';\nexport const e = t;\n" },
  ],
];
for (const [what, edge, files] of refused)
  test(`refuses ${what}`, async () => {
    assert.deepEqual(await violations(files), [`not-in-allowed: ${edge}`]);
  });

test('refuses a cycle', async () => {
  const found = await violations({
    'src/core/base/a.ts': "import { b } from './b.ts';\nexport const a = (): number => b();\n",
    'src/core/base/b.ts': "import { a } from './a.ts';\nexport const b = (): number => a();\n",
  });
  assert.ok(found.some((line) => line.startsWith('no-cycles')));
});
