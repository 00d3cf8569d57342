import { isRunDataType } from '../inputs/run-arrays.ts';
import { isFloatType } from '../ir/data-type.ts';
import type { Value } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import { quantizerOfValue, rangeOf, stepOfValue } from './activation-quantizer.ts';
import { AgreementSum, classesOf } from './class-agreement.ts';
import { ErrorSum } from './error-sum.ts';
import type { BranchedModel, FakeQuantizedLayer } from './local-branches.ts';
import { fakeQuantizedLayers } from './local-branches.ts';
import { QuantizerWatch, activationQuantizers } from './quantizer-watch.ts';
import { runNumbers } from './run-numbers.ts';
import { TensorWatch } from './tensor-watch.ts';
import type { ValidateOptions } from './validate-options.ts';
import type {
  FloatReport,
  LayerError,
  RunFacts,
  TensorComparison,
  TensorError,
} from './validation-report.ts';
import type { WalkResults } from './walk-pair.ts';

/** Everything that is summed while a quantized model runs beside its float model. */
export class FloatWatch {
  private readonly model: Model;
  private readonly branched: BranchedModel;
  private readonly options: ValidateOptions;
  private readonly layers: readonly FakeQuantizedLayer[];
  private readonly tensors = new Map<string, TensorWatch>();
  private readonly locals = new Map<string, ErrorSum>();
  private readonly quantizers = new Map<string, QuantizerWatch[]>();
  private readonly agreements = new Map<string, AgreementSum>();

  constructor(model: Model, branched: BranchedModel, options: ValidateOptions) {
    this.model = model;
    this.branched = branched;
    this.options = options;
    const wanted = options.tensors && new Set(options.tensors);
    this.layers = fakeQuantizedLayers(model.graph).filter(
      ({ output }) => isRunnable(output) && (wanted?.has(output.name) ?? true),
    );
    for (const { node, output } of this.layers) {
      this.watch(output);
      if (branched.localOf(node.name) !== undefined)
        this.locals.set(output.name, new ErrorSum(options.kernels, stepOfValue(output)));
    }
    for (const quantizer of activationQuantizers(model.graph)) {
      const [value] = quantizer.node.inputs;
      if (!value || !isRunnable(value) || !(wanted?.has(value.name) ?? true)) continue;
      const watches = this.quantizers.get(value.name) ?? [];
      this.quantizers.set(value.name, [...watches, new QuantizerWatch(quantizer, options.kernels)]);
      if (options.details?.includes(value.name) === true) this.watch(value);
    }
    for (const value of model.graph.outputs) if (isRunnable(value)) this.watch(value);
  }

  /** Values of the quantized model that have to be asked for, in topological order. */
  get names(): readonly string[] {
    const all = new Set([...this.tensors.keys(), ...this.quantizers.keys()]);
    const ordered = this.model.graph
      .sortedNodes()
      .flatMap(({ outputs }) => outputs.map(({ name }) => name))
      .filter((name) => all.has(name));
    // What is left is fed: inputs that a quantizer reads.
    return [...new Set([...ordered, ...all])];
  }

  /** What the float model is asked for beside those of `names`: the same values, and the local results of their layers. */
  floatNames(names: readonly string[]): readonly string[] {
    const wanted = new Set<string>();
    for (const name of names) {
      if (this.tensors.has(name)) wanted.add(this.branched.nameOf(name));
      const local = this.localName(name);
      if (local !== undefined) wanted.add(local);
    }
    return [...wanted];
  }

  /** Takes one batch of one group in. */
  take({ before, after }: WalkResults): void {
    for (const [name, tensor] of after) {
      for (const quantizer of this.quantizers.get(name) ?? []) quantizer.add(runNumbers(tensor));
      const float = before.get(this.branched.nameOf(name));
      if (!float) continue;
      this.tensors.get(name)?.add(float, tensor);
      const local = before.get(this.localName(name) ?? '');
      if (local) this.locals.get(name)?.add(runNumbers(float), runNumbers(local));
      const classes = classesOf(tensor.dims);
      if (classes === undefined || float.dims.join() !== tensor.dims.join()) continue;
      if (this.model.graph.value(name)?.isGraphOutput !== true) continue;
      const agreement = this.agreements.get(name) ?? new AgreementSum(name);
      this.agreements.set(name, agreement);
      agreement.add(runNumbers(float), runNumbers(tensor), classes);
    }
  }

  report(facts: RunFacts): FloatReport {
    const layers = this.layers.flatMap((layer) => this.layerError(layer) ?? []);
    const tensors = [...this.tensors.values()];
    return {
      ...facts,
      layers,
      worst: worstFirst(layers),
      quantizers: [...this.quantizers.values()].flatMap((watches) =>
        watches.flatMap((watch) => watch.result() ?? []),
      ),
      outputs: this.outputs(),
      incomparable: tensors.flatMap(({ problem }) => problem ?? []),
      agreement: [...this.agreements.values()].flatMap((sum) => sum.result() ?? []),
      details: tensors.flatMap((watch) => watch.detail() ?? []),
    };
  }

  private watch(value: Value): void {
    if (this.tensors.has(value.name)) return;
    const { kernels, details } = this.options;
    const quantizer = quantizerOfValue(value);
    this.tensors.set(
      value.name,
      new TensorWatch({
        tensor: value.name,
        isOutput: value.isGraphOutput,
        kernels,
        step: stepOfValue(value),
        quantizer: quantizer && rangeOf(quantizer),
        isDetailed: details?.includes(value.name) ?? value.isGraphOutput,
      }),
    );
  }
  private localName(output: string): string | undefined {
    const maker = this.model.graph.value(output)?.producer();
    return maker && this.locals.has(output) ? this.branched.localOf(maker.name) : undefined;
  }
  private layerError({ node, output, order }: FakeQuantizedLayer): LayerError | undefined {
    const accumulated = this.tensors.get(output.name)?.error();
    const local: TensorError | undefined = this.locals.get(output.name)?.result();
    if (!accumulated) return undefined;
    const about = { node: node.name, opType: node.opType, output: output.name, order };
    return { ...about, accumulated, ...(local ? { local } : {}) };
  }
  private outputs(): TensorComparison[] {
    const orders = new Map(this.model.graph.sortedNodes().map((node, order) => [node, order]));
    return this.model.graph.outputs.flatMap((value) => {
      const error = this.tensors.get(value.name)?.error();
      const node = value.producer();
      if (!error || !node || value.dataType === undefined) return [];
      return {
        tensor: value.name,
        isOutput: true,
        node: node.name,
        opType: node.opType,
        order: orders.get(node) ?? 0,
        dataType: value.dataType,
        contract: 'none',
        error,
      };
    });
  }
}

const isRunnable = ({ dataType }: Value): boolean =>
  dataType !== undefined && isFloatType(dataType) && isRunDataType(dataType);

/** Lowest local SQNR first; layers without one at the end, by the accumulated. */
function worstFirst(layers: readonly LayerError[]): readonly string[] {
  const byLocal = layers.filter(({ local }) => local !== undefined);
  const others = layers.filter(({ local }) => local === undefined);
  const sqnr = ({ local, accumulated }: LayerError): number => (local ?? accumulated).sqnrDb;
  // Both Infinity: a difference of the two would be NaN.
  const compare = (a: LayerError, b: LayerError): number =>
    sqnr(a) < sqnr(b) ? -1 : sqnr(a) > sqnr(b) ? 1 : a.order - b.order;
  return [...byLocal.sort(compare), ...others.sort(compare)].map(({ node }) => node);
}
