import type { PassGroup } from '../../core/passes/rewrite-pass.ts';
import type { DocLink } from '../../core/sim/sim-rule.ts';
import type { ListedPass } from '../pass-list.ts';
import { CHANGE_SCHEMA } from './change-schema.ts';
import { about, anyOf, list, object, orNull, text, textOf } from './schema.ts';
import type { Schema } from './schema.ts';
import { NUMERICS } from './shared-schemas.ts';

export const OPTIMIZE_SCHEMA: Schema<unknown> = anyOf(
  CHANGE_SCHEMA,
  about(
    'with --list-passes',
    list(
      object<ListedPass>({
        id: text,
        title: text,
        summary: text,
        group: textOf<PassGroup>(),
        numerics: NUMERICS,
        docs: list(object<DocLink>({ title: text, url: text, says: text })),
        onRequest: about('why it waits to be asked for; null where it does not', orNull(text)),
      }),
    ),
  ),
);
