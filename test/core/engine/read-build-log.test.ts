import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BuildLog } from '../../../src/core/engine/build-log.ts';
import { engineOfLog } from '../../../src/core/engine/assemble-engine.ts';
import { readBuildLog } from '../../../src/core/engine/read-build-log.ts';
import { readEngine } from '../../../src/core/engine/read-engine.ts';
import { givenFiles, givenText, skipGiven } from './engine-files.ts';

const read = (text: string): BuildLog => {
  const log = readBuildLog('build.log', text);
  assert.ok(log.ok, log.ok ? '' : log.error.message);
  return log.value;
};
const T = '[11/27/2026-10:00:00]';

const TRTEXEC_8 = `&&&& RUNNING TensorRT.trtexec [TensorRT v8502] # trtexec --onnx=net.onnx --best --verbose
${T} [I] === Model Options ===
${T} [I] Format: ONNX
${T} [I] Model: C:\\nets\\net.onnx
${T} [I] === Device Information ===
${T} [I] Selected Device: NVIDIA A100-SXM4-40GB
${T} [I] Compute Capability: 8.0
${T} [I] SMs: 108
${T} [I] 
${T} [I] TensorRT version: 8.5.2
${T} [V] [TRT] Original: 5 layers
${T} [V] [TRT] QDQ graph optimizer quantization pass - Generate quantized ops
${T} [V] [TRT] Running: ConvReluFusion on Conv_0
${T} [V] [TRT] After final dead-layer removal: 3 layers
${T} [V] [TRT] =============== Computing costs for 
${T} [V] [TRT] *************** Autotuning format combination: Int8(1,2) -> Int8(1,2) ***************
${T} [V] [TRT] --------------- Timing Runner: Conv_0 + Relu_1 (CaskConvolution[0x80000009])
${T} [V] [TRT] Tactic Name: sm80_a Tactic: 0x1 Time: 0.0123
${T} [V] [TRT] Tactic Name: sm80_b Tactic: 0x2 Time: 0.0100
${T} [V] [TRT] Fastest Tactic: 0x2 Time: 0.0100
${T} [V] [TRT] >>>>>>>>>>>>>>> Chose Runner Type: CaskConvolution Tactic: 0x2
${T} [V] [TRT] Adding reformat layer: Reformatted Input Tensor 0 to Conv_0 + Relu_1 (x) from Float(150528,50176,224,1) to Int8(50176,50176:4,224,1)
${T} [I] [TRT] Total Host Persistent Memory: 4912
${T} [I] [TRT] Total Activation Memory: 100352
${T} [V] [TRT] Engine generation completed in 20.2872 seconds.
${T} [V] [TRT] Engine Layer Information:
Layer(Reformat): Reformatting CopyNode for Input Tensor 0 to Conv_0 + Relu_1, Tactic: 0x00000000000003e8, x[Float(1,3,224,224)] -> Reformatted Input Tensor 0 to Conv_0 + Relu_1[Int8(1,3:4,224,224)]
Layer(CaskConvolution): Conv_0 + Relu_1, Tactic: 0x2, Reformatted Input Tensor 0 to Conv_0 + Relu_1[Int8(1,3:4,224,224)] -> y[Half(-1,64,112,112)]
${T} [W] [TRT] Something is
 not as it should be.
${T} [I] Engine built in 21.5 sec.
${T} [I] Timing trace has 1000 queries over 3.0 s
${T} [I] === Performance summary ===
${T} [I] Throughput: 1961.52 qps
${T} [I] Latency: min = 0.5 ms, max = 0.9 ms, mean = 0.6 ms, median = 0.55 ms, percentile(90%) = 0.6 ms, percentile(95%) = 0.7 ms, percentile(99%) = 0.8 ms
${T} [I] GPU Compute Time: min = 0.4 ms, max = 0.8 ms, mean = 0.5 ms, median = 0.45 ms, percentile(90%) = 0.5 ms, percentile(95%) = 0.6 ms, percentile(99%) = 0.7 ms
${T} [I] Total Host Walltime: 3.0 s
${T} [I] === Profile (20 iterations ) ===
${T} [I]    Time(ms)     Avg.(ms)   Median(ms)   Time(%)   Layer
${T} [I]        2.00       0.1000       0.0900      25.0   Reformatting CopyNode for Input Tensor 0 to Conv_0 + Relu_1
${T} [I]        6.00       0.3000       0.2900      75.0   Conv_0 + Relu_1
${T} [I]        8.00       0.4000       0.3800     100.0   Total
&&&& PASSED TensorRT.trtexec [TensorRT v8502] # trtexec --onnx=net.onnx --best --verbose
`;

