import { docs } from '../../sim/docs.ts';
import type { DocLink } from '../../sim/sim-rule.ts';

const GUIDE = 'https://docs.nvidia.com/deeplearning/tensorrt/latest';

const page =
  (title: string, url: string) =>
  (says: string): DocLink => ({ title, url, says });

/** The pages that findings about real engines cite. */
export const engineDocs = {
  explicitQuantization: docs.explicitQuantization,
  performance: page('Optimizing TensorRT performance', `${GUIDE}/performance/optimization.html`),
  formats: page('TensorFormat', `${GUIDE}/_static/python-api/infer/Graph/LayerBase.html`),
} as const;
