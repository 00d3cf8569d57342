/** The few platform globals that core may use: all exist in browsers, workers and Node 20. */
interface TextDecoderLike {
  decode(bytes?: Uint8Array): string;
}
declare class TextDecoder implements TextDecoderLike {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes?: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class AbortSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare class Blob {
  constructor(
    parts?: readonly (Blob | Uint8Array<ArrayBuffer> | ArrayBuffer | string)[],
    options?: { type?: string },
  );
  readonly size: number;
  slice(start?: number, end?: number): Blob;
  arrayBuffer(): Promise<ArrayBuffer>;
}
declare const performance: { now(): number };
