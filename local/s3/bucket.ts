/**
 * One bucket on disk.
 *
 *   bucket.json                      its configuration
 *   objects/HH/REST.json             all versions of one key (HH REST is the key's SHA-256): the commit point of every change
 *   objects/HH/REST.TOKEN.data       the bytes of one version, as they came; never changed
 *   uploads/ID/…                     uploads in parts that are not complete (uploads.ts)
 *
 * The bytes are on disk before the record that names them, and a record is replaced whole, so that a crash at any point leaves
 * the old versions or the new ones. Data that no record names is a write that was never acknowledged; opening removes it.
 *
 * Objects are not encrypted at rest here: what S3 would encrypt under is recorded and asked for (encryption.ts), and the
 * files are as protected as the disk that they lie on.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isLeftover,
  makeDirectory,
  removeLeftovers,
  syncDirectory,
  writeDurably,
  writeSynced,
} from '../aws/durable.ts';
import { parsedFile, readIfThere, unreadable } from '../files.ts';
import { SortedKeys } from './keys.ts';
import type { BucketConfig, KeyRecord, ObjectVersion, Version } from './model.ts';
import { Uploads } from './uploads.ts';

/** What a change makes of a key's versions, and what its caller wants to know of it. */
export interface Change<T> {
  readonly versions: readonly Version[];
  readonly result: T;
}

interface BucketFile {
  readonly name: string;
  readonly created: string;
  readonly config: BucketConfig;
}

const RESTORE = 'restore it from a copy: without it the objects that it names can not be served';
const CONFIG = 'bucket.json';
const RECORD = '.json';
const DATA = '.data';

export class Bucket {
  readonly name: string;
  readonly created: Date;
  readonly directory: string;
  readonly keys: SortedKeys;
  readonly uploads: Uploads;
  #config: BucketConfig;
  readonly #records: Map<string, KeyRecord>;
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #removals = new Map<string, number>();

  private constructor(directory: string, file: BucketFile, records: Map<string, KeyRecord>) {
    this.directory = directory;
    this.uploads = new Uploads(join(directory, 'uploads'));
    this.name = file.name;
    this.created = new Date(file.created);
    this.#config = file.config;
    this.#records = records;
    this.keys = SortedKeys.from(records.keys());
  }

  static async create(directory: string, name: string, created: Date, config: BucketConfig): Promise<Bucket> {
    await makeDirectory(join(directory, 'objects'));
    await makeDirectory(join(directory, 'uploads'));
    const file = { name, created: created.toISOString(), config };
    await writeDurably(join(directory, CONFIG), JSON.stringify(file, undefined, 2));
    return new Bucket(directory, file, new Map());
  }

  /** Undefined when the directory holds no bucket: its creation never finished. */
  static async open(directory: string): Promise<Bucket | undefined> {
    await removeLeftovers(directory, await readdir(directory));
    const text = await readIfThere(join(directory, CONFIG));
    if (text === undefined) {
      await demandNoObjects(directory);
      return undefined;
    }
    const objects = join(directory, 'objects');
    await makeDirectory(objects);
    await new Uploads(join(directory, 'uploads')).sweep();
    const records = new Map<string, KeyRecord>();
    for (const shard of await readdir(objects)) {
      for (const record of await openShard(join(objects, shard))) records.set(record.key, record);
    }
    return new Bucket(directory, parsedFile<BucketFile>(join(directory, CONFIG), text, RESTORE), records);
  }

  get config(): BucketConfig {
    return this.#config;
  }

  get arn(): string {
    return `arn:aws:s3:::${this.name}`;
  }

  async configure(config: BucketConfig): Promise<void> {
    const file = { name: this.name, created: this.created.toISOString(), config };
    await writeDurably(join(this.directory, CONFIG), JSON.stringify(file, undefined, 2));
    this.#config = config;
  }

