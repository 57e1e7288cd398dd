/** Reads many things at the same time and hands them out in order, within a bound of memory. */

/** What may be under way, or read and not handed on yet. */
export interface AheadBound {
  readonly requests: number;
  /** A read begins only while fewer bytes than this are outstanding: at most this and one thing more are in memory. */
  readonly bytes: number;
}

export interface Reading<Item, Value> {
  readonly bound: AheadBound;
  /** What the item's value takes, as far as that is known before it is read. */
  bytesOf(item: Item): number;
  read(item: Item): Promise<Value>;
}

interface Begun<Item, Value> {
  readonly item: Item;
  readonly bytes: number;
  readonly value: Promise<Value>;
}

/**
 * Each item with its value, in the order of the items. The value that was handed out counts until the next one is asked
 * for. Throws what the items or a read throw, at that item's turn; reads that nobody waits for any more are let go.
 */
export async function* readAhead<Item, Value>(
  items: AsyncIterable<Item>,
  reading: Reading<Item, Value>,
): AsyncGenerator<{ readonly item: Item; readonly value: Value }, void, undefined> {
  const queue = new AheadQueue(items, reading);
  try {
    for (let begun = await queue.next(); begun !== undefined; begun = await queue.next()) {
      yield { item: begun.item, value: await begun.value };
      queue.release(begun);
    }
  } finally {
    await queue.close();
  }
}

class AheadQueue<Item, Value> {
  readonly #items: AsyncIterator<Item>;
  readonly #reading: Reading<Item, Value>;
  readonly #begun: Begun<Item, Value>[] = [];
  #outstanding = 0;
  #bytes = 0;
  #ended = false;
  #closed = false;
  #failed: { readonly error: unknown } | undefined;
  #filling = false;
  /** Whoever waits for the next one. */
  #wake: (() => void) | undefined;

  constructor(items: AsyncIterable<Item>, reading: Reading<Item, Value>) {
    this.#items = items[Symbol.asyncIterator]();
    this.#reading = reading;
  }

  /** The next one that was begun; undefined at the end. */
  async next(): Promise<Begun<Item, Value> | undefined> {
    for (;;) {
      if (!this.#filling) void this.#fill();
      const begun = this.#begun.shift();
      if (begun !== undefined) return begun;
      if (this.#failed !== undefined) throw this.#failed.error;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  release({ bytes }: Begun<Item, Value>): void {
    this.#outstanding--;
    this.#bytes -= bytes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#ended && this.#failed === undefined) await this.#items.return?.();
  }

  get #hasRoom(): boolean {
    const { requests, bytes } = this.#reading.bound;
    const over = this.#ended || this.#closed || this.#failed !== undefined;
    return !over && this.#outstanding < requests && (this.#outstanding === 0 || this.#bytes < bytes);
  }

  /** Goes on beside whoever takes what was read; items come one after the other. Never rejects. */
  async #fill(): Promise<void> {
    this.#filling = true;
    while (this.#hasRoom) {
      try {
        const { done, value } = await this.#items.next();
        if (done === true) this.#ended = true;
        else if (!this.#closed) this.#begin(value);
      } catch (error) {
        this.#failed = { error };
      }
      this.#wake?.();
    }
    this.#filling = false;
  }

  #begin(item: Item): void {
    const bytes = this.#reading.bytesOf(item);
    const value = this.#reading.read(item);
    // Thrown where it is awaited; when the reader stops before, nobody asks for it any more.
    value.catch(() => undefined);
    this.#outstanding++;
    this.#bytes += bytes;
    this.#begun.push({ item, bytes, value });
  }
}
