import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ElementHandle, Page } from 'puppeteer-core';
import { openPage } from '../support/open-page.ts';
import type { OpenPage, OpenPageOptions } from '../support/open-page.ts';

const OUT = fileURLToPath(new URL('../../.out/', import.meta.url));
const SAMPLES = fileURLToPath(new URL('../../public/samples/', import.meta.url));

/** Path of a packed sample of the page, to open it as a user's file. */
export const samplePath = (id: string): string => join(SAMPLES, `${id}.onnx.gz`);

const PATIENCE_MS = 20_000;

/** What the summary strip says. */
export interface Figures {
  readonly layers: number;
  readonly int8: number;
  readonly reformats: number;
  readonly qdq: number;
}

/** The page as a user handles it: reads what is written, clicks what is shown, presses keys. */
export class LabPage {
  readonly opened: OpenPage;
  readonly page: Page;
  private readonly folder = mkdtempSync(join(tmpdir(), 'lab-page-'));

  private constructor(opened: OpenPage) {
    this.opened = opened;
    this.page = opened.page;
  }

  /** Opens the page and waits until the greeting model is predicted. */
  static async open(options: OpenPageOptions = {}): Promise<LabPage> {
    const lab = new LabPage(await openPage(options));
    await lab.settled();
    return lab;
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await this.opened.close();
  }

  /** Waits until a prediction is on show and none is on its way. */
  async settled(): Promise<void> {
    await this.find('summary-strip dl[aria-busy="false"]');
  }

  /** The first element that matches; each space of the selector goes into a shadow root. Waits for it. */
  async find(selector: string): Promise<ElementHandle> {
    const piercing = selector.split(' ').map((part) => `>>> ${part}`);
    // Asked again and again: puppeteer's own waiting watches for changes of the document, not of shadow trees.
    const found = await this.until(() => this.page.$(piercing.join(' ')), selector);
    return found;
  }

  /** Waits until nothing matches any more. */
  async gone(selector: string): Promise<void> {
    const piercing = selector.split(' ').map((part) => `>>> ${part}`);
    await this.until(
      async () => (await this.page.$(piercing.join(' '))) === null,
      `no ${selector}`,
    );
  }

  private async until<T>(
    ask: () => Promise<T>,
    what: string,
    patienceMs = PATIENCE_MS,
  ): Promise<NonNullable<T>> {
    const limit = Date.now() + patienceMs;
    for (;;) {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      if (Date.now() > limit) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  /** All that is written in an element, shadow trees included, with single spaces. */
  async text(selector: string): Promise<string> {
    const element = await this.find(selector);
    // No named function in here: the compiler would mark it with a helper that the page does not have.
    return element.evaluate((node) => {
      const left: Node[] = [node];
      let written = '';
      for (let at = left.pop(); at !== undefined; at = left.pop()) {
        if (at instanceof Text) written += ` ${at.data}`;
        else if (!(at instanceof HTMLStyleElement)) {
          const inside = at instanceof Element && at.shadowRoot ? at.shadowRoot : at;
          left.push(...[...inside.childNodes].reverse());
        }
      }
      return written.replace(/\s+/g, ' ').trim();
    });
  }

  async click(selector: string): Promise<void> {
    const element = await this.find(selector);
    await element.evaluate((node) => {
      node.scrollIntoView({ block: 'nearest' });
    });
    await element.click();
  }

  /** Waits until an element says something that matches, and returns it; longer where models are run. */
  async reads(selector: string, wanted: RegExp, patienceMs = PATIENCE_MS): Promise<string> {
    return this.until(
      async () => {
        const text = await this.text(selector);
        return wanted.test(text) ? text : undefined;
      },
      `${selector} to say ${String(wanted)}`,
      patienceMs,
    );
  }

  async figures(): Promise<Figures> {
    await this.settled();
    const read = async (name: string): Promise<number> =>
      Number.parseInt(await this.text(`summary-strip [data-figure=${name}] dd`), 10);
    return {
      layers: await read('layers'),
      int8: await read('int8'),
      reformats: await read('reformats'),
      qdq: await read('qdq'),
    };
  }

  /** Opens files through the file picker's input and waits for the bar to name the model. */
  async openFiles(paths: readonly string[], shown: RegExp): Promise<void> {
    await this.upload(paths);
    await this.reads('top-bar .file', shown);
    await this.settled();
  }

  /** Hands files to the picker's input, and waits for nothing. */
  async upload(paths: readonly string[]): Promise<void> {
    const input = await this.page.$('>>> top-bar >>> input[type=file]');
    if (input === null) throw new Error('the picker has no input');
    await input.uploadFile(...paths);
  }

  /** Drops a file on the middle of the window. */
  async drop(name: string, bytes: Uint8Array): Promise<void> {
    const encoded = Buffer.from(bytes).toString('base64');
    await this.page.evaluate(
      (fileName, base64) => {
        const content = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], fileName));
        for (const type of ['dragenter', 'dragover', 'drop'])
          document.body.dispatchEvent(
            new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
          );
      },
      name,
      encoded,
    );
  }

  /** Chooses an option of one of the bar's menus, as a user does. */
  async choose(label: string, value: string): Promise<void> {
    const menu = await this.find(`top-bar select[aria-label="${label}"]`);
    await (menu as ElementHandle<HTMLSelectElement>).select(value);
    await this.settled();
  }

  /** Writes a file that is gone with the page. */
  tempFile(name: string, bytes: Uint8Array): string {
    const path = join(this.folder, basename(name));
    writeFileSync(path, bytes);
    return path;
  }

  /** Puts a picture of the page into `.out`, for people to look at. */
  async picture(name: string): Promise<void> {
    mkdirSync(OUT, { recursive: true });
    await this.page.screenshot({ path: join(OUT, `${name}.png`) });
  }
}
