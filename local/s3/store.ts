/** All buckets of the account. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory, syncDirectory } from '../aws/durable.ts';
import { Refusal } from '../aws/refusal.ts';
import { Bucket } from './bucket.ts';
import type { BucketConfig } from './model.ts';

/** AWS's rules for names of general purpose buckets. */
const NAME =
  /^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:\.\.|-s3alias$|--ol-s3$|--x-s3$))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export function isBucketName(name: string): boolean {
  return NAME.test(name);
}

export class BucketStore {
  readonly #directory: string;
  readonly #buckets: Map<string, Bucket>;

  private constructor(directory: string, buckets: Map<string, Bucket>) {
    this.#directory = directory;
    this.#buckets = buckets;
  }

  static async open(directory: string): Promise<BucketStore> {
    await makeDirectory(directory);
    const buckets = new Map<string, Bucket>();
    for (const name of await readdir(directory)) {
      const bucket = await Bucket.open(join(directory, name));
      if (bucket) buckets.set(name, bucket);
    }
    return new BucketStore(directory, buckets);
  }

  list(): Bucket[] {
    return [...this.#buckets.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  get(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
    return bucket;
  }

  async create(name: string, created: Date, config: BucketConfig): Promise<Bucket> {
    if (!isBucketName(name)) {
      throw new Refusal(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
    }
    const bucket = await Bucket.create(join(this.#directory, name), name, created, config);
    await syncDirectory(this.#directory);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** Of an empty bucket. */
  async remove(name: string): Promise<void> {
    this.#buckets.delete(name);
    // Without its configuration it is no bucket any more, whatever a crash leaves of the rest.
    await rm(join(this.#directory, name, 'bucket.json'));
    await rm(join(this.#directory, name), { recursive: true });
    await syncDirectory(this.#directory);
  }

  async settle(): Promise<void> {
    await Promise.all(this.list().map((bucket) => bucket.settle()));
  }
}