describe('logs of trtexec', () => {
  test('8.5: everything that it says', () => {
    const log = read(TRTEXEC_8);
    assert.equal(log.trtVersion, '8.5.2');
    assert.deepEqual([log.gpu, log.sm, log.outcome], ['NVIDIA A100-SXM4-40GB', 80, 'passed']);
    assert.equal(log.command, 'trtexec --onnx=net.onnx --best --verbose');
    assert.equal(log.sections['Model Options']?.['Model'], 'C:\\nets\\net.onnx');
    assert.deepEqual(log.passes, [
      {
        pass: 'ConvReluFusion',
        node: 'Conv_0',
        phase: 'QDQ graph optimizer quantization pass - Generate quantized ops',
      },
    ]);
    assert.deepEqual(log.counts, [
      { phase: 'Original', layers: 5 },
      { phase: 'After final dead-layer removal', layers: 3 },
    ]);
    assert.deepEqual(log.tactics, {
      layers: 1,
      timed: 2,
      formatCombinations: 1,
      reformats: 0,
      chosen: [{ layer: 'Conv_0 + Relu_1', runner: 'CaskConvolution', tactic: '0x2', timeUs: 10 }],
    });
    assert.deepEqual(log.reformats, [
      {
        what: 'Reformatted Input Tensor 0 to Conv_0 + Relu_1 (x)',
        from: 'Float(150528,50176,224,1)',
        to: 'Int8(50176,50176:4,224,1)',
      },
    ]);
    assert.equal(log.buildSeconds, 21.5);
    assert.equal(log.memory.hostPersistentBytes, 4912);
    assert.equal(log.memory.activationBytes, 100352);
    assert.equal(log.memory.scratchBytes, null);
    assert.deepEqual(log.messages, [
      { severity: 'warning', text: 'Something is\n not as it should be.', line: 29 },
    ]);
    assert.equal(log.performance?.queriesPerSecond, 1961.52);
    assert.deepEqual(log.latency, {
      runs: 1000,
      computeMedianUs: 450,
      computeP95Us: 600,
      latencyMedianUs: 550,
    });
    assert.deepEqual(
      log.profile?.records.map(({ layer, time }) => [layer, time.averageUs, time.share.toFixed(6)]),
      [
        ['Reformatting CopyNode for Input Tensor 0 to Conv_0 + Relu_1', 100, '0.250000'],
        ['Conv_0 + Relu_1', 300, '0.750000'],
      ],
    );
  });

  test('the layers that it lists are an engine', () => {
    const engine = engineOfLog(read(TRTEXEC_8));
    assert.ok(engine.ok);
    const [reformat, conv] = engine.value.layers;
    assert.equal(reformat?.role, 'reformat');
    assert.equal(conv?.precision, 'int8');
    assert.equal(conv.inputs[0]?.format, 'CHW4');
    assert.deepEqual(conv.outputs[0]?.dims, ['?', 64, 112, 112]);
    assert.deepEqual(engine.value.bindings, ['x', 'y']);
  });

  test('8.2: five statistics, decimal tactics, names before figures', () => {
    const log =
      read(`[I] GPU Compute Time: min = 2 ms, max = 3 ms, mean = 2.5 ms, median = 2.25 ms, percentile(99%) = 2.9 ms
[I] === Profile (7 iterations ) ===
[I] Layer Time (ms) Avg. Time (ms) Time (%)
[I] {ForeignNode[a 1...b]} 7.0 1.0 100.0
[V] Engine Layer Information:
Layer(Constant): 3376 + (Unnamed Layer* 110) [Shuffle], Tactic: 0,  -> (Unnamed Layer* 110) [Shuffle]_output[Float(1,256,256)]
Layer(CaskConvolution): ConvN, Tactic: -37215280111360163, in[Float(-6,256,-8,19)] -> ConvV[Float(-6,256,-8,1)]
`);
    assert.equal(log.performance?.compute?.p99Us, 2900);
    assert.equal(log.performance.compute.p95Us, null);
    assert.equal(log.latency, null);
    assert.deepEqual(
      log.profile?.records.map(({ layer, time }) => [layer, time.averageUs]),
      [['{ForeignNode[a 1...b]}', 1000]],
    );
    assert.equal(log.layers[0]?.outputs[0]?.name, '(Unnamed Layer* 110) [Shuffle]_output');
    assert.deepEqual(log.layers[0].inputs, []);
    assert.equal(log.layers[1]?.tactic, '-37215280111360163');
    assert.deepEqual(log.layers[1].inputs[0]?.dims, ['?', 256, '?', 19]);
  });

  test('10.x with detail: the inspector prints fields without quotes', () => {
    const log = read(`&&&& RUNNING TensorRT.trtexec [TensorRT v100600] [b26] # trtexec --onnx=a.onnx
${T} [V] [TRT] Layers:
Name: __myl_GathCastAdd_myl0_0, LayerType: kgen, Inputs: [ { Name: ids, Dimensions: [1,40], Format/Datatype: Int32 }, { Name: e, w, Dimensions: [], Format/Datatype: Half }], Outputs: [ { Name: y, Dimensions: [1,40,8], Format/Datatype: Int8 }], TacticName: __myl_GathCastAdd_0x1, StreamId: 0, Metadata: [ONNX Layer: /a/Gather]\u001e[ONNX Layer: /a/Add]
Name: PWN(S, M), LayerType: PointWiseV2, Inputs: [], Outputs: [], Operations: [const auto a = 1;, const auto b = 2;], Metadata: 
Bindings:
ids
y
${T} [I] [TRT] done
`);
    assert.equal(log.trtVersion, '10.6.0');
    const [kernel, pointWise] = log.layers;
    assert.deepEqual(kernel?.nodes, ['/a/Gather', '/a/Add']);
    assert.deepEqual(
      kernel.inputs.map(({ name, dims, dataType }) => [name, dims, dataType]),
      [
        ['ids', [1, 40], 'Int32'],
        ['e, w', [], 'Half'],
      ],
    );
    assert.equal(kernel.precision, 'other');
    assert.equal(pointWise?.name, 'PWN(S, M)');
    assert.deepEqual(log.bindings, ['ids', 'y']);
  });

  test('a failed run, in the words of Python and with colours', () => {
    const log = read(
      '[11/27/2026-10:00:00] [TRT] [E] \u001B[31mIn node 3 with name: /c/Conv and operator: Conv (parseNode): UNSUPPORTED_NODE: no.\u001B[0m\n&&&& FAILED TensorRT.trtexec [TensorRT v101300] [b0] # trtexec',
    );
    assert.equal(log.outcome, 'failed');
    assert.equal(log.trtVersion, '10.13.0');
    assert.deepEqual(log.refusals, [
      { opType: 'Conv', node: '/c/Conv', reason: 'UNSUPPORTED_NODE: no.' },
    ]);
    const engine = engineOfLog(log);
    assert.ok(!engine.ok);
    assert.match(engine.error.message, /refused at \/c\/Conv: UNSUPPORTED_NODE/);
  });

  test('what is no log is named', () => {
    const log = readBuildLog('x.json', '{"Layers": ["a"]}');
    assert.ok(!log.ok);
    assert.match(log.error.message, /x\.json is not a log/);
    assert.match(log.error.advice, /--verbose/);
  });
});

