/**
 * Uploads in parts that are not complete, one folder each: `upload.json`, and for each part its data and then its record, so
 * that a part is there whole or not at all. A part that is sent again replaces the record; data without one is swept.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftover, makeDirectory, syncDirectory, writeDurably, writeSynced } from '../aws/durable.ts';
import { parsedFile, readIfThere } from '../files.ts';
import type { Algorithm, ChecksumType } from './checksum.ts';
import type { RequestedLock } from './lock.ts';
import type { ObjectHead, Part } from './model.ts';

export interface Upload {
  readonly id: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly initiated: number;
  readonly head: Omit<ObjectHead, 'retention' | 'legalHold'>;
  /** As asked for; a default retention counts from completion. */
  readonly lock: RequestedLock;
  readonly checksum: { readonly algorithm: Algorithm; readonly type: ChecksumType; readonly asked: boolean };
}

const UPLOAD = 'upload.json';
const GONE = '.gone';

export class Uploads {
  readonly #directory: string;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Removes what a crash left half-begun or half-removed. */
  async sweep(): Promise<void> {
    await makeDirectory(this.#directory);
    for (const id of await readdir(this.#directory)) {
      const upload = id.endsWith(GONE) ? undefined : await this.find(id);
      if (upload) await this.#sweepParts(id);
      else await rm(join(this.#directory, id), { recursive: true });
    }
  }

  async create(upload: Omit<Upload, 'id'>): Promise<Upload> {
    const created = { id: randomBytes(48).toString('base64url'), ...upload };
    await makeDirectory(join(this.#directory, created.id));
    await writeDurably(join(this.#directory, created.id, UPLOAD), JSON.stringify(created));
    return created;
  }

  async find(id: string): Promise<Upload | undefined> {
    if (!/^[A-Za-z0-9_-]{64}$/.test(id)) return undefined;
    return readJson<Upload>(join(this.#directory, id, UPLOAD));
  }

  /** The oldest first. */
  async list(): Promise<Upload[]> {
    const uploads = await Promise.all((await readdir(this.#directory)).map((id) => this.find(id)));
    const found = uploads.filter((upload) => upload !== undefined);
    return found.sort((left, right) => left.initiated - right.initiated || (left.id < right.id ? -1 : 1));
  }

  /** False when the upload is gone by now. */
  async putPart(id: string, bytes: Uint8Array, part: Omit<Part, 'data'>): Promise<boolean> {
    const directory = join(this.#directory, id);
    const data = `${part.number}.${randomBytes(12).toString('hex')}.data`;
    try {
      await writeSynced(join(directory, data), [bytes]);
      await syncDirectory(directory);
      await this.turn(id, async () => {
        const before = await readJson<Part>(partPath(directory, part.number));
        await writeDurably(partPath(directory, part.number), JSON.stringify({ ...part, data }));
        if (before) await rm(join(directory, before.data), { force: true });
      });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  async parts(id: string): Promise<Part[]> {
    const directory = join(this.#directory, id);
    const names = (await readdir(directory)).filter((name) => /^\d+\.json$/.test(name));
    const parts = await Promise.all(names.map((name) => readJson<Part>(join(directory, name))));
    return parts.filter((part) => part !== undefined).sort((left, right) => left.number - right.number);
  }

  dataPath(id: string, part: Part): string {
    return join(this.#directory, id, part.data);
  }

  /** Gone at once, though its files take longer. */
  async remove(id: string): Promise<void> {
    const gone = join(this.#directory, `${id}${GONE}`);
    await rename(join(this.#directory, id), gone).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await syncDirectory(this.#directory);
    await rm(gone, { recursive: true, force: true });
  }

  /** Completing and replacing parts take turns. */
  turn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(id) ?? Promise.resolve();
    const after = before.then(work);
    const settled = after.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(id, settled);
    void settled.then(() => {
      if (this.#turns.get(id) === settled) this.#turns.delete(id);
    });
    return after;
  }

  async #sweepParts(id: string): Promise<void> {
    const directory = join(this.#directory, id);
    const kept = new Set((await this.parts(id)).map(({ data }) => data));
    for (const name of await readdir(directory)) {
      if (isLeftover(name) || (name.endsWith('.data') && !kept.has(name)))
        await rm(join(directory, name), { force: true });
    }
  }
}

function partPath(directory: string, number: number): string {
  return join(directory, `${number}.json`);
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  return parsedFile<T>(path, text, 'restore it from a copy, or remove the upload that it is part of');
}
