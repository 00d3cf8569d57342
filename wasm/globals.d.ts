/**
 * The few WebAssembly globals that the kernel loader uses. They exist in browsers, workers and Node 20, but the
 * compiler knows them only from the DOM, which the loader and the command line must not see.
 */
declare namespace WebAssembly {
  interface Instance {
    readonly exports: Record<string, unknown>;
  }
  function instantiate(
    bytes: Uint8Array<ArrayBuffer>,
    imports?: Record<string, Record<string, unknown>>,
  ): Promise<{ readonly instance: Instance }>;
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Global<T extends 'i32' | 'f32' | 'f64' | 'i64'> {
    readonly value: T extends 'i64' ? bigint : number;
  }
}
declare function atob(base64: string): string;
