// The entries of an input file, decompressed and streamed, in the memory that one of them needs.
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CommandError, EXIT } from '../exit.ts';
import { type Item, Splitter } from './split.ts';

/** One entry or record of a file: a line that isn't blank, or an item of a list. */
export interface Line {
  /** File and place, for people. */
  readonly place: string;
  /** Which one of the file, from 0 on. */
  readonly index: number;
  readonly text: string;
  readonly fault?: string;
  /** How many bytes of the file had been read when it came. */
  readonly bytesRead: number;
}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

export async function totalBytes(files: readonly string[]): Promise<number> {
  let total = 0;
  for (const file of files) total += (await orUnreadable(file, () => stat(file))).size;
  return total;
}

/** Whether it is gzip is told by its content and not by its name. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const source = createReadStream(file);
  const input = (await orUnreadable(file, () => isGzip(file))) ? pipeline(source, createGunzip(), () => {}) : source;
  let index = 0;
  let last = 'its beginning';
  try {
    for await (const { text, place, fault } of itemsOf(input)) {
      last = `${file}${place}`;
      yield { place: last, index, text, bytesRead: source.bytesRead, ...(fault !== undefined && { fault }) };
      index++;
    }
  } catch (error) {
    throw unreadable(`${file} after ${last}`, error);
  } finally {
    source.destroy();
  }
}

async function* itemsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Item> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const splitter = new Splitter();
  for await (const chunk of chunks) yield* splitter.push(decoder.decode(chunk, { stream: true }));
  yield* splitter.push(decoder.decode());
  yield* splitter.end();
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(GZIP_MAGIC.length), 0, GZIP_MAGIC.length, 0);
    return bytesRead === GZIP_MAGIC.length && buffer.equals(GZIP_MAGIC);
  } finally {
    await handle.close();
  }
}

async function orUnreadable<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(what: string, error: unknown): CommandError {
  return new CommandError(EXIT.usage, `cannot read ${what}: ${(error as Error).message}`, { cause: error });
}
