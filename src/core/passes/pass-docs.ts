import type { DocLink } from '../sim/sim-rule.ts';

const GUIDE = 'https://docs.nvidia.com/deeplearning/tensorrt/latest';

const page =
  (title: string, url: string) =>
  (says: string): DocLink => ({ title, url, says });

/** The pages that passes cite; each call adds what the page says about that pass, in our words. */
export const passDocs = {
  explicitQuantization: page(
    'Explicit quantization',
    `${GUIDE}/inference-library/quantized-types-explicit-quantization.html`,
  ),
  quantizationSchemes: page(
    'Quantization schemes',
    `${GUIDE}/inference-library/quantized-types-schemes.html`,
  ),
  fusions: page('Best practices: types of fusions', `${GUIDE}/performance/best-practices.html`),
  parser: page(
    'Operators of the ONNX parser',
    'https://github.com/onnx/onnx-tensorrt/blob/main/docs/operators.md',
  ),
  migration: page('Migrating from TensorRT 10 to 11', `${GUIDE}/api/migration-guide.html`),
  onnx: (operator: string, says: string): DocLink => ({
    title: `ONNX: ${operator}`,
    url: `https://onnx.ai/onnx/operators/onnx__${operator}.html`,
    says,
  }),
} as const;
