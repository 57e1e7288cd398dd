/**
 * A small durable log of what is not finished: one JSON record a line, `put` to add and `drop` to finish.
 *
 * Promise: `put` resolves after fsync, so what it acknowledged is there after SIGKILL or power loss. `drop` is not synced:
 * a crash may bring a finished record back, so whoever reads the journal delivers at least once.
 * Puts that arrive while a sync runs share the next one.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectory, NotWritten, removeLeftoversOf, writeDurably } from './aws/durable.ts';
import { readIfThere, unreadable } from './files.ts';

/** The file is rewritten with only what is open once this much of it is finished. */
const COMPACT_BYTES = 8 * 1024 * 1024;

type Line<T> = { readonly put: string; readonly value: T } | { readonly drop: string };

export class Journal<T> {
  readonly #path: string;
  readonly #open = new Map<string, T>();
  #file: FileHandle;
  #waiting: string[] = [];
  #synced: { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } | undefined;
  #writing: Promise<void> = Promise.resolve();
  #busy = false;
  #bytes: number;
  /** Of the file's whole lines. */
  #length: number;
  #closed = false;

  private constructor(path: string, file: FileHandle, entries: ReadonlyMap<string, T>, bytes: number) {
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
    this.#length = bytes;
    for (const [key, value] of entries) this.#open.set(key, value);
  }

  static async open<T>(path: string): Promise<Journal<T>> {
    await makeDirectory(dirname(path));
    await removeLeftoversOf(path);
    const entries = await readEntries<T>(path);
    const bytes = await rewrite(path, entries);
    return new Journal(path, await open(path, 'a', 0o600), entries, bytes);
  }

  /** What is not finished, oldest first. */
  get entries(): ReadonlyMap<string, T> {
    return this.#open;
  }

  /** Adds or replaces; what it rejects is not in the journal, unless the machine dies before it can be cut off. */
  async put(key: string, value: T): Promise<void> {
    if (this.#closed) throw new Error(`${this.#path} is closed.`);
    const before = this.#open.get(key);
    this.#open.set(key, value);
    try {
      await this.#append({ put: key, value });
    } catch (error) {
      if (before === undefined) this.#open.delete(key);
      else this.#open.set(key, before);
      throw error;
    }
  }

  drop(key: string): void {
    if (!this.#open.delete(key) || this.#closed) return;
    // Its failure reaches every waiting `put`, or the next one; a lost drop only repeats a delivery.
    this.#append({ drop: key }).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#file.close();
  }

  #append(line: Line<T>): Promise<void> {
    this.#waiting.push(`${JSON.stringify(line)}\n`);
    this.#synced ??= Promise.withResolvers<void>();
    const { promise } = this.#synced;
    if (!this.#busy) {
      this.#busy = true;
      this.#writing = this.#drain();
    }
    return promise;
  }

  async #drain(): Promise<void> {
    while (this.#synced) {
      const { resolve, reject } = this.#synced;
      const chunk = this.#waiting.join('');
      this.#waiting = [];
      this.#synced = undefined;
      try {
        await this.#file.appendFile(chunk);
        await this.#file.datasync();
        this.#bytes += Buffer.byteLength(chunk);
        this.#length += Buffer.byteLength(chunk);
        resolve();
      } catch (error) {
        await this.#cutOff();
        reject(error);
      }
      if (this.#bytes > COMPACT_BYTES) await this.#compact();
    }
    this.#busy = false;
  }

  /** A torn line would take the next one with it. Where it can't be cut off, every later put fails instead. */
  async #cutOff(): Promise<void> {
    await this.#file.truncate(this.#length).catch(() => this.#file.close());
  }

  /** Where there is no space for a second file, the first one goes on and is rewritten after as much again. */
  async #compact(): Promise<void> {
    const before = this.#file;
    try {
      // What is waiting is in the map already and would be written twice, which is harmless: the last record of a key wins.
      const bytes = await rewrite(this.#path, this.#open);
      this.#file = await open(this.#path, 'a', 0o600);
      this.#length = bytes;
      // When most of it is still open, rewriting at every append would be quadratic.
      this.#bytes = bytes > COMPACT_BYTES / 2 ? 0 : bytes;
    } catch (error) {
      await this.#afterFailedCompaction(error);
      return;
    }
    await before.close();
  }

  async #afterFailedCompaction(error: unknown): Promise<void> {
    this.#bytes = 0;
    // Before the rename the file is the one that is open. After it, puts have to fail rather than reach a file without a name.
    if (!(error instanceof NotWritten)) await this.#file.close().catch(() => undefined);
  }
}

async function readEntries<T>(path: string): Promise<Map<string, T>> {
  const entries = new Map<string, T>();
  const text = (await readIfThere(path)) ?? '';
  // A line without its end was being written when the process died; nobody was told that it is there.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const record = parse<T>(line);
    if (record === undefined) throw unreadable(path, `line ${index + 1} is no record`, CORRUPT);
    if ('put' in record) entries.set(record.put, record.value);
    else entries.delete(record.drop);
  }
  return entries;
}

const CORRUPT =
  'restore the file from a copy, or remove that line: what it holds is then neither finished nor delivered';

/** Undefined if invalid. */
function parse<T>(line: string): Line<T> | undefined {
  try {
    const record = JSON.parse(line) as { put?: unknown; drop?: unknown; value?: unknown } | null;
    const valid = typeof record?.drop === 'string' || (typeof record?.put === 'string' && record.value !== undefined);
    return valid ? (record as Line<T>) : undefined;
  } catch {
    return undefined;
  }
}

/** Throws NotWritten when the file is as it was. */
async function rewrite<T>(path: string, entries: ReadonlyMap<string, T>): Promise<number> {
  const text = [...entries].map(([key, value]) => `${JSON.stringify({ put: key, value })}\n`).join('');
  await writeDurably(path, text);
  return Buffer.byteLength(text);
}
