#!/usr/bin/env node
/*
 * STAND-IN for NVIDIA's trtexec, which is not to be had where there is no GPU. It reads its options as the trtexec of the version
 * STAND_IN_TRT does (8.0.1, 8.2.5, 8.6.1, 10.6.0, 11.1.0), refuses those that it does not have, prints lines as recorded from such
 * versions, writes the files that it is asked for, and ends with the same status. It builds nothing.
 *
 * STAND_IN says what goes wrong: no-library, refuse, gpu-memory, disk-full, killed, hang, deaf (ignores SIGTERM and starts a
 * process that does so too). STAND_IN_PID_FILE gets its process id, and with .child that of the other process.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';

const version = process.env['STAND_IN_TRT'] ?? '10.6.0';
const how = process.env['STAND_IN'] ?? '';
const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
/** @param {number} a @param {number} b */
const since = (a, b) => major > a || (major === a && minor >= b);
const number =
  major < 10 ? 1000 * major + 100 * minor + patch : 10000 * major + 100 * minor + patch;
/** @param {string} word */
const banner = (word) =>
  `&&&& ${word} TensorRT.trtexec [TensorRT v${String(number)}]${since(9, 0) ? ' [b26]' : ''} # ${process.argv.slice(1).join(' ')}`;
/** @param {string} letter @param {string} text */
const say = (letter, text) => {
  const line = `[11/27/2026-19:30:00] [${letter}] ${text}\n`;
  (letter === 'E' ? process.stderr : process.stdout).write(line);
};
/** @param {string} letter @param {string} text */
const trt = (letter, text) => say(letter, `[TRT] ${text}`);

if (process.env['STAND_IN_PID_FILE'])
  writeFileSync(process.env['STAND_IN_PID_FILE'], String(process.pid));
if (how === 'no-library') {
  process.stderr.write(
    'trtexec: error while loading shared libraries: libnvinfer.so.10: cannot open shared object file: No such file or directory\n',
  );
  process.exit(127);
}
process.stdout.write(`${banner('RUNNING')}\n`);

/**
 * Name of an option, and whether this version has it.
 * @type {Record<string, boolean>}
 */
const KNOWN = {
  '--onnx': true,
  '--saveEngine': true,
  '--best': major < 11,
  '--fp16': major < 11,
  '--int8': major < 11,
  '--stronglyTyped': since(9, 0),
  '--workspace': major < 10,
  '--memPoolSize': since(8, 4),
  '--maxTactics': since(10, 6),
  '--minShapes': true,
  '--optShapes': true,
  '--maxShapes': true,
  '--shapes': true,
  '--timingCacheFile': true,
  '--profilingVerbosity': since(8, 4),
  '--nvtxMode': major < 9,
  '--verbose': true,
  '--exportLayerInfo': since(8, 2),
  '--exportProfile': true,
  '--exportTimes': true,
  '--separateProfileRun': true,
  '--useCudaGraph': true,
  '--noDataTransfers': true,
  '--useSpinWait': true,
  '--warmUp': true,
  '--duration': true,
  '--iterations': true,
  '--help': true,
};
const options = new Map();
for (const word of process.argv.slice(2)) {
  const at = word.indexOf('=');
  const name = at < 0 ? word : word.slice(0, at);
  if (KNOWN[name] !== true) {
    say('E', `Unknown option: ${name} ${at < 0 ? '' : word.slice(at + 1)}`);
    process.stdout.write(`${banner('FAILED')}\n`);
    process.exit(1);
  }
  options.set(name, at < 0 ? '' : word.slice(at + 1));
}
if (options.has('--help')) {
  process.stdout.write('=== Model Options ===\n  --onnx=<file>               ONNX model\n');
  process.exit(0);
}

const fail = () => {
  say('E', 'Engine could not be created from network');
  say('E', 'Building engine failed');
  say('E', 'Failed to create engine from model or file.');
  say('E', 'Engine set up failed');
  process.stdout.write(`${banner('FAILED')}\n`);
  process.exit(1);
};
/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

for (const name of ['--minShapes', '--optShapes', '--maxShapes', '--shapes'])
  for (const part of (options.get(name) ?? '').split(',').filter(Boolean))
    if (!/:(?:\d+(?:x\d+)*|scalar)$/.test(part)) {
      say('E', `Invalid shape ${part}`);
      process.exit(1);
    }
