// Downloads a file, and goes on where a connection was cut.
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { bar } from '../bar.ts';
import { CommandError, EXIT } from '../exit.ts';

/** Connections in turn that bring nothing, until it is given up; one that brings something begins to count anew. */
const MOST_FUTILE = 6;
const PAUSE_MS = 1_000;

const MEGABYTE = 1_000_000;

interface Download {
  readonly bytes: number;
  /** An address of the file, asked for anew where one has ended. */
  readonly url: string;
  readonly nextUrl: () => Promise<string>;
  readonly pauseMs?: number;
}

/** Writes a file of that size from its beginning. Throws a CommandError where it can't be had whole, or is replaced meanwhile. */
export async function download(file: FileHandle, { bytes, url, nextUrl, pauseMs = PAUSE_MS }: Download): Promise<void> {
  const progress = bar('downloading', 'MB', process.stderr);
  const told = (at: number) => progress.update(Math.floor(at / MEGABYTE), Math.ceil(bytes / MEGABYTE));
  let [at, futile, address] = [0, 0, url];
  let etag: string | undefined;
  try {
    for (;;) {
      const part = await partOf(file, address, at, etag, told);
      if (part.at === bytes) return;
      if (part.at > bytes)
        throw new CommandError(EXIT.unreachable, `got ${part.at} bytes of the bundle, want ${bytes}`);
      futile = part.at > at ? 0 : futile + 1;
      etag ??= part.etag;
      at = part.at;
      if (futile === MOST_FUTILE) {
        throw new CommandError(EXIT.unreachable, `the bundle can't be downloaded: ${part.why}; run the command again`);
      }
      await sleep(futile * pauseMs);
      address = await nextUrl();
    }
  } finally {
    progress.stop();
  }
}

interface Part {
  /** How far the file is written. */
  readonly at: number;
  readonly etag: string | undefined;
  readonly why: string;
}

/** What comes from `from` on, until the end or until the connection breaks. */
async function partOf(
  file: FileHandle,
  url: string,
  from: number,
  etag: string | undefined,
  told: (at: number) => void,
): Promise<Part> {
  let at = from;
  let found = etag;
  try {
    const headers = { ...(from > 0 && { range: `bytes=${from}-` }), ...(etag !== undefined && { 'if-match': etag }) };
    const response = await fetch(url, { headers });
    if (response.status === 412)
      throw new CommandError(EXIT.unreachable, 'the bundle was replaced; run the command again');
    const isRest = response.status === (from > 0 ? 206 : 200);
    if (!isRest || response.body === null) return { at, etag, why: `its store answered ${response.status}` };
    found ??= response.headers.get('etag') ?? undefined;
    for await (const piece of response.body) {
      await writeAll(file, piece, at);
      at += piece.length;
      told(at);
    }
    return { at, etag: found, why: 'the connection was cut' };
  } catch (error) {
    // What fetch throws for a connection that fails or is cut; anything else is a signal, the disk or a defect.
    if ((error as Error).name !== 'TypeError') throw error;
    return { at, etag: found, why: 'the connection was cut, or there was none' };
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}
