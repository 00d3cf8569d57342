import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttributeText } from './infer-one.ts';
import { inferOne } from './infer-one.ts';

/** Operator, inputs, expected outputs (notation of `inferOne`), attributes, opset (17 where it does not matter). */
export type Row = readonly [
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes?: Readonly<Record<string, AttributeText>>,
  opset?: number,
  domain?: string,
];

/** One test per row; a row must not lead to diagnostics. */
export function checkTable(rows: readonly Row[]): void {
  for (const [opType, inputs, outputs, attributes = {}, opset = 17, domain = ''] of rows) {
    const shown = Object.entries(attributes).map(
      ([name, value]) => `${name}=${showAttribute(value)}`,
    );
    test(`${[domain, opType].filter(Boolean).join('::')}(${inputs.join(' ')}) ${shown.join(' ')} opset ${opset}`, () => {
      const node = { opType, inputs, attributes, opset, domain, outputs: outputs.length };
      const inferred = inferOne(node);
      assert.deepEqual(inferred.report.diagnostics, []);
      assert.deepEqual(inferred.report.unknownOperators, []);
      assert.deepEqual(inferred.outputs, outputs);
    });
  }
}

const showAttribute = (value: AttributeText): string =>
  typeof value === 'object' && 'bytes' in value ? 'tensor' : JSON.stringify(value);
