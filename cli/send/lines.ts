// Reads the lines of a file.
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CommandError, EXIT } from '../exit.ts';

/** One non-empty line of an input file, and how many bytes of the file had been read when it came. */
export interface Line {
  readonly file: string;
  readonly number: number;
  readonly text: string;
  readonly bytesRead: number;
}

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

export async function totalBytes(files: readonly string[]): Promise<number> {
  let total = 0;
  for (const file of files) total += (await orUnreadable(file, () => stat(file))).size;
  return total;
}

/** Streams the lines of a file, decompressing by content and not by name, in the memory that a line needs. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const source = createReadStream(file);
  const input = (await orUnreadable(file, () => isGzip(file))) ? pipeline(source, createGunzip(), () => {}) : source;
  let number = 0;
  try {
    for await (const text of splitLines(input)) {
      number++;
      if (text.trim() !== '') yield { file, number, text, bytesRead: source.bytesRead };
    }
  } catch (error) {
    throw unreadable(`${file} after line ${number}`, error);
  } finally {
    source.destroy();
  }
}

async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
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
