import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../src/cli/command.ts';
import { OUTPUTS } from '../../../src/cli/trt/backend.ts';
import type { BuildSettings } from '../../../src/cli/trt/backend.ts';
import { shapeRangesOf } from '../../../src/cli/trt/shape-ranges.ts';
import { commandLine, shellQuoted } from '../../../src/cli/trt/shell-quote.ts';
import { trtexecOptions } from '../../../src/cli/trt/trtexec-options.ts';

const PLAIN: BuildSettings = {
  mode: 'best',
  shapes: {},
  workspaceMb: null,
  maxTactics: null,
  runs: 100,
  keepEngine: true,
  timeoutMs: null,
};
const optionsOf = (version: string, settings: Partial<BuildSettings> = {}): readonly string[] =>
  trtexecOptions(
    {
      model: 'm.onnx',
      timingCache: 'timing.cache',
      outputs: OUTPUTS,
      settings: { ...PLAIN, ...settings },
    },
    version,
  );
const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return `${error.diagnostic.message} ${error.diagnostic.advice}`;
  }
  return assert.fail('not refused');
};

const QUIET = ['--separateProfileRun', '--useCudaGraph', '--noDataTransfers', '--useSpinWait'];
const TIMING = ['--warmUp=300', '--duration=0', '--iterations=100'];

test('8.0: workspace and NVTX by their old names, no inspector', () => {
  assert.deepEqual(optionsOf('8.0.1', { workspaceMb: 512 }), [
    '--onnx=m.onnx',
    '--saveEngine=engine.plan',
    '--best',
    '--workspace=512',
    '--timingCacheFile=timing.cache',
    '--nvtxMode=verbose',
    '--verbose',
    '--exportProfile=profile.json',
    '--exportTimes=times.json',
    ...QUIET,
    ...TIMING,
  ]);
});

test('8.2 has the inspector, 8.4 the new names', () => {
  const old = optionsOf('8.2.5');
  assert.ok(old.includes('--exportLayerInfo=layers.json') && old.includes('--nvtxMode=verbose'));
  const newer = optionsOf('8.4.1', { workspaceMb: 512 });
  assert.ok(newer.includes('--profilingVerbosity=detailed'));
  assert.ok(newer.includes('--memPoolSize=workspace:512'));
});

test('8.6 and 10.6: best without BF16; other modes', () => {
  assert.ok(optionsOf('8.6.1').includes('--best'));
  const best = optionsOf('10.6.0', { maxTactics: 8 });
  assert.deepEqual(best.slice(2, 5), ['--fp16', '--int8', '--maxTactics=8']);
  assert.ok(optionsOf('10.6.0', { mode: 'fp16' }).includes('--fp16'));
  assert.ok(!optionsOf('10.6.0', { mode: 'int8' }).includes('--fp16'));
  assert.ok(optionsOf('10.6.0', { mode: 'strong' }).includes('--stronglyTyped'));
  assert.ok(!optionsOf('10.6.0', { keepEngine: false }).join(' ').includes('--saveEngine'));
});

test('11: strong typing without a word, and no options that are its defaults', () => {
  const options = optionsOf('11.1.0', { mode: 'strong' });
  for (const option of [...QUIET, '--stronglyTyped', '--best', '--fp16', '--int8'])
    assert.ok(!options.includes(option), option);
  assert.match(
    refusal(() => optionsOf('11.1.0')),
    /11\.1\.0 does not build with --mode best.*--mode strong/,
  );
});

test('what a version cannot do is refused with the reason', () => {
  assert.match(
    refusal(() => optionsOf('8.6.1', { mode: 'strong' })),
    /came with TensorRT 10\.0/,
  );
  assert.match(
    refusal(() => optionsOf('8.6.1', { maxTactics: 8 })),
    /TensorRT 8\.6\.1 times all kernels/,
  );
});

test('shapes: smallest, usual and largest; names that trtexec cannot take', () => {
  const shapes = shapeRangesOf('x:0=1x3x8x8:2x3x8x8:4x3x8x8,ids=1x4');
  const options = optionsOf('10.6.0', { shapes }).filter((option) => option.includes('hapes='));
  assert.deepEqual(options, [
    '--minShapes=x:0:1x3x8x8,ids:1x4',
    '--optShapes=x:0:2x3x8x8,ids:1x4',
    '--maxShapes=x:0:4x3x8x8,ids:1x4',
    '--shapes=x:0:2x3x8x8,ids:1x4',
  ]);
  for (const name of ['a,b', "it's"])
    assert.match(
      refusal(() => optionsOf('10.6.0', { shapes: shapeRangesOf(`${name}=1x2`) })),
      /splits its options at commas.*--backend python/,
    );
});

test('shapes as text: names with = and commas, scalars, and what is refused', () => {
  assert.deepEqual(shapeRangesOf('a=b=1x2')['a=b'], [
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
  assert.deepEqual(Object.keys(shapeRangesOf('a,b=1,c=2x2')), ['a,b', 'c']);
  assert.deepEqual(shapeRangesOf('s=scalar')['s'], [[], [], []]);
  assert.deepEqual(Object.keys(shapeRangesOf('__proto__=1')), ['__proto__']);
  for (const text of [
    'a',
    'a=',
    'a=1x',
    'a=-1x3',
    'a=1:2',
    'a=1x2:1:1x2',
    'a=4:2:1',
    'a=1,a=2',
    'a=1,',
    '=1',
  ])
    assert.match(
      refusal(() => shapeRangesOf(text)),
      /--shapes cannot read/,
      text,
    );
});

test('words for a shell', () => {
  assert.equal(shellQuoted('model.onnx'), 'model.onnx');
  assert.equal(shellQuoted("it's"), String.raw`'it'\''s'`);
  assert.equal(shellQuoted(''), "''");
  assert.equal(commandLine(['a b', '$(x)', '-c;`y`', 'ü']), "'a b' '$(x)' '-c;`y`' 'ü'");
});
