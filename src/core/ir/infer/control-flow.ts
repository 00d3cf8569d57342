import { inferSubgraphMissing } from '../../base/diagnostics.ts';
import type { DataType } from '../data-type.ts';
import type { Dim, Graph, Value } from '../graph.ts';
import { attrInt, attrInts } from '../node-attributes.ts';
import type { CarriedState } from './body-state.ts';
import { inferBodyWithState } from './body-state.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';

function bodyOf(c: NodeContext, name: string): Graph | undefined {
  const attribute = c.node.attributes.get(name);
  if (attribute?.type === 'graph') return attribute.value;
  c.problem(inferSubgraphMissing(c.node, name));
  return undefined;
}

/** A condition that is constant leaves one branch; else the outputs are what both branches have in common. */
function branch(c: NodeContext): void {
  const branches = [bodyOf(c, 'then_branch'), bodyOf(c, 'else_branch')];
  const condition = c.required(0) && c.numbers(0)?.[0];
  const dead = condition === undefined ? undefined : branches[condition === 0 ? 0 : 1];
  for (const body of branches) if (body !== undefined && body !== dead) c.inferBody(body);
  // What never runs may well not fit: exporters guard special cases this way.
  if (dead !== undefined) c.session.silently(() => c.inferBody(dead));
  const taken = branches.filter((body) => body !== dead);
  for (let i = 0; i < c.outputCount; i++) {
    const values = taken.map((body) => body?.outputs[i]).filter((v) => v !== undefined);
    const dataType = values.find((v) => v.dataType !== undefined)?.dataType;
    c.output(
      i,
      dataType,
      commonShape(
        c,
        values.map((v) => v.shape),
        i,
      ),
    );
    const only = values.length === 1 && taken.length === 1 ? values[0] : undefined;
    if (only !== undefined) c.fold(i, c.session.constantOf(only));
  }
}

function commonShape(
  c: NodeContext,
  shapes: readonly (Shape | undefined)[],
  output: number,
): Shape | undefined {
  const [first, ...rest] = shapes;
  if (first === undefined || rest.some((s) => s?.length !== first.length)) return undefined;
  return first.map((d, i): Dim => (rest.every((s) => s?.[i] === d) ? d : c.fresh(output)));
}

/** Gives a body input its type and shape where the file does not state them. */
function feed(
  value: Value | undefined,
  dataType: DataType | undefined,
  shape: Shape | undefined,
): void {
  if (value === undefined) return;
  value.dataType ??= dataType;
  value.shape ??= shape;
}

/** Inputs: trip count, condition, states. Body: iteration, condition, states -> condition, states, scan outputs. */
function loop(c: NodeContext): void {
  const body = bodyOf(c, 'body');
  if (body === undefined) return;
  const stateCount = Math.max(0, c.inputCount - 2);
  const condition = body.inputs[1];
  const states = carriedStates(c, body, { count: stateCount, operand: 2, input: 2, output: 1 });
  const runs = c.input(1) === undefined || c.numbers(1)?.[0] === 1;
  const shapes = inferBodyWithState(c, body, states, () => {
    feed(body.inputs[0], 'int64', []);
    feed(condition, 'bool', []);
    // By induction: if the body keeps a true condition true, it is true in every iteration.
    if (runs && condition) {
      c.session.folded.set(condition, { dataType: 'bool', shape: [], elements: [1] });
    }
  });
  const stays = body.outputs[0];
  const endless = runs && stays !== undefined && c.session.constantOf(stays)?.elements[0] === 1;
  const trips = (endless ? c.elements(0)?.[0] : undefined) ?? undefined;
  for (let i = 0; i < c.outputCount; i++) {
    const made = body.outputs[i + 1];
    if (i < stateCount) c.output(i, made?.dataType, shapes[i]);
    else c.output(i, made?.dataType, made?.shape && [trips ?? c.fresh(i), ...made.shape]);
  }
}

/** Where the states stand among the inputs of the node and among the inputs and outputs of its body. */
interface StatePlaces {
  readonly count: number;
  readonly operand: number;
  readonly input: number;
  readonly output: number;
}

