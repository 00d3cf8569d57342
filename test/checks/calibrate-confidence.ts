import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { bufferSource } from '../../src/core/base/byte-source.ts';
import { evidenceOf } from '../../src/core/explain/confidence.ts';
import { isLow } from '../../src/core/explain/low-types.ts';
import { openModel } from '../../src/core/onnx/index.ts';
import { parseTarget } from '../../src/core/sim/parse-target.ts';
import type { EngineTensor, PredictedLayer } from '../../src/core/sim/predicted-engine.ts';
import { simulate } from '../../src/core/sim/simulate.ts';
import type { BuildMode } from '../../src/core/sim/target.ts';

/*
 * Compares every predicted layer with the given real engines (../shared/engines) and writes how often each kind of
 * evidence was right into src/core/explain/confidence-table.ts: `tsx test/checks/calibrate-confidence.ts`. A compute layer
 * is right when one real layer runs the same ONNX nodes and takes and gives the same class of type; a Q/DQ layer when the
 * real engine has that node as a layer of its own too.
 */

const ROOT = fileURLToPath(new URL('../../../shared/engines/', import.meta.url));
const TABLE = fileURLToPath(new URL('../../src/core/explain/confidence-table.ts', import.meta.url));
const IGNORED = new Set([
  'QuantizeLinear',
  'DequantizeLinear',
  'Constant',
  'Identity',
  'Shape',
  'ConstantOfShape',
]);

interface RealTensor {
  readonly 'Format/Datatype'?: string;
}
interface RealLayer {
  readonly Name?: string;
  readonly LayerType?: string;
  readonly Metadata?: string;
  readonly Inputs?: readonly RealTensor[];
  readonly Outputs?: readonly RealTensor[];
}
type Ops = Readonly<Record<string, string>>;

const unpack = (path: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(path)));

/** `int8`, `float` or `other`, of a real tensor and of a predicted one. */
function realClass(tensor: RealTensor | undefined): string {
  const text = tensor?.['Format/Datatype'] ?? '';
  if (/int8|fp8|int4/i.test(text)) return 'low';
  return /float|half|fp16|fp32|bf16/i.test(text) ? 'float' : 'other';
}
function predictedClass(tensor: EngineTensor | undefined): string {
  if (isLow(tensor?.dataType)) return 'low';
  return /Float|Half/.test(tensor?.dataType ?? '') ? 'float' : 'other';
}

function nodesOf(layer: RealLayer, ops: Ops): string[] {
  const named = [...(layer.Metadata ?? '').matchAll(/\[ONNX Layer: ([^\]]*)\]/g)].map(
    (match) => match[1] ?? '',
  );
  const parts = (layer.Name ?? '')
    .split(/ \+ | \|\| |, |PWN\(|\)+|\{ForeignNode\[|\]\}|\.\.\./)
    .map((part) => part.trim().replace(/_clone_\d+$/, ''));
  return [...new Set([...named, ...parts])].filter((name) => name in ops);
}

/** What the real engine says: compute layers as text, and the Q/DQ nodes with a layer of their own. */
function truthOf(layers: readonly RealLayer[], ops: Ops) {
  const compute = new Set<string>();
  const survivors = new Set<string>();
  for (const layer of layers) {
    const nodes = nodesOf(layer, ops);
    const computing = nodes.filter((name) => !IGNORED.has(ops[name] ?? '')).sort();
    const types = `${realClass(layer.Inputs?.[0])}>${realClass(layer.Outputs?.[0])}`;
    if (computing.length > 0) compute.add(`${computing.join('\n')}\n${types}`);
    else if (layer.LayerType !== 'NoOp' && !(layer.Name ?? '').startsWith('Reformatting'))
      for (const name of nodes) survivors.add(name);
  }
  return { compute, survivors };
}

/** Whether a predicted layer is right; undefined for layers that engines do not tell of reliably. */
function isRight(
  layer: PredictedLayer,
  truth: ReturnType<typeof truthOf>,
  ops: Ops,
): boolean | undefined {
  if (layer.role === 'qdq') return layer.nodes.some((name) => truth.survivors.has(name));
  if (layer.role !== 'compute') return undefined;
  const nodes = [...new Set(layer.nodes)].filter((name) => !IGNORED.has(ops[name] ?? '')).sort();
  if (nodes.length === 0) return undefined;
  const types = `${predictedClass(layer.inputs[0])}>${predictedClass(layer.outputs[0])}`;
  return truth.compute.has(`${nodes.join('\n')}\n${types}`);
}