const COMPILED = new Set(['kgen', 'gemm', 'fusion', 'shape_call']);

describe('the given logs', { skip: skipGiven }, () => {
  test('all tell passes, counts and time; the last count is that of the engine', () => {
    let passes = 0;
    for (const { name, text } of givenFiles('.log')) {
      if (name.includes('/refused/')) continue;
      const log = read(text());
      assert.ok(log.counts.length >= 10, name);
      assert.ok(log.buildSeconds !== null && log.buildSeconds > 0, name);
      assert.ok(log.memory.activationBytes !== null, name);
      passes += log.passes.length;
      const layers = givenText(name.replace('.log', '.layer.json'));
      const engine = readEngine(name, layers);
      assert.ok(engine.ok);
      const last = log.counts.findLast(({ phase }) => phase === 'After reformat layers');
      // What TensorRT's compiler makes of its regions is not counted yet.
      const isWhole = engine.value.layers.every(({ layerType }) => !COMPILED.has(layerType));
      if (isWhole) assert.equal(last?.layers, engine.value.layers.length, name);
    }
    assert.equal(passes, 10366);
  });

  test('models that TensorRT refused say where and why', () => {
    const refused = givenFiles('.log').filter(({ name }) => name.includes('/refused/'));
    assert.equal(refused.length, 4);
    for (const { name, text } of refused) {
      const log = read(text());
      const engine = engineOfLog(log);
      assert.ok(!engine.ok, name);
      assert.equal(engine.error.code, 'engine/build-refused', name);
      if (name.includes('bad_')) {
        assert.equal(engine.error.place?.node, 'QuantizeLinear_0');
        assert.match(engine.error.message, /zero point .* must be all zeros/);
      } else assert.match(engine.error.message, /INT8 mode and FP8 mode/);
    }
  });
});
