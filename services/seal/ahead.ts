// Rows of a chain that are read ahead of a window.
import type { ArchiveRow } from '../archive/port.ts';
import type { Cursor } from '../archive/window.ts';
import type { ChainSource } from './source.ts';

/** What is known of the chain from a window's first position on: the window, and what has been read ahead of it. */
export class Ahead {
  readonly #source: ChainSource;
  readonly #rows: ArchiveRow[];
  #end: Cursor;
  #over = false;
  /** Categories ask side by side; they read on one after the other. */
  #reading: Promise<void> = Promise.resolve();

  constructor(source: ChainSource, rows: readonly ArchiveRow[], end: Cursor) {
    this.#source = source;
    this.#rows = [...rows];
    this.#end = end;
  }

  /** The category's rows from `from` to `last`, as far as the chain goes. */
  async rows(category: string, from: number, last: number): Promise<{ rows: readonly ArchiveRow[]; whole: boolean }> {
    this.#reading = this.#reading.then(() => this.#readTo(last));
    await this.#reading;
    const begin = this.#rows[0]?.position ?? 0;
    const within = this.#rows.slice(Math.max(0, from - begin), Math.max(0, last + 1 - begin));
    return { rows: within.filter(({ entry }) => entry.category === category), whole: this.#end.position > last };
  }

  async #readTo(last: number): Promise<void> {
    while (this.#end.position <= last && !this.#over) {
      const next = await this.#source.next(this.#end);
      if (typeof next === 'string') {
        this.#over = true;
        return;
      }
      for (const row of next) this.#rows.push(row);
      const newest = next.at(-1)!;
      this.#end = { position: newest.position + 1, link: newest.link };
    }
  }
}
