import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CompanionStatus, UploadLimits } from '../../api/companion-api.ts';
import {
  badRequest,
  companionDefect,
  tooManyStreams,
  unknownPath,
  wrongMethod,
} from '../companion-diagnostics.ts';
import { API_HEADERS, sendJson, sendRefusal } from './api-answer.ts';
import { ApiRefusal } from './api-refusal.ts';
import type { BuildRunner, RunnerFacts } from './build-runner.ts';
import { streamEvents } from './event-stream.ts';
import { readJobRequest } from './job-request.ts';
import type { JobQueue } from './job-queue.ts';
import type { Patience } from './read-body.ts';
import { readJson, refuseBody } from './read-body.ts';
import { guardRequest } from './request-guard.ts';
import { sendArtefact } from './send-artefact.ts';

export interface ApiOptions {
  readonly token: string;
  /** Of qdq-lab. */
  readonly version: string;
  readonly runner: BuildRunner;
  readonly queue: JobQueue;
  readonly limits: UploadLimits;
  readonly patience: Patience;
  readonly heartbeatMs: number;
  /** While TensorRT is missing it is looked for again, no more often than this. */
  readonly lookAgainMs: number;
  readonly log: (line: string) => void;
}

/** A request that is let in, with what its path names. */
interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
  /** What stands behind the job's path: the index of a file, the kind of an artefact. */
  readonly rest: string;
}

type Handler = (call: Call) => Promise<void> | void;

/** Where all paths of the API begin. */
export const API_PREFIX = '/companion/';

const MOST_STREAMS = 16;

/** Answers the requests of the page below `/companion/`. */
export class CompanionApi {
  private readonly options: ApiOptions;
  private facts: { readonly found: Promise<RunnerFacts>; readonly at: number } | null = null;
  private streams = 0;

  constructor(options: ApiOptions) {
    this.options = options;
  }

  /** Paths are matched as they are sent: nothing is decoded, so that nothing can be hidden in an escape. */
  private readonly routes: readonly (readonly [RegExp, Readonly<Record<string, Handler>>])[] = [
    [/^status$/, { GET: (call) => this.status(call) }],
    [/^jobs$/, { POST: (call) => this.add(call) }],
    [
      /^jobs\/([\da-f]{32})$/,
      {
        GET: (call) => {
          this.show(call);
        },
        DELETE: (call) => this.cancel(call),
      },
    ],
    [/^jobs\/([\da-f]{32})\/files\/(\d{1,4})$/, { PUT: (call) => this.receive(call) }],
    [
      /^jobs\/([\da-f]{32})\/start$/,
      {
        POST: (call) => {
          this.start(call);
        },
      },
    ],
    [
      /^jobs\/([\da-f]{32})\/events$/,
      {
        GET: (call) => {
          this.stream(call);
        },
      },
    ],
    [/^jobs\/([\da-f]{32})\/artefacts\/([a-z]{1,20})$/, { GET: (call) => this.artefact(call) }],
  ];

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      guardRequest(request, this.options.token);
      await this.route(request, response);
    } catch (error) {
      // Who hung up wants no answer.
      if (request.destroyed && !request.complete) response.destroy();
      else if (error instanceof ApiRefusal) sendRefusal(response, error);
      else {
        this.options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
        sendRefusal(response, new ApiRefusal(500, companionDefect()));
      }
    }
  }

  /** Looks for TensorRT, so that the first page need not wait. */
  async lookAround(): Promise<RunnerFacts> {
    const { facts } = this;
    const now = performance.now();
    if (facts !== null) {
      const known = await facts.found;
      if (known.problem === null || now - facts.at < this.options.lookAgainMs) return known;
    }
    this.facts = { found: this.options.runner.describe(), at: now };
    return this.facts.found;
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').slice(API_PREFIX.length);
    for (const [pattern, methods] of this.routes) {
      const match = pattern.exec(path);
      if (match === null) continue;
      const handler = Object.hasOwn(methods, request.method ?? '')
        ? methods[request.method ?? '']
        : undefined;
      const allowed = Object.keys(methods).join(', ');
      if (handler === undefined)
        throw new ApiRefusal(405, wrongMethod(allowed), { Allow: allowed });
      const [, id = '', rest = ''] = match;
      await handler({ request, response, id, rest });
      return;
    }
    throw new ApiRefusal(404, unknownPath());
  }

  private async status({ request, response }: Call): Promise<void> {
    refuseBody(request);
    const { version, limits, queue } = this.options;
    const facts = await this.lookAround();
    const status: CompanionStatus = { version, ...facts, limits, jobs: queue.views() };
    sendJson(response, 200, status);
  }

  private async add({ request, response }: Call): Promise<void> {
    const { queue, limits, patience } = this.options;
    const wish = readJobRequest(await readJson(request, patience), limits.files);
    sendJson(response, 201, queue.view(await queue.add(wish)));
  }

  private show({ request, response, id }: Call): void {
    refuseBody(request);
    const { queue } = this.options;
    sendJson(response, 200, queue.view(queue.find(id)));
  }

  private async receive({ request, response, id, rest }: Call): Promise<void> {
    const { queue } = this.options;
    const job = queue.find(id);
    await queue.receive(job, Number(rest), request);
    sendJson(response, 200, queue.view(job));
  }

  private start({ request, response, id }: Call): void {
    refuseBody(request);
    const { queue } = this.options;
    const job = queue.find(id);
    queue.start(job);
    sendJson(response, 202, queue.view(job));
  }

  private async cancel({ request, response, id }: Call): Promise<void> {
    refuseBody(request);
    const { queue } = this.options;
    const job = queue.find(id);
    await queue.cancel(job);
    sendJson(response, 200, queue.view(job));
  }

  private stream({ request, response, id }: Call): void {
    refuseBody(request);
    const { queue, heartbeatMs } = this.options;
    const { events } = queue.find(id);
    const last = request.headers['last-event-id'] ?? '0';
    if (typeof last !== 'string' || !/^\d{1,12}$/.test(last))
      throw new ApiRefusal(400, badRequest('Last-Event-ID is a number'));
    if (this.streams >= MOST_STREAMS) throw new ApiRefusal(429, tooManyStreams());
    this.streams++;
    response.on('close', () => {
      this.streams--;
    });
    response.writeHead(200, { ...API_HEADERS, 'Content-Type': 'text/event-stream' });
    streamEvents(response, events, { since: Number(last), heartbeatMs });
  }

  private async artefact({ request, response, id, rest }: Call): Promise<void> {
    refuseBody(request);
    await sendArtefact(response, this.options.queue.find(id), rest);
  }
}
