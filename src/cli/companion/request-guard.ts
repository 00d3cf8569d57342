import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { foreignRequest, tokenWrong } from '../companion-diagnostics.ts';
import { isLoopbackAddress, isOwnHost } from '../serve-page.ts';
import { ApiRefusal } from './api-refusal.ts';

/**
 * Refuses what does not come from the page of this server, in this order: another machine, another name for this one (DNS
 * rebinding), another site, no token. Browsers cannot forge `Host`, `Origin` and `Sec-Fetch-Site`; where the last two are
 * missing it is no browser, and the token alone decides.
 */
export function guardRequest(request: IncomingMessage, token: string): void {
  const { headers, socket } = request;
  const { host, origin } = headers;
  if (!isLoopbackAddress(socket.remoteAddress)) throw new ApiRefusal(403, foreignRequest());
  if (!isOwnHost(host)) throw new ApiRefusal(421, foreignRequest());
  if (origin !== undefined && origin !== `http://${String(host)}`)
    throw new ApiRefusal(403, foreignRequest());
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw new ApiRefusal(403, foreignRequest());
  if (!carriesToken(headers.authorization, token))
    throw new ApiRefusal(401, tokenWrong(), { 'WWW-Authenticate': 'Bearer' });
}

/** Compares in a time that tells nothing about the token: hashes have one length. */
function carriesToken(authorization: string | undefined, token: string): boolean {
  const [, given] = /^Bearer ([\w-]{1,200})$/.exec(authorization ?? '') ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
