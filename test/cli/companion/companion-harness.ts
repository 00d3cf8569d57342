import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  CompanionError,
  CompanionEvent,
  JobRequest,
  JobView,
} from '../../../src/api/companion-api.ts';
import { startCompanion } from '../../../src/cli/companion/start-companion.ts';
import type { Companion, CompanionOptions } from '../../../src/cli/companion/start-companion.ts';
import { generateChain } from '../../support/generate-model.ts';
import { StandInRunner } from '../../support/stand-in-runner.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asking {
  readonly method?: string;
  /** On top of the token's; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | Uint8Array;
}

export const MODEL = generateChain(20);

/** A companion with a stand-in for TensorRT, and a client that says exactly what a test wants said. */
export class CompanionUnderTest {
  readonly companion: Companion;
  readonly runner: StandInRunner;
  readonly log: string[];

  private constructor(companion: Companion, runner: StandInRunner, log: string[]) {
    this.companion = companion;
    this.runner = runner;
    this.log = log;
  }

  static async start(
    folder: string,
    options: Partial<Omit<CompanionOptions, 'runner'>> = {},
    runner = new StandInRunner(),
  ): Promise<CompanionUnderTest> {
    const root = join(folder, 'page');
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'index.html'), '<!doctype html>');
    const log: string[] = [];
    const companion = await startCompanion({
      ...{ root, port: 0, runner, version: '0.0.0', log: (line) => log.push(line) },
      ...options,
    });
    return new CompanionUnderTest(companion, runner, log);
  }

  get port(): number {
    return Number(new URL(this.companion.url).port);
  }

  get origin(): string {
    return new URL(this.companion.url).origin;
  }

  /** Checks that an answer is a refusal that gives nothing away and lets no other site read it. */
  refused(answer: Answer, status: number): void {
    assert.equal(answer.status, status, answer.body);
    const { error } = JSON.parse(answer.body) as CompanionError;
    assert.match(error.code, /^companion\//);
    assert.ok(error.message !== '' && error.advice !== '');
    assert.ok(!answer.body.includes(this.companion.token));
    assert.ok(!answer.body.includes(tmpdir()), 'no path of this machine');
    for (const name of Object.keys(answer.headers)) assert.ok(!name.startsWith('access-control'));
  }

  /** Unlike fetch, sends path and headers exactly as given. */
  ask(path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answer> {
    const sent: OutgoingHttpHeaders = { authorization: `Bearer ${this.companion.token}` };
    for (const [name, value] of Object.entries(headers))
      if (value !== null) sent[name] = value;
      else if (name === 'authorization') delete sent.authorization;
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: this.port, path, method, headers: sent, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
          });
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  json(path: string, method: string, value: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return this.ask(path, { method, headers, body: JSON.stringify(value) });
  }

  /** Bytes as they are, and all that comes back until the other side closes. */
  raw(text: string, waitMs = 5000): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1');
      let back = '';
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error(`still open after ${String(waitMs)} ms: ${back}`));
      }, waitMs);
      socket.on('data', (chunk) => (back += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(back);
      });
      socket.write(text);
    });
  }

  async announce(wish: Partial<JobRequest> = {}): Promise<JobView> {
    const files = [{ name: 'net.onnx', sizeBytes: MODEL.length }];
    const answer = await this.json('/companion/jobs', 'POST', { files, mode: 'best', ...wish });
    if (answer.status !== 201) throw new Error(`${String(answer.status)} ${answer.body}`);
    return JSON.parse(answer.body) as JobView;
  }

  upload(id: string, index: number, body: Uint8Array = MODEL): Promise<Answer> {
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': String(body.length),
    };
    return this.ask(`/companion/jobs/${id}/files/${String(index)}`, {
      method: 'PUT',
      headers,
      body,
    });
  }

  start(id: string): Promise<Answer> {
    return this.ask(`/companion/jobs/${id}/start`, { method: 'POST' });
  }

  /** Announces, sends and starts the usual model. */
  async submit(name = 'net.onnx'): Promise<string> {
    const { id } = await this.announce({ files: [{ name, sizeBytes: MODEL.length }] });
    await this.upload(id, 0);
    await this.start(id);
    return id;
  }

  /** All events of a job until it ends. */
  async events(id: string, since = 0): Promise<readonly CompanionEvent[]> {
    const headers = { 'last-event-id': String(since) };
    const { body } = await this.ask(`/companion/jobs/${id}/events`, { headers });
    return [...body.matchAll(/^data: (.*)$/gm)].map(
      ([, text]) => JSON.parse(text ?? '') as CompanionEvent,
    );
  }

  async job(id: string): Promise<JobView> {
    return JSON.parse((await this.ask(`/companion/jobs/${id}`)).body) as JobView;
  }

  async ended(id: string): Promise<NonNullable<JobView['end']>> {
    await this.events(id);
    const { end } = await this.job(id);
    if (end === null) throw new Error('not ended');
    return end;
  }
}
