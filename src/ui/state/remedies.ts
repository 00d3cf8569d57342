import type { PassView } from '../../api/rewrite-api.ts';
import type { FindingView } from './findings.ts';

/** What a pass would do at a place that a finding is about. */
export interface Remedy {
  readonly pass: PassView;
  readonly proposal: PassView['proposals'][number];
}

/** More would be a list of passes, which the laboratory has. */
const MOST = 4;
/** Groups of passes that can cure each kind of fix. */
const GROUPS_OF: Readonly<Record<string, readonly PassView['group'][]>> = {
  'add-qdq': ['place'],
  'remove-qdq': ['place', 'tidy', 'normalize'],
  'move-qdq': ['place'],
  'equalize-scales': ['place'],
  'change-quantizer': ['normalize'],
  'replace-operator': ['normalize', 'tidy', 'place'],
};

/**
 * Passes of the kind that a finding asks for that would change something at its nodes: those whose place is one of them
 * first. None for findings that have no fix, or that another target cures.
 */
export function remediesOf(finding: FindingView, passes: readonly PassView[]): readonly Remedy[] {
  const groups = GROUPS_OF[finding.fix?.kind ?? ''] ?? [];
  const nodes = new Set(finding.nodes);
  const found = passes
    .filter(({ group }) => groups.includes(group))
    .flatMap((pass) => pass.proposals.map((proposal) => ({ pass, proposal })));
  const here = found.filter(({ proposal }) => nodes.has(proposal.site));
  const near = found.filter(
    ({ proposal }) => !nodes.has(proposal.site) && proposal.nodes.some((node) => nodes.has(node)),
  );
  return [...here, ...near].slice(0, MOST);
}
