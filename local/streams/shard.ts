/** Reads one shard from its checkpoint to its end, hands the records to lanes, and moves the checkpoint after them. */
import { createHash } from 'node:crypto';
import { type DynamoDbClient, DynamoDbError } from '../dynamodb/client.ts';
import type { Clock } from '../template/provisioner.ts';
import type { Checkpoints } from './checkpoints.ts';
import { Lane } from './lane.ts';
import { Progress } from './progress.ts';
import { type RecordSource, type StreamRecord, streamRecord, type WireRecord } from './record.ts';
import type { StreamSettings } from './settings.ts';

/** How often an idle shard is read when no write announces itself (time to live deletes without one); AWS reads 4 times a second. */
const IDLE_READ_MS = 250;
/** Reads are at least this far apart, so that reading doesn't slow the writes that it would find one by one. */
const SHORTEST_READ_MS = 100;
/** After an answer of this size there is more to read at once: the emulator gives a megabyte at a time. */
const LARGE_ANSWER_BYTES = 256 * 1024;
/** Reading pauses while this much is waiting for the function. */
const READ_AHEAD_RECORDS = 20_000;
const READ_AHEAD_BYTES = 64 * 1024 * 1024;
const READ_LIMIT = 1000;

export interface ShardOptions {
  readonly shardId: string;
  /** The stream's ARN in the emulator's terms. */
  readonly emulatedArn: string;
  readonly source: RecordSource;
  readonly client: DynamoDbClient;
  readonly settings: StreamSettings;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  /** When this runtime began to read the stream. */
  readonly since: number;
  readonly signal: AbortSignal;
  /** Resolves at the next write. */
  readonly nextWrite: () => Promise<void>;
  readonly deliver: (batch: readonly StreamRecord[], shard: ShardReader) => Promise<void>;
  readonly warn: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

interface Answer {
  readonly Records: readonly WireRecord[];
  readonly NextShardIterator?: string;
}

export class ShardReader {
  readonly shardId: string;
  readonly #options: ShardOptions;
  readonly #progress = new Progress();
  readonly #lanes: readonly Lane[];
  #bytes = 0;
  #after: string | undefined;
  #drained = Promise.withResolvers<void>();

  constructor(options: ShardOptions) {
    this.shardId = options.shardId;
    this.#options = options;
    this.#after = options.checkpoints.get(options.shardId)?.after;
    const { settings, clock, signal } = options;
    this.#lanes = Array.from({ length: settings.lanes }, () => {
      return new Lane({
        batchSize: settings.batchSize,
        windowMs: settings.windowMs,
        clock,
        signal,
        deliver: (batch) => options.deliver(batch, this),
      });
    });
  }

  /** Resolves when the shard is closed and everything in it is done with, or the signal aborts. */
  async run(): Promise<void> {
    const lanes = Promise.all(this.#lanes.map((lane) => lane.run()));
    // A lane that fails for a reason of its own must end the reader too.
    await Promise.race([this.#read(), lanes]);
    await lanes;
    if (this.#options.signal.aborted) return;
    const after = this.#after;
    await this.#options.checkpoints.set(this.shardId, { ...(after === undefined ? {} : { after }), finished: true });
  }

  /** The records are done with: the checkpoint moves as far as everything before it is, too. */
  async finished(records: readonly StreamRecord[]): Promise<void> {
    this.#bytes -= records.reduce((sum, record) => sum + record.bytes, 0);
    const checkpoint = this.#progress.finish(records.map((record) => record.sequenceNumber));
    this.#drained.resolve();
    this.#drained = Promise.withResolvers<void>();
    if (checkpoint !== undefined) await this.#options.checkpoints.set(this.shardId, { after: checkpoint });
  }

  async #read(): Promise<void> {
    const { client, clock, signal } = this.#options;
    let iterator: string | undefined;
    while (!signal.aborted) {
      const started = clock.now();
      try {
        iterator ??= await this.#iterator();
        const answer: Answer = await client.streams('GetRecords', { ShardIterator: iterator, Limit: READ_LIMIT });
        const bytes = this.#accept(answer.Records);
        if (answer.NextShardIterator === undefined) break;
        iterator = answer.NextShardIterator;
        if (answer.Records.length === 0) await this.#wait(started);
        else if (bytes < LARGE_ANSWER_BYTES) await this.#rest(started);
        await this.#spare();
      } catch (error) {
        if (signal.aborted) break;
        iterator = undefined;
        if (!isExpiry(error))
          this.#options.warn('reading the stream failed, trying again', { shard: this.shardId, error: String(error) });
        await clock.sleep(IDLE_READ_MS, signal);
      }
    }
    for (const lane of this.#lanes) lane.end();
  }

  async #iterator(): Promise<string> {
    const { client, emulatedArn } = this.#options;
    const ask = async (where: Record<string, string>) => {
      const input = { StreamArn: emulatedArn, ShardId: this.shardId, ...where };
      return (await client.streams<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
    };
    if (this.#after === undefined) return ask({ ShardIteratorType: 'TRIM_HORIZON' });
    try {
      return await ask({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: this.#after });
    } catch (error) {
      if (!(error instanceof DynamoDbError && error.code === 'TrimmedDataAccessException')) throw error;
      this.#options.warn(
        'records after the checkpoint are older than 24 hours and gone; reading the oldest that is left',
        {
          shard: this.shardId,
        },
      );
      return ask({ ShardIteratorType: 'TRIM_HORIZON' });
    }
  }

  /** How many bytes the records have. */
  #accept(records: readonly WireRecord[]): number {
    const { source, settings, clock } = this.#options;
    let bytes = 0;
    const filtered: StreamRecord[] = [];
    for (const wire of records) {
      const record = streamRecord(wire, source, clock.now(), this.#options.since);
      this.#after = record.sequenceNumber;
      this.#progress.add(record.sequenceNumber);
      this.#bytes += record.bytes;
      bytes += record.bytes;
      if (settings.filter && !settings.filter(record.event)) filtered.push(record);
      else this.#lane(record.partition).push(record);
    }
    // What the filter drops is done with at once; its checkpoint goes to disk with the next one.
    if (filtered.length > 0) void this.finished(filtered).catch((error) => this.#options.warn(String(error)));
    return bytes;
  }

  #lane(partition: string): Lane {
    const { length } = this.#lanes;
    const index = length === 1 ? 0 : createHash('md5').update(partition).digest().readUInt32BE() % length;
    return this.#lanes[index] as Lane;
  }

  async #wait(started: number): Promise<void> {
    const { clock, signal, nextWrite } = this.#options;
    await Promise.race([clock.sleep(IDLE_READ_MS, signal), nextWrite()]);
    await this.#rest(started);
  }

  async #rest(started: number): Promise<void> {
    const { clock, signal } = this.#options;
    const early = SHORTEST_READ_MS - (clock.now() - started);
    if (early > 0) await clock.sleep(early, signal);
  }

  async #spare(): Promise<void> {
    const { clock, signal } = this.#options;
    while (!signal.aborted && (this.#progress.size > READ_AHEAD_RECORDS || this.#bytes > READ_AHEAD_BYTES)) {
      await Promise.race([this.#drained.promise, clock.sleep(IDLE_READ_MS, signal)]);
    }
  }
}

function isExpiry(error: unknown): boolean {
  return error instanceof DynamoDbError && error.code === 'ExpiredIteratorException';
}
