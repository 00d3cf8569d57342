import type { ServeAddress } from '../commands/serve.ts';
import { about, integer, object, text } from './schema.ts';
import type { Schema } from './schema.ts';

/** What `serve` prints when it is ready. */
const ADDRESS: Schema<ServeAddress> = object({
  url: about('of the page, with the token in its fragment', text),
  port: integer,
});
export const SERVE_SCHEMA = ADDRESS;
