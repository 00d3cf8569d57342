/**
 * Who may import whom, default deny: an import that no line below allows fails the build. The table is ARCHITECTURE.md's.
 * `types` lines allow `import type` only: they vanish from the bundle and tie nothing together at run time.
 */
const folder = (name) => (name.endsWith('.ts') ? `^${name}$` : `^${name}/`);
const anyOf = (names) => names.map(folder);
const allow = (from, names) => ({ from: { path: from }, to: { path: anyOf(names) } });
const allowTypes = (from, names) => ({
  from: { path: from },
  to: { path: anyOf(names), dependencyTypes: ['type-only'] },
});
const allowPackages = (from, names) => ({
  from: { path: from },
  to: { path: names.map((name) => `^node_modules/${name}(/|$)`) },
});
const allowNode = (from) => ({ from: { path: from }, to: { dependencyTypes: ['core'] } });

const base = 'src/core/base';
const ir = 'src/core/ir';
const onnx = 'src/core/onnx';
const quant = 'src/core/quant';
const passes = 'src/core/passes';
const sim = 'src/core/sim';
const lint = 'src/core/lint';
const engine = 'src/core/engine';
const engineReport = 'src/core/engine-report';
const reality = 'src/core/reality';
const placement = 'src/core/placement';
const explain = 'src/core/explain';
const view = 'src/core/view';
const optimize = 'src/core/optimize';
const calibrate = 'src/core/calibrate';
const quantize = 'src/core/quantize';
const inputs = 'src/core/inputs';
const validate = 'src/core/validate';
const ort = 'src/ort';

/** Folder, what it may import beside itself. */
const values = [
  [base, []],
  [ir, [base]],
  [onnx, [ir, base]],
  [quant, [ir, base]],
  [passes, [placement, quant, ir, base]],
  [sim, [ir, base]],
  [lint, [sim, ir, base]],
  [engine, [base]],
  [engineReport, [engine, view, explain, sim, ir, base]],
  [reality, [engine, explain, placement, sim, onnx, ir, base]],
  [placement, [ir, base]],
  [explain, [sim, placement, ir, base]],
  [view, [ir, onnx, sim, engine, base]],
  [optimize, [passes, calibrate, explain, placement, sim, ir, base]],
  [inputs, [ir, base]],
  [calibrate, [inputs, placement, quant, ir, base]],
  [quantize, [optimize, calibrate, passes, explain, placement, quant, sim, inputs, ir, base]],
  [validate, [optimize, passes, calibrate, inputs, quant, placement, explain, sim, ir, base]],
  [ort, [calibrate, inputs, onnx, ir, base]],
  ['src/api', []],
  ['src/ui', ['src/api', base]],
  ['src/cli', ['src/core', ort, 'wasm']],
  ['workers', ['src/api', 'src/core', ort, 'wasm']],
  ['wasm/assembly', []],
];

/** Folder, what it may import as types only. */
const types = [
  [engine, [sim, ir]],
  [passes, [sim]],
  [view, ['src/api']],
  ['src/api', ['src/core']],
  ['src/ui', ['src/core']],
  ['src/cli', ['src/api']],
];

module.exports = {
  allowedSeverity: 'error',
  allowed: [
    ...values.map(([from, names]) => allow(folder(from), [from, ...names])),
    ...types.map(([from, names]) => allowTypes(folder(from), names)),
    { from: { path: '^wasm/[^/]+\\.ts$' }, to: { path: ['^wasm/[^/]+\\.ts$'] } },
    allow('^wasm/[^/]+\\.ts$', [quant, base]),
    // Two small tables about targets: what versions and GPUs are called, and how they are ordered.
    allow(folder(passes), ['src/core/sim/target.ts']),
    // Two small tables of the simulator: classes of precision, and how versions are ordered.
    allow(folder(engine), ['src/core/sim/precision.ts', 'src/core/sim/target.ts']),
    // Names of targets: what the page offers to choose from, and nothing behind it.
    allow(folder('src/ui'), ['src/core/sim/target.ts']),
    allowPackages(folder(onnx), ['protobufjs', 'onnx-proto']),
    allowPackages(folder('src/ui'), ['lit']),
    allowPackages(folder('src/ui/services'), ['comlink']),
    allowPackages(folder('workers'), ['comlink']),
    allowPackages(folder(ort), ['onnxruntime-web']),
    allowPackages(folder(placement), ['yaml']),
    allowPackages(folder(inputs), ['fflate']),
    allowPackages(folder(reality), ['fflate']),
    allowPackages(folder(engineReport), ['write-excel-file']),
    allowPackages(folder('src/cli'), ['jpeg-js', 'pngjs']),
    allowNode(folder('src/cli')),
    allowNode('^wasm/build-kernels\\.mjs$'),
  ],
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'types may refer to each other inside a folder; the table keeps folders apart',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-the-small-protobufjs',
      comment: 'the full one compiles source text at run time, which the content policy forbids',
      severity: 'error',
      from: {},
      to: {
        path: '^node_modules/protobufjs/',
        pathNot: '^node_modules/protobufjs/(minimal|src/index-minimal)',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.d.ts'],
    },
  },
};
