import type { Finding, FindingFix, FixKind } from '../../core/lint/finding.ts';
import type { FixReport, LintReport } from '../lint-report.ts';
import { OPTIMIZE_CHANGE } from './change-schema.ts';
import { about, anyOf, list, number, object, oneOf, optional, orNull, text } from './schema.ts';
import type { Schema } from './schema.ts';
import { SEVERITY, TARGET } from './shared-schemas.ts';

const FIX: Schema<FindingFix> = object({
  kind: oneOf<FixKind>({
    'add-qdq': true,
    'remove-qdq': true,
    'move-qdq': true,
    'equalize-scales': true,
    'change-quantizer': true,
    'replace-operator': true,
    'change-target': true,
  }),
  description: text,
});

const FINDING: Schema<Finding> = object({
  ruleId: text,
  severity: SEVERITY,
  nodes: list(text),
  message: text,
  consequence: text,
  advice: text,
  parserMessage: optional(about("TensorRT's own words", text)),
  fix: optional(FIX),
  costBytes: about('bytes of the tensors concerned', number),
});

export const LINT_SCHEMA: Schema<unknown> = anyOf(
  about(
    'for each model; findings are null where it cannot be read',
    list(object<LintReport>({ model: text, target: TARGET, findings: orNull(list(FINDING)) })),
  ),
  about(
    'with --fix: findings are what is left',
    object<FixReport>({
      model: text,
      output: text,
      target: TARGET,
      changes: list(OPTIMIZE_CHANGE),
      before: list(FINDING),
      findings: list(FINDING),
      toCalibrate: list(text),
    }),
  ),
);
