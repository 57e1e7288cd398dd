/**
 * An event source mapping from a DynamoDB stream to a function, as Lambda runs it: every shard in order, children after their
 * parents, at least once.
 */

import type { LocalDynamoDb } from '../dynamodb/provisioners.ts';
import { arnBorder } from '../dynamodb/region.ts';
import { METRICS } from '../observability/metrics.ts';
import type { RuntimeContext } from '../template/provisioner.ts';
import { Checkpoints } from './checkpoints.ts';
import { deliver } from './deliver.ts';
import { sendDiscard } from './destination.ts';
import type { RecordSource, Shard, StreamDescription, StreamRecord, WireRecord } from './record.ts';
import type { StreamSettings } from './settings.ts';
import { ShardReader } from './shard.ts';

/** How often new shards are looked for; they appear every few hours. */
const DISCOVERY_MS = 2_000;
const RESTART_MS = 1_000;

type Warn = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

export interface StreamMappingOptions {
  readonly id: string;
  readonly checkpointPath: string;
  readonly settings: StreamSettings;
  readonly dynamoDb: LocalDynamoDb;
  readonly context: RuntimeContext;
}

export class StreamMapping {
  readonly #options: StreamMappingOptions;
  readonly #emulatedArn: string;
  readonly #since: number;
  readonly #abort = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  #write = Promise.withResolvers<void>();
  #discovery: Promise<void> = Promise.resolve();
  #unsubscribe: () => void = () => undefined;

  constructor(options: StreamMappingOptions) {
    this.#options = options;
    const { region, account, clock } = options.context;
    this.#since = clock.now();
    this.#emulatedArn = arnBorder(region, account).inward(options.settings.sourceArn);
  }

