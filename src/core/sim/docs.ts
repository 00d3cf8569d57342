import type { DocLink } from './sim-rule.ts';

const GUIDE = 'https://docs.nvidia.com/deeplearning/tensorrt/latest';
const EXPLICIT = `${GUIDE}/inference-library/quantized-types-explicit-quantization.html`;
const PRACTICES = `${GUIDE}/performance/best-practices.html`;
const PARSER = 'https://github.com/onnx/onnx-tensorrt/blob/main/docs/operators.md';

const page =
  (title: string, url: string) =>
  (says: string): DocLink => ({ title, url, says });

/** The pages that rules cite; each call adds what the page says about that rule, in our words. */
export const docs = {
  explicitQuantization: page('Explicit quantization', EXPLICIT),
  fusions: page('Best practices: types of fusions', PRACTICES),
  parser: page('Operators of the ONNX parser', PARSER),
} as const;
