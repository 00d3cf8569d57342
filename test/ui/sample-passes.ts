import type { PassView } from '../../src/api/rewrite-api.ts';

const docs = [{ title: 'Q/DQ', url: 'https://docs.nvidia.com/q', says: 'quantize shortcuts' }];
const pass = (view: Partial<PassView> & Pick<PassView, 'id'>): PassView => ({
  title: view.id.replaceAll('-', ' '),
  summary: 'Gains something',
  group: 'place',
  numerics: 'approximate',
  docs,
  proposals: [],
  declined: [],
  ...view,
});

/** A pass with two places and a refusal, one that is exact, one on request, and one that finds nothing. */
export const samplePasses: readonly PassView[] = [
  pass({
    id: 'quantize-shortcut',
    proposals: [
      { site: '/b1/Add', text: 'Quantize the shortcut of /b1/Add', nodes: ['/b1/Add'] },
      { site: '/b2/Add', text: 'Quantize the shortcut of /b2/Add', nodes: ['/b2/Add', '/b2/Conv'] },
    ],
    declined: [
      {
        passId: 'quantize-shortcut',
        site: '/b3/Add',
        reason: 'both inputs are constants',
        nodes: ['/b3/Add'],
      },
    ],
  }),
  pass({
    id: 'remove-identity',
    group: 'normalize',
    numerics: 'bit-exact',
    proposals: [{ site: '/Identity', text: 'Remove /Identity', nodes: ['/Identity'] }],
  }),
  pass({
    id: 'store-weights',
    group: 'tidy',
    onRequest: 'the float weights are lost',
    proposals: [{ site: '/b1/Conv', text: 'Store weights', nodes: ['/b1/Conv'] }],
  }),
  pass({ id: 'find-nothing', group: 'tidy' }),
];
