import { numberOf } from './json-fields.ts';

/** Reads what trtexec lists of its options and the device: `=== Device Information ===`, then `key: value`. */
export class SectionReader {
  readonly sections: Record<string, Record<string, string>> = {};
  private current: Record<string, string> | null = null;

  take(text: string): void {
    const title = /^=== (.*?) ===/.exec(text);
    if (title) {
      this.current = isOptions(title[1] ?? '') ? {} : null;
      if (this.current) this.sections[title[1] ?? ''] = this.current;
      return;
    }
    if (!this.current) return;
    const colon = text.indexOf(':');
    if (colon < 0) {
      if (text.trim() !== '') this.current = null;
      return;
    }
    const key = text.slice(0, colon).trim();
    // Shapes of several inputs come under one key.
    const value = text.slice(colon + 1).trim();
    this.current[key] = key in this.current ? `${this.current[key] ?? ''}, ${value}` : value;
  }

  device(): { readonly gpu: string | null; readonly sm: number | null } {
    return deviceOf(this.sections['Device Information'] ?? {});
  }
}

const isOptions = (title: string): boolean => /Options$|Information$/.test(title);

/** The GPU of a device section, of trtexec's log or TREx's metadata. */
export function deviceOf(section: Readonly<Record<string, unknown>>): {
  readonly gpu: string | null;
  readonly sm: number | null;
} {
  const gpu = section['Selected Device'] ?? section['Name'];
  const said = section['Compute Capability'];
  const capability = typeof said === 'string' ? Number.parseFloat(said) : numberOf(said);
  return {
    gpu: typeof gpu === 'string' && gpu !== '' ? gpu.replace(/^"|"$/g, '') : null,
    sm: capability !== null && Number.isFinite(capability) ? Math.round(capability * 10) : null,
  };
}