  /** Newest first; empty when the key was never written or all its versions are gone. */
  versions(key: string): readonly Version[] {
    return this.#records.get(key)?.versions ?? [];
  }

  /** How often a version of the key was removed, or hidden by a delete marker, since the start. */
  removals(key: string): number {
    return this.#removals.get(key) ?? 0;
  }

  countRemoval(key: string): void {
    this.#removals.set(key, this.removals(key) + 1);
  }

  /** Writes the bytes of a version to be; `change` makes them part of the key. */
  async writeData(key: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> {
    const { directory, stem } = this.#place(key);
    await makeDirectory(directory);
    const name = `${stem}.${randomBytes(12).toString('hex')}${DATA}`;
    await writeSynced(join(directory, name), pieces);
    // The name has to be there before a record that holds it.
    await syncDirectory(directory);
    return name;
  }

  async discardData(key: string, name: string): Promise<void> {
    await rm(join(this.#place(key).directory, name), { force: true });
  }

  dataPath(key: string, version: ObjectVersion): string {
    return join(this.#place(key).directory, version.data);
  }

  /** One change after another for each key. The change is durable when it returns. */
  change<T>(key: string, change: (versions: readonly Version[]) => Change<T>): Promise<T> {
    const before = this.#queues.get(key) ?? Promise.resolve();
    const after = before.then(() => this.#commit(key, change(this.versions(key))));
    const settled = after.then(
      () => undefined,
      () => undefined,
    );
    this.#queues.set(key, settled);
    void settled.then(() => {
      if (this.#queues.get(key) === settled) this.#queues.delete(key);
    });
    return after;
  }

  /** Waits for the changes under way. */
  async settle(): Promise<void> {
    await Promise.all(this.#queues.values());
  }

  async #commit<T>(key: string, { versions, result }: Change<T>): Promise<T> {
    const before = this.versions(key);
    if (versions === before) return result;
    const { directory, stem } = this.#place(key);
    const path = join(directory, `${stem}${RECORD}`);
    if (versions.length === 0) {
      await rm(path, { force: true });
      await syncDirectory(directory);
      this.#records.delete(key);
      this.keys.delete(key);
    } else {
      await makeDirectory(directory);
      const record = { key, versions };
      await writeDurably(path, JSON.stringify(record));
      this.#records.set(key, record);
      this.keys.add(key);
    }
    const kept = new Set(versions.map(dataOf));
    for (const name of before.map(dataOf)) {
      if (name !== undefined && !kept.has(name)) await this.discardData(key, name);
    }
    return result;
  }

  #place(key: string): { directory: string; stem: string } {
    const hash = createHash('sha256').update(key).digest('hex');
    return { directory: join(this.directory, 'objects', hash.slice(0, 2)), stem: hash.slice(2) };
  }
}

function dataOf(version: Version): string | undefined {
  return version.marker ? undefined : version.data;
}

/** The configuration is on disk before the first object. */
async function demandNoObjects(directory: string): Promise<void> {
  const found = await readdir(join(directory, 'objects')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (found.length > 0) throw unreadable(join(directory, CONFIG), 'it is missing', RESTORE);
}

async function openShard(directory: string): Promise<KeyRecord[]> {
  const names = await readdir(directory);
  const texts = names.filter((name) => name.endsWith(RECORD) && !isLeftover(name));
  const records = await Promise.all(
    texts.map(async (name) => {
      const path = join(directory, name);
      const record = parsedFile<KeyRecord>(path, (await readIfThere(path)) ?? '', RESTORE);
      if (typeof record.key !== 'string' || !Array.isArray(record.versions)) {
        throw unreadable(path, 'it holds no versions of a key', RESTORE);
      }
      return record;
    }),
  );
  const named = new Set(records.flatMap(({ versions }) => versions.map(dataOf)));
  await removeLeftovers(directory, names);
  for (const name of names) {
    if (name.endsWith(DATA) && !named.has(name)) await rm(join(directory, name), { force: true });
  }
  return records;
}
