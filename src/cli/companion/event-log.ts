import type { CompanionEvent } from '../../api/companion-api.ts';

/** An event with its number in the job's stream, from 1 on. */
export interface NumberedEvent {
  readonly id: number;
  readonly event: CompanionEvent;
}

/**
 * What a job tells. Of each type only the last is kept: events say how things stand, so that whoever comes back needs no older
 * ones, and a build of hours takes no memory.
 */
export class EventLog {
  private count = 0;
  private readonly latest = new Map<CompanionEvent['type'], NumberedEvent>();
  private readonly listeners = new Set<(event: NumberedEvent) => void>();

  append(event: CompanionEvent): void {
    const numbered = { id: ++this.count, event };
    this.latest.set(event.type, numbered);
    for (const listener of [...this.listeners]) listener(numbered);
  }

  /** Whether nothing comes any more. */
  get isEnded(): boolean {
    return this.latest.has('ended');
  }

  /** What is new after the event numbered `id`, in order. */
  since(id: number): readonly NumberedEvent[] {
    const newer = [...this.latest.values()].filter((numbered) => numbered.id > id);
    return newer.sort((a, b) => a.id - b.id);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: NumberedEvent) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
