/**
 * How far an event source mapping has come, per shard, on disk. A checkpoint is written (fsync, then rename) after the function
 * took the records and before newer ones are forgotten: a crash repeats deliveries, it never skips one. A lost or unreadable file
 * means TRIM_HORIZON: everything that the stream still holds comes again.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeLeftoversOf, writeDurably } from '../aws/durable.ts';
import { readIfThere } from '../files.ts';

export interface ShardCheckpoint {
  /** The last record that is done with; absent: none yet. */
  readonly after?: string;
  /** The shard is closed and read to its end. */
  readonly finished?: true;
}

interface Saved {
  readonly streamArn: string;
  readonly shards: Readonly<Record<string, ShardCheckpoint>>;
}

export class Checkpoints {
  readonly #path: string;
  readonly #streamArn: string;
  readonly #shards: Map<string, ShardCheckpoint>;
  /** No file of this stream was there: the mapping's StartingPosition decides. */
  readonly isNew: boolean;
  #saving: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(path: string, streamArn: string, saved: Saved | undefined) {
    this.#path = path;
    this.#streamArn = streamArn;
    this.#shards = new Map(Object.entries(saved?.shards ?? {}));
    this.isNew = saved === undefined;
  }

  /** Answers what is wrong with an unreadable file through `warn`, and goes on without it. */
  static async open(path: string, streamArn: string, warn: (reason: string) => void): Promise<Checkpoints> {
    await mkdir(dirname(path), { recursive: true });
    await removeLeftoversOf(path);
    const text = await readIfThere(path);
    if (text === undefined) return new Checkpoints(path, streamArn, undefined);
    try {
      const saved = JSON.parse(text) as Saved;
      // Another stream label is another stream: the table was replaced.
      if (saved.streamArn !== streamArn) return new Checkpoints(path, streamArn, undefined);
      return new Checkpoints(path, streamArn, saved);
    } catch {
      warn('the checkpoint file is unreadable; the stream is read from its oldest record');
      return new Checkpoints(path, streamArn, { streamArn, shards: {} });
    }
  }

  get(shardId: string): ShardCheckpoint | undefined {
    return this.#shards.get(shardId);
  }

  /** Resolves when it is on disk. Calls that arrive while a write runs share the next one. */
  set(shardId: string, checkpoint: ShardCheckpoint): Promise<void> {
    this.#shards.set(shardId, checkpoint);
    return this.#save();
  }

  /** Drops shards that the stream no longer lists, so that the file doesn't grow for ever. */
  async keepOnly(shardIds: ReadonlySet<string>): Promise<void> {
    const gone = [...this.#shards.keys()].filter((shardId) => !shardIds.has(shardId));
    for (const shardId of gone) this.#shards.delete(shardId);
    if (gone.length > 0) await this.#save();
  }

  #save(): Promise<void> {
    if (!this.#saving) {
      this.#saving = this.#write().finally(() => {
        this.#saving = undefined;
      });
      return this.#saving;
    }
    this.#next ??= this.#saving
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#save();
      });
    return this.#next;
  }

  async #write(): Promise<void> {
    const saved: Saved = { streamArn: this.#streamArn, shards: Object.fromEntries(this.#shards) };
    await writeDurably(this.#path, JSON.stringify(saved));
  }
}
