/** One event of a `text/event-stream`. */
export interface ServerEvent {
  readonly id: string;
  readonly data: string;
}

/**
 * Reads server-sent events off a response. Comments only keep it alive: a stream without a byte for `silenceMs` is taken for dead.
 * Ends with the stream; rejects where it breaks.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silenceMs: number,
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await beforeSilence(reader.read(), silenceMs);
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = eventOf(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    // A stream that is left or broken is of no use to anyone; what its cancelling says is not either.
    reader.cancel().catch(() => undefined);
  }
}

/** Our server sends one line of data an event. */
function eventOf(block: string): ServerEvent | undefined {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
  const data = field('data');
  return data === undefined ? undefined : { id: field('id') ?? '', data };
}

async function beforeSilence<T>(answer: Promise<T>, silenceMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the stream fell silent'));
    }, silenceMs);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
