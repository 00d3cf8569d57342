import { docs } from '../sim/docs.ts';
import type { DocLink } from '../sim/sim-rule.ts';

const GUIDE = 'https://docs.nvidia.com/deeplearning/tensorrt/latest';

const page =
  (title: string, url: string) =>
  (says: string): DocLink => ({ title, url, says });

/** The pages that findings cite, beside those of the simulator's rules. */
export const lintDocs = {
  ...docs,
  quantizationSchemes: page(
    'Quantization schemes',
    `${GUIDE}/inference-library/quantized-types-schemes.html`,
  ),
  supportMatrix: page('Support matrix', `${GUIDE}/getting-started/support-matrix.html`),
  onnxOperators: page(
    'ONNX: QuantizeLinear',
    'https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html',
  ),
  parserSource: page(
    'Source of the ONNX parser',
    'https://github.com/onnx/onnx-tensorrt/blob/main/onnxOpImporters.cpp',
  ),
  migration: page('Migrating from TensorRT 10 to 11', `${GUIDE}/api/migration-guide.html`),
  issue: (number: number, says: string): DocLink => ({
    title: `TensorRT issue ${String(number)}`,
    url: `https://github.com/NVIDIA/TensorRT/issues/${String(number)}`,
    says,
  }),
} as const;