  async start(): Promise<void> {
    const { settings, checkpointPath, dynamoDb } = this.#options;
    const checkpoints = await Checkpoints.open(checkpointPath, settings.sourceArn, (reason) => this.#warn(reason));
    const description = await this.#describe();
    if (checkpoints.isNew && settings.startingPosition === 'LATEST') await this.#skipToLatest(checkpoints, description);
    this.#unsubscribe = dynamoDb.onWrite(() => {
      this.#write.resolve();
      this.#write = Promise.withResolvers<void>();
    });
    this.#discovery = this.#discover(checkpoints, description);
  }

  /** Invocations that run are awaited; nothing new starts. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#unsubscribe();
    await this.#discovery;
    await Promise.all(this.#running.values());
  }

  async #discover(checkpoints: Checkpoints, first: StreamDescription): Promise<void> {
    const { signal } = this.#abort;
    const { clock } = this.#options.context;
    let description = first;
    while (!signal.aborted) {
      try {
        this.#startShards(description, checkpoints);
        await clock.sleep(DISCOVERY_MS, signal);
        if (signal.aborted) return;
        description = await this.#describe();
        await checkpoints.keepOnly(new Set(description.Shards.map((shard) => shard.ShardId)));
      } catch (error) {
        this.#warn('describing the stream failed, trying again', { error: String(error) });
        await clock.sleep(RESTART_MS, signal);
      }
    }
  }

  /** A shard is read once its parent is read to the end, or is no longer there. */
  #startShards(description: StreamDescription, checkpoints: Checkpoints): void {
    const present = new Set(description.Shards.map((shard) => shard.ShardId));
    for (const shard of description.Shards) {
      if (this.#running.has(shard.ShardId) || checkpoints.get(shard.ShardId)?.finished) continue;
      const parent = shard.ParentShardId;
      if (parent !== undefined && present.has(parent) && !checkpoints.get(parent)?.finished) continue;
      const run = this.#runShard(shard, this.#source(description), checkpoints).finally(() => {
        this.#running.delete(shard.ShardId);
      });
      this.#running.set(shard.ShardId, run);
    }
  }

  async #runShard(shard: Shard, source: RecordSource, checkpoints: Checkpoints): Promise<void> {
    const { settings, dynamoDb, context } = this.#options;
    while (!this.#abort.signal.aborted) {
      const own = new AbortController();
      const signal = AbortSignal.any([this.#abort.signal, own.signal]);
      try {
        const reader = new ShardReader({
          shardId: shard.ShardId,
          emulatedArn: this.#emulatedArn,
          source,
          client: dynamoDb.client,
          settings,
          checkpoints,
          clock: context.clock,
          since: this.#since,
          signal,
          nextWrite: () => this.#write.promise,
          deliver: (batch, from) => this.#deliver(batch, from, signal),
          warn: (message, fields) => this.#warn(message, fields),
        });
        await reader.run();
        return;
      } catch (error) {
        // From the checkpoint again: everything unfinished is delivered once more.
        own.abort();
        this.#warn('a shard stopped, starting it again from its checkpoint', {
          shard: shard.ShardId,
          error: String(error),
        });
        await context.clock.sleep(RESTART_MS, this.#abort.signal);
      }
    }
  }

  /** IteratorAge: how old the last record of a batch is when the function gets it. */
  #measureAge(batch: readonly StreamRecord[]): void {
    const { settings, context } = this.#options;
    if (!context.has(METRICS)) return;
    const at = context.clock.now();
    const dimensions = { FunctionName: settings.functionArn.split(':').at(-1) ?? '' };
    const value = Math.max(0, at - (batch.at(-1)?.at ?? at));
    context.service(METRICS).put({ namespace: 'AWS/Lambda', name: 'IteratorAge', value, dimensions, at });
  }

  #deliver(batch: readonly StreamRecord[], reader: ShardReader, signal: AbortSignal): Promise<void> {
    const { settings, context } = this.#options;
    return deliver(batch, {
      settings,
      clock: context.clock,
      signal,
      invoke: (payload) => {
        this.#measureAge(batch);
        return context.invoke(settings.functionArn, payload);
      },
      finished: (records) => reader.finished(records),
      discard: (discard) => sendDiscard(discard, reader.shardId, signal, this.#options),
      failed: (reason, attempts) => {
        context.log('streams', 'a batch failed', {
          function: settings.functionArn,
          shard: reader.shardId,
          attempts,
          reason,
        });
      },
    });
  }

  #source(description: StreamDescription): RecordSource {
    const key = description.KeySchema.find((element) => element.KeyType === 'HASH');
    return {
      arn: this.#options.settings.sourceArn,
      region: this.#options.context.region,
      partitionKey: key?.AttributeName ?? '',
    };
  }

  async #describe(): Promise<StreamDescription> {
    const { client } = this.#options.dynamoDb;
    const shards: Shard[] = [];
    let last: StreamDescription | undefined;
    do {
      const from = last?.LastEvaluatedShardId;
      const input = { StreamArn: this.#emulatedArn, ...(from === undefined ? {} : { ExclusiveStartShardId: from }) };
      last = (await client.streams<{ StreamDescription: StreamDescription }>('DescribeStream', input))
        .StreamDescription;
      shards.push(...last.Shards);
    } while (last.LastEvaluatedShardId !== undefined);
    return { ...last, Shards: shards };
  }

  /** LATEST is where the stream ends when the mapping is made, and a restart must not move it. */
  async #skipToLatest(checkpoints: Checkpoints, description: StreamDescription): Promise<void> {
    const { client } = this.#options.dynamoDb;
    for (const { ShardId, SequenceNumberRange } of description.Shards) {
      const where = { StreamArn: this.#emulatedArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
      let iterator: string | undefined = (await client.streams<{ ShardIterator: string }>('GetShardIterator', where))
        .ShardIterator;
      let after: string | undefined;
      while (iterator !== undefined) {
        const answer: { Records: readonly WireRecord[]; NextShardIterator?: string } = await client.streams(
          'GetRecords',
          {
            ShardIterator: iterator,
          },
        );
        after = answer.Records.at(-1)?.dynamodb.SequenceNumber ?? after;
        iterator = answer.Records.length > 0 ? answer.NextShardIterator : undefined;
      }
      const closed = SequenceNumberRange.EndingSequenceNumber !== undefined;
      await checkpoints.set(ShardId, {
        ...(after === undefined ? {} : { after }),
        ...(closed ? { finished: true as const } : {}),
      });
    }
    // A stream without shards or records is remembered as seen, too.
    if (description.Shards.length === 0) await checkpoints.set('', {});
  }

  #warn: Warn = (message, fields = {}) => {
    this.#options.context.warn('streams', message, { mapping: this.#options.id, ...fields });
  };
}
