import type { BuiltLayer } from './built-engine.ts';
import { layersOfEngineLines } from './engine-lines.ts';
import { showableName } from './layer-names.ts';
import type { LogLine } from './log-lines.ts';

/** Finds the layers of the finished engine; a log of several builds has several lists, of which the last counts. */
export class EngineInformationReader {
  private lines: string[] = [];
  private names: string[] = [];
  private within: 'layers' | 'bindings' | null = null;

  take({ severity, text }: LogLine): void {
    if (severity !== null) this.within = null;
    if (/^(?:Engine Layer Information|Layers|Layer Information):/.test(text)) {
      this.within = 'layers';
      this.lines = [];
      this.names = [];
    } else if (this.within !== null && text.startsWith('Bindings:')) this.within = 'bindings';
    else if (/^Layer\([^)]*\): |^Name: .*, LayerType: /.test(text)) {
      this.within = 'layers';
      this.lines.push(text);
    } else if (this.within === 'bindings' && text.trim() !== '')
      this.names.push(showableName(text));
  }

  finish(): { readonly layers: BuiltLayer[]; readonly bindings: readonly string[] } {
    return { layers: layersOfEngineLines(this.lines.join('\n')), bindings: this.names };
  }
}