function carriedStates(
  c: NodeContext,
  body: Graph,
  places: StatePlaces,
  shapeOf: (shape: Shape | undefined) => Shape | undefined = (shape) => shape,
): readonly CarriedState[] {
  const states: CarriedState[] = [];
  for (let i = 0; i < places.count; i++) {
    const input = body.inputs[places.input + i];
    if (input === undefined) break;
    const given = c.input(places.operand + i);
    const output = body.outputs[places.output + i];
    states.push({ input, output, dataType: given?.dataType, initial: shapeOf(given?.shape) });
  }
  return states;
}

/** How the inputs of a Scan divide up. */
interface ScanLayout {
  /** The first state among the inputs; version 8 has sequence lengths before it, */
  readonly first: number;
  /** and a batch dimension in front of everything. */
  readonly hasBatch: boolean;
  readonly stateCount: number;
  readonly sliceCount: number;
}

function scanLayout(c: NodeContext): ScanLayout | undefined {
  const hasBatch = c.opset < 9;
  const first = hasBatch ? 1 : 0;
  const sliceCount = attrInt(c.node, 'num_scan_inputs', 0);
  const stateCount = c.inputCount - first - sliceCount;
  if (sliceCount >= 1 && stateCount >= 0) return { first, hasBatch, stateCount, sliceCount };
  const why = `is ${sliceCount} where the node has ${c.inputCount} inputs`;
  c.attributeProblem('num_scan_inputs', why);
  return undefined;
}

/** States, then inputs that are cut along an axis; the results of the iterations are stacked. */
function scan(c: NodeContext): void {
  const body = bodyOf(c, 'body');
  const layout = body && scanLayout(c);
  if (body === undefined || layout === undefined) return;
  const { first, hasBatch, stateCount } = layout;
  const inner = (shape: Shape | undefined): Shape | undefined =>
    hasBatch ? shape?.slice(1) : shape;
  const states = carriedStates(
    c,
    body,
    { count: stateCount, operand: first, input: 0, output: 0 },
    inner,
  );
  let length: Dim | undefined;
  const shapes = inferBodyWithState(c, body, states, () => {
    length = feedSlices(c, body, layout, inner);
  });
  const batch = hasBatch ? c.shape(first)?.slice(0, 1) : [];
  const stackAxes = attrInts(c.node, 'scan_output_axes', []);
  for (let i = 0; i < c.outputCount; i++) {
    const made = body.outputs[i];
    const axis = stackAxes[i - stateCount] ?? 0;
    const isState = i < stateCount;
    const shape = isState ? shapes[i] : stack(c, made?.shape, length ?? c.fresh(i), axis);
    c.output(i, made?.dataType, shape && batch && [...batch, ...shape]);
  }
}

/** Gives the body one slice of each scanned input; answers how many slices there are. */
function feedSlices(
  c: NodeContext,
  body: Graph,
  { first, stateCount, sliceCount }: ScanLayout,
  inner: (shape: Shape | undefined) => Shape | undefined,
): Dim | undefined {
  const axes = attrInts(c.node, 'scan_input_axes', []);
  let length: Dim | undefined;
  for (let i = 0; i < sliceCount; i++) {
    const given = c.required(first + stateCount + i);
    const shape = inner(given?.shape);
    const axis = shape && c.axis(axes[i] ?? 0, shape.length);
    if (axis !== undefined) length ??= shape?.[axis];
    const slice = axis === undefined ? undefined : shape?.filter((_, k) => k !== axis);
    feed(body.inputs[stateCount + i], given?.dataType, slice);
  }
  return length;
}

function stack(
  c: NodeContext,
  shape: Shape | undefined,
  length: Dim,
  at: number,
): Shape | undefined {
  const axis = shape && c.axis(at, shape.length + 1);
  if (shape === undefined || axis === undefined) return undefined;
  return [...shape.slice(0, axis), length, ...shape.slice(axis)];
}

/** Runs the body on each element of sequences; the results are sequences, of which only the element type is known. */
function sequenceMap(c: NodeContext): void {
  const body = bodyOf(c, 'body');
  if (body === undefined) return;
  body.inputs.forEach((value, i) => feed(value, c.dataType(i), undefined));
  c.inferBody(body);
  for (let i = 0; i < c.outputCount; i++) c.output(i, body.outputs[i]?.dataType, undefined);
}

export const controlFlowOperators: OperatorTable = {
  If: branch,
  Loop: loop,
  Scan: scan,
  SequenceMap: sequenceMap,
};
