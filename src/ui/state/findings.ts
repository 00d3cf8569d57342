import type { Finding, FindingRuleInfo } from '../../api/analyze-api.ts';

export type Severity = Finding['severity'];

/** One finding of the linter as the page shows and links it. */
export interface FindingView extends Finding {
  /** Stays the same from one prediction to the next, as long as the finding does. */
  readonly id: string;
  /** The failing state in a few words. */
  readonly title: string;
  readonly docs: FindingRuleInfo['docs'];
  readonly evidence?: FindingRuleInfo['evidence'];
}

/** The findings of one rule that weigh alike. */
export interface FindingGroup extends Pick<
  FindingView,
  'id' | 'severity' | 'title' | 'docs' | 'evidence'
> {
  readonly findings: readonly FindingView[];
  /** All nodes of all of them. */
  readonly nodes: readonly string[];
}

/** All findings about one prediction. */
export interface FindingList {
  /** In the order of their weightiest finding: errors, then what moves most bytes. */
  readonly groups: readonly FindingGroup[];
  /** The same one by one, group after group. */
  readonly all: readonly FindingView[];
}

export const NO_FINDINGS: FindingList = { groups: [], all: [] };

/** Groups what the linter found, in the order in which it told it, with what its rules say about themselves. */
export function findingList(
  findings: readonly Finding[],
  rules: readonly FindingRuleInfo[],
): FindingList {
  const ruleOf = new Map(rules.map((rule) => [rule.id, rule]));
  const seen = new Map<string, number>();
  const groups = new Map<string, FindingView[]>();
  for (const finding of findings) {
    const rule = ruleOf.get(finding.ruleId);
    const place = `${finding.ruleId}@${finding.nodes[0] ?? ''}`;
    const times = (seen.get(place) ?? 0) + 1;
    seen.set(place, times);
    const view = {
      ...finding,
      id: times === 1 ? place : `${place}#${String(times)}`,
      title: rule?.title ?? finding.ruleId,
      docs: rule?.docs ?? [],
      ...(rule && { evidence: rule.evidence }),
    };
    const key = `${finding.ruleId}/${finding.severity}`;
    const group = groups.get(key);
    if (group) group.push(view);
    else groups.set(key, [view]);
  }
  const list = [...groups].map(([id, members]) => groupOf(id, members));
  return { groups: list, all: list.flatMap((group) => group.findings) };
}

function groupOf(id: string, findings: readonly FindingView[]): FindingGroup {
  const { severity, title, docs, evidence } = findings[0]!;
  const nodes = [...new Set(findings.flatMap((finding) => finding.nodes))];
  return { id, severity, title, docs, findings, nodes, ...(evidence && { evidence }) };
}

/** The finding, or the group of findings, that a selection names. */
export const findingOf = (list: FindingList, id: string): FindingView | FindingGroup | undefined =>
  list.all.find((finding) => finding.id === id) ?? list.groups.find((group) => group.id === id);

/** True for a finding that says that TensorRT does not build the model. */
export const isRefusal = ({ severity }: { readonly severity: Severity }): boolean =>
  severity === 'error';

/** The findings that name one of the nodes, in their order. */
export function findingsAbout(list: FindingList, nodes: readonly string[]): readonly FindingView[] {
  const wanted = new Set(nodes);
  return list.all.filter((finding) => finding.nodes.some((node) => wanted.has(node)));
}
