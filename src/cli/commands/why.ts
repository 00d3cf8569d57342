import { explainNode } from '../../core/explain/explain-node.ts';
import { startSimulation } from '../../core/explain/resimulate.ts';
import { findChange } from '../../core/explain/smallest-change.ts';
import type { Model } from '../../core/ir/model.ts';
import type { Target } from '../../core/sim/target.ts';
import { unknownNodeOf, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { nearestNames } from '../nearest-names.ts';
import { modelName, openModelFile } from '../open-model-file.ts';
import { TARGET_OPTIONS, targetOf } from '../target-option.ts';
import type { Terminal } from '../terminal.ts';
import { whyText } from '../why-text.ts';
import type { Answer } from '../why-text.ts';
import { MODEL, TEXT } from '../operand.ts';

/** `qdq-lab why MODEL NODE`: why a node is in its layer and precision, and the smallest change that helps. */
export const why: Command = {
  name: 'why',
  summary: 'tell why a node is in its layer and precision, and what would change it',
  usage: 'MODEL NODE',
  operands: [MODEL, TEXT],
  details: [
    'Predicts the engine of MODEL (.onnx or .onnx.gz, - for standard input) and prints for the ONNX node NODE: the layer that\n' +
      'runs it with its types, the reason that decided, and what the builder did and refused on the way.',
    'Then it searches the fewest edits of the Q/DQ placement that make the layer take and give INT8, or the engine cheaper\n' +
      'there, by simulating each; nothing is written.',
  ],
  options: [...TARGET_OPTIONS, { name: 'json', summary: 'print the answer as JSON' }],
  examples: ['qdq-lab why model.onnx Conv_3', 'qdq-lab why model.onnx /layer1/Add --json'],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [path, node, ...rest] = args.positionals;
  if (path === undefined || node === undefined || rest.length > 0)
    throw new Refusal(wrongArguments('why', 'a model and a node', args.positionals.length));
  const { target, remark } = targetOf(args);
  if (remark !== undefined) terminal.warn(`qdq-lab: note: ${remark}`);
  const file = await openModelFile(path);
  try {
    const result = await answer(file.model, modelName(path), { node, target });
    const text = args.flags.has('json')
      ? `${JSON.stringify(result, null, 2)}\n`
      : whyText(result, terminal);
    await terminal.write(text);
    return 0;
  } finally {
    await file.close();
  }
}

async function answer(
  model: Model,
  name: string,
  { node, target }: { readonly node: string; readonly target: Target },
): Promise<Answer> {
  const start = startSimulation(model, target);
  const explained = explainNode(model, start.engine, node);
  if (!explained.ok)
    throw new Refusal(
      unknownNodeOf(
        name,
        node,
        nearestNames(
          node,
          [...model.graph.nodes()].map((other) => other.name),
        ),
      ),
    );
  const found = await findChange(start, node);
  if (!found.ok) throw new Refusal(found.error);
  return { model: name, target, explanation: explained.value, change: found.value?.change ?? null };
}
