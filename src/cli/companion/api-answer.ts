import type { ServerResponse } from 'node:http';
import type { CompanionError } from '../../api/companion-api.ts';
import { PAGE_HEADERS } from '../serve-page.ts';
import type { ApiRefusal } from './api-refusal.ts';

/** Of every answer of the API. No header lets another site read it, and nothing keeps it. */
export const API_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'Cache-Control': 'no-store',
};

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...API_HEADERS,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Answers with a refusal, and ends the connection: what else comes on it is a body that nobody wants. */
export function sendRefusal(response: ServerResponse, refusal: ApiRefusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
  response.setHeader('Connection', 'close');
  const body: CompanionError = { error: refusal.diagnostic };
  sendJson(response, refusal.status, body);
}
