/** Lanes finish records out of order; a checkpoint may only stand where everything before it is finished. */
export class Progress {
  readonly #outstanding = new Map<string, boolean>();

  /** Records in stream order, before they are handed to a lane. */
  add(sequenceNumber: string): void {
    this.#outstanding.set(sequenceNumber, false);
  }

  /** Answers the new checkpoint when the oldest unfinished record moved, else undefined. */
  finish(sequenceNumbers: Iterable<string>): string | undefined {
    for (const sequenceNumber of sequenceNumbers) this.#outstanding.set(sequenceNumber, true);
    let checkpoint: string | undefined;
    for (const [sequenceNumber, finished] of this.#outstanding) {
      if (!finished) break;
      this.#outstanding.delete(sequenceNumber);
      checkpoint = sequenceNumber;
    }
    return checkpoint;
  }

  get size(): number {
    return this.#outstanding.size;
  }
}