say('I', '=== Model Options ===');
say('I', 'Format: ONNX');
say('I', `Model: ${options.get('--onnx') ?? ''}`);
say('I', '=== Device Information ===');
say('I', 'Selected Device: NVIDIA Stand-In');
say('I', 'Compute Capability: 9.0');
say('I', `TensorRT version: ${since(8, 4) ? version : String(number)}`);
say('I', 'Start parsing network model.');
if (!existsSync(options.get('--onnx') ?? '')) {
  trt(
    'E',
    `ModelImporter.cpp:688: Failed to parse ONNX model from file: ${options.get('--onnx') ?? ''}`,
  );
  fail();
}
if (how === 'refuse') {
  trt('E', 'ModelImporter.cpp:768: While parsing node number 2 [QuantizeLinear -> "q"]:');
  trt(
    'E',
    'ModelImporter.cpp:771: --- Begin node ---\nname: "quantize"\nop_type: "QuantizeLinear"\n',
  );
  trt('E', 'ModelImporter.cpp:772: --- End node ---');
  trt(
    'E',
    'ModelImporter.cpp:775: ERROR: builtin_op_importers.cpp:1200 In function QuantDequantLinearHelper:\n[6] Assertion failed: scaleAllPositive && "Scale coefficients must all be positive"',
  );
  say('E', 'Failed to parse onnx file');
  say('E', 'Parsing model failed');
  fail();
}
say('I', 'Finished parsing network model. Parse time: 0.141199');
trt('V', 'Original: 2 layers');
trt('V', 'Running: ConvReluFusion on conv');
for (const name of ['quantize', 'conv']) trt('V', `[GpuLayer] CONVOLUTION: ${name}`);
if (how === 'hang' || how === 'deaf') {
  if (how === 'deaf') {
    process.on('SIGTERM', () => undefined);
    const child = spawn(
      process.execPath,
      ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"],
      { stdio: 'inherit' },
    );
    writeFileSync(`${process.env['STAND_IN_PID_FILE'] ?? ''}.child`, String(child.pid));
  }
  trt('V', '=============== Computing costs for quantize');
  await pause(600_000);
}
for (const name of ['quantize', 'conv']) {
  trt('V', `=============== Computing costs for ${name}`);
  trt('V', '--------------- Timing Runner: conv (CaskConvolution[0x80000009])');
  trt('V', 'Tactic: 0x0000000000000001 Time: 0.0104');
  await pause(10);
}
if (how === 'gpu-memory') {
  trt(
    'E',
    '[virtualMemoryBuffer.cpp::resizePhysical::154] Error Code 2: OutOfMemory (Requested size was 17179869184 bytes.)',
  );
  fail();
}
if (how === 'killed') process.kill(process.pid, 'SIGKILL');
if (how === 'disk-full') {
  say('E', `Cannot write ${options.get('--saveEngine') ?? ''}: No space left on device`);
  fail();
}
const cache = options.get('--timingCacheFile');
if (cache !== undefined) {
  if (cache.includes('/')) say('W', 'the timing cache is written in place');
  appendFileSync(cache, `k${String(process.pid)},`);
}
say('I', 'Engine built in 10.7204 sec.');
if (options.has('--saveEngine')) writeFileSync(options.get('--saveEngine') ?? '', 'x'.repeat(4096));
say('I', 'Starting inference');
await pause(50);
const runs = Number(options.get('--iterations'));
say('I', `Timing trace has ${String(runs)} queries over 0.1 s`);
/** @param {string} name @param {string} form */
const edge = (name, form) => ({
  Name: name,
  Location: 'Device',
  Dimensions: [1, 4, 8, 8],
  'Format/Datatype': form,
});
const INT8 = 'Thirty-two wide channel vectorized row major Int8 format';
const layers = {
  Layers: [
    {
      Name: 'quantize',
      Metadata: '[ONNX Layer: /stage0/block0/in/QuantizeLinear]',
      LayerType: 'Reformat',
      Inputs: [edge('x', 'Row major linear FP32')],
      Outputs: [edge('q', INT8)],
    },
    {
      Name: 'conv',
      Metadata:
        '[ONNX Layer: /stage0/block0/conv/Conv]\u001e[ONNX Layer: /stage0/block0/relu/Relu]',
      LayerType: 'CaskConvolution',
      Inputs: [edge('q', INT8)],
      Outputs: [edge('y', 'Row major linear FP32')],
    },
  ],
  Bindings: ['x', 'y'],
};
const median = since(8, 4) ? { medianMs: 0.1 } : {};
const profile = [
  { count: runs },
  ...['quantize', 'conv'].map((name) => ({
    name,
    timeMs: 20,
    averageMs: 0.1,
    ...median,
    percentage: 50,
  })),
];
const times = Array.from({ length: runs }, (_, i) => ({
  startComputeMs: i,
  endComputeMs: i + 0.5,
  computeMs: 0.5,
  latencyMs: 0.5,
}));
for (const [name, value] of [
  ['--exportLayerInfo', layers],
  ['--exportProfile', profile],
  ['--exportTimes', times],
])
  if (options.has(name)) writeFileSync(options.get(name) ?? '', JSON.stringify(value));
say('I', '=== Performance summary ===');
say(
  'I',
  'GPU Compute Time: min = 0.5 ms, max = 0.5 ms, mean = 0.5 ms, median = 0.5 ms, percentile(99%) = 0.5 ms',
);
process.stdout.write(`${banner('PASSED')}\n`);
