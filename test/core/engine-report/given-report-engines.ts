import assert from 'node:assert/strict';
import type { BuiltEngine } from '../../../src/core/engine/built-engine.ts';
import { withProfile } from '../../../src/core/engine/join-profile.ts';
import { readEngine } from '../../../src/core/engine/read-engine.ts';
import { readProfile } from '../../../src/core/engine/read-profile.ts';
import { givenText } from '../engine/engine-files.ts';

/** A given engine with its profile: `trt10.6.0-h100/real/resnet18.mo.best`. */
export function givenEngine(name: string): BuiltEngine {
  const engine = readEngine(name.slice(name.lastIndexOf('/') + 1), givenText(`${name}.layer.json`));
  const profile = readProfile(name, givenText(`${name}.profile.json`));
  assert.ok(engine.ok && profile.ok, name);
  return withProfile(engine.value, profile.value);
}
