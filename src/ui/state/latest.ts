/** Runs one job at a time in spirit: an answer that is no longer the latest question's is dropped. */
export class Latest {
  private turn = 0;

  /** Calls `deliver` with the answer, unless `run` or `drop` was called in between. */
  async run<T>(job: () => Promise<T>, deliver: (answer: T) => void): Promise<void> {
    const turn = ++this.turn;
    const answer = await job();
    if (turn === this.turn) deliver(answer);
  }

  /** Forgets the question under way. */
  drop(): void {
    this.turn++;
  }
}