interface Sample {
  readonly model: string;
  readonly evidence: readonly string[];
  readonly right: boolean;
}

async function samples(): Promise<Sample[]> {
  const found: Sample[] = [];
  const rows = readFileSync(`${ROOT}index.tsv`, 'utf8').trim().split('\n').slice(1);
  for (const row of rows) {
    const [targetName = '', kind = '', model = '', mode = ''] = row.split('\t');
    const target = parseTarget(targetName, mode as BuildMode);
    const bytes = unpack(`${ROOT}models/${kind}/${model}.onnx.gz`);
    const opened = await openModel([bufferSource(model, bytes)]);
    if (!target.ok || !opened.ok) throw new Error(`${row} cannot be predicted`);
    const ops = JSON.parse(
      readFileSync(`${ROOT}models/${kind}/${model}.nodes.json`, 'utf8'),
    ) as Ops;
    const report = JSON.parse(
      Buffer.from(unpack(`${ROOT}${targetName}/${kind}/${model}.${mode}.layer.json.gz`)).toString(),
    ) as { Layers?: (RealLayer | string)[] };
    const layers = (report.Layers ?? []).filter((layer) => typeof layer === 'object');
    const truth = truthOf(layers, ops);
    for (const layer of simulate(opened.value.model, target.value).layers) {
      const right = isRight(layer, truth, ops);
      if (right !== undefined) found.push({ model, evidence: evidenceOf(layer), right });
    }
  }
  return found;
}

type Counts = Map<string, [right: number, total: number]>;

function count(all: readonly Sample[]): Counts {
  const counts: Counts = new Map();
  for (const { evidence, right } of all)
    for (const key of evidence) {
      const [good, total] = counts.get(key) ?? [0, 0];
      counts.set(key, [good + Number(right), total + 1]);
    }
  return counts;
}

const rate = ([right, total]: readonly [number, number]): number => (right + 1) / (total + 2);
const weakest = (counts: Counts, evidence: readonly string[]): number =>
  Math.min(...evidence.map((key) => rate(counts.get(key) ?? [0, 0])));

/** Mean difference between what is claimed and what is so, in ten bins: learnt on some models, measured on the others. */
function calibrationError(all: readonly Sample[]): number {
  const models = [...new Set(all.map(({ model }) => model))].sort();
  const isTraining = (sample: Sample): boolean => models.indexOf(sample.model) % 2 === 0;
  const counts = count(all.filter(isTraining));
  const held = all.filter((sample) => !isTraining(sample));
  const bins = new Map<number, { claimed: number; right: number; total: number }>();
  for (const { evidence, right } of held) {
    const claimed = weakest(counts, evidence);
    const bin = Math.min(9, Math.floor(claimed * 10));
    const sums = bins.get(bin) ?? { claimed: 0, right: 0, total: 0 };
    sums.claimed += claimed;
    sums.right += Number(right);
    sums.total++;
    bins.set(bin, sums);
  }
  let error = 0;
  for (const { claimed, right } of bins.values()) error += Math.abs(claimed - right);
  return error / held.length;
}

const all = await samples();
const counts = [...count(all)].sort(([a], [b]) => (a < b ? -1 : 1));
const right = all.filter((sample) => sample.right).length;
const error = calibrationError(all);
const lines = counts.map(([key, [good, total]]) => `  '${key}': [${good}, ${total}],`);
writeFileSync(
  TABLE,
  `// generated by test/checks/calibrate-confidence.ts from ${all.length} layers of given engines, ${right} of them right;
// claimed and true rates differ by ${(100 * error).toFixed(1)} points on average where learnt on every other model only
/** How many predicted layers with this evidence were right, and how many there were. */
export const CONFIDENCE_TABLE: Readonly<Record<string, readonly [right: number, total: number]>> = {
${lines.join('\n')}
};
`,
);
console.log(`${all.length} layers, ${right} right; calibration error ${error.toFixed(4)}`);
