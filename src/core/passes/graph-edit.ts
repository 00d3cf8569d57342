import type { Attribute } from '../ir/attribute.ts';
import type { DataType } from '../ir/data-type.ts';
import type { Dim } from '../ir/value.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';

/** Type and shape of a value that an edit makes or changes. */
export interface ValueType {
  readonly dataType: DataType;
  /** Undefined where not even the rank is known. */
  readonly shape?: readonly Dim[];
}

/** A change of the graph that is no change of the placement, as data: by the names of nodes and values. */
export type StructureEdit =
  /** A new initializer; `bytes` in the layout of ONNX `raw_data`. */
  | {
      readonly kind: 'add-constant';
      readonly name: string;
      readonly dataType: DataType;
      readonly dims: readonly number[];
      readonly bytes: Uint8Array;
      /** The numbers stand in for those that calibration must give. */
      readonly placeholder?: true;
    }
  /** A new node right before node `before`, or at the end. Its inputs exist, its outputs do not. */
  | {
      readonly kind: 'add-node';
      readonly name: string;
      readonly opType: string;
      readonly domain?: string;
      readonly inputs: readonly (string | null)[];
      readonly outputs: readonly ({ readonly name: string } & ValueType)[];
      readonly attributes?: readonly Attribute[];
      readonly before: string | null;
    }
  /** Makes another operator of a node: same outputs, same place, new inputs and attributes, maybe a new name. */
  | {
      readonly kind: 'replace-node';
      readonly node: string;
      readonly name?: string;
      readonly opType: string;
      readonly domain?: string;
      readonly inputs: readonly (string | null)[];
      readonly attributes?: readonly Attribute[];
    }
  /** Takes a node out that nobody reads, with what only it used. */
  | { readonly kind: 'remove-node'; readonly node: string }
  /** Takes a node out: readers of its first output read its first input. */
  | { readonly kind: 'bypass-node'; readonly node: string }
  /** Makes a node read another value, or none. What then nobody reads is dropped, if it is a constant. */
  | {
      readonly kind: 'set-input';
      readonly node: string;
      readonly input: number;
      readonly value: string | null;
    }
  /** Makes all who read `value` read `by` instead; an output of the network keeps its name. */
  | { readonly kind: 'replace-reads'; readonly value: string; readonly by: string }
  /** Sets or, with null, takes away attributes; the others stay. */
  | {
      readonly kind: 'set-attributes';
      readonly node: string;
      readonly attributes: Readonly<Record<string, Attribute | null>>;
    }
  | ({ readonly kind: 'set-type'; readonly value: string } & ValueType)
  /** States another version of ONNX's operator set; nodes that it has otherwise are edited beside. */
  | { readonly kind: 'set-opset'; readonly version: number };

/** Any change that a pass makes. */
export type GraphEdit = PlacementEdit | StructureEdit;
