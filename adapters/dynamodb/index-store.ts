// Writes the index.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { decodeTally, encodeTally } from '../../core/index/tally-bytes.ts';
import { INDEX_CHAIN } from '../../names/index.ts';
import { StoreUnavailable } from '../../services/append/port.ts';
import type { IndexRow, IndexStore, IndexTally, Progress } from '../../services/index/port.ts';
import { storeFailure } from './failure.ts';
import { chainItemKey, type IndexItem, type IndexTable, rowToItem, tallyToItem } from './index-item.ts';
import { binary, wholeNumber } from './item.ts';

/** What BatchWriteItem takes at once; 25 rows of 70 KB are well below its 16 MB. */
const BATCH = 25;
/** Batches on their way at once: a run of many rows should take seconds, and not all connections. */
const AT_ONCE = 8;

/** What a batch left undone is asked for again, ever later: six seconds in all, then the run fails and is repeated. */
const FIRST_PAUSE_MS = 50;
const ATTEMPTS = 8;

/** Writes the index: rows in batches, unconditionally, and each chain's progress by optimistic version. */
export class DynamoIndexStore implements IndexStore {
  readonly #client: DynamoDBClient;
  readonly #table: IndexTable;

  constructor(client: DynamoDBClient, table: IndexTable) {
    this.#client = client;
    this.#table = table;
  }

  async write(rows: readonly IndexRow[], tallies: readonly IndexTally[] = []): Promise<void> {
    const { configuration } = this.#table;
    const items = [
      ...rows.map((row) => () => rowToItem(configuration, row)),
      ...tallies.map((tally) => () => tallyToItem(configuration, tally)),
    ];
    let next = 0;
    const worker = async () => {
      for (let from = next; from < items.length; from = next) {
        next += BATCH;
        const batch = items.slice(from, from + BATCH);
        await this.#put(batch.map((item) => ({ PutRequest: { Item: item() } })));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async progress(chain: string): Promise<(Progress & { readonly version: number }) | undefined> {
    const Key = chainItemKey(this.#table.configuration, chain);
    const get = new GetItemCommand({ TableName: this.#table.indexTable, Key, ConsistentRead: true });
    try {
      const { Item } = await this.#client.send(get);
      return Item && toProgress(Item);
    } catch (error) {
      throw storeFailure(error);
    }
  }

  async advance(chain: string, progress: Progress, version: number): Promise<boolean> {
    const put = new PutItemCommand({
      TableName: this.#table.indexTable,
      Item: {
        ...chainItemKey(this.#table.configuration, chain),
        [INDEX_CHAIN.through]: { N: String(progress.through) },
        ...(progress.link === undefined ? {} : { [INDEX_CHAIN.link]: { B: progress.link } }),
        [INDEX_CHAIN.recordedAt]: { N: String(progress.recordedAt) },
        ...(progress.tally === undefined ? {} : { [INDEX_CHAIN.tally]: { B: encodeTally(progress.tally) } }),
        [INDEX_CHAIN.version]: { N: String(version + 1) },
      },
      ConditionExpression: version === 0 ? 'attribute_not_exists(#version)' : '#version = :version',
      ExpressionAttributeNames: { '#version': INDEX_CHAIN.version },
      ...(version === 0 ? {} : { ExpressionAttributeValues: { ':version': { N: String(version) } } }),
    });
    try {
      await this.#client.send(put);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw storeFailure(error);
    }
  }

  /** A batch is no transaction: what of it wasn't written comes back, and only that is asked for again. */
  async #put(requests: WriteRequest[]): Promise<void> {
    const { indexTable } = this.#table;
    let left = requests;
    for (let attempt = 1; ; attempt++) {
      left = await this.#batch(left);
      if (left.length === 0) return;
      if (attempt === ATTEMPTS) {
        throw new StoreUnavailable('throttled', true, new Error(`${indexTable} left ${left.length} rows unwritten`));
      }
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
    }
  }

  async #batch(requests: WriteRequest[]): Promise<WriteRequest[]> {
    const { indexTable } = this.#table;
    try {
      const write = new BatchWriteItemCommand({ RequestItems: { [indexTable]: requests } });
      return (await this.#client.send(write)).UnprocessedItems?.[indexTable] ?? [];
    } catch (error) {
      throw storeFailure(error);
    }
  }
}

function toProgress(item: IndexItem): Progress & { readonly version: number } {
  return {
    through: wholeNumber(item, INDEX_CHAIN.through),
    link: item[INDEX_CHAIN.link] === undefined ? undefined : binary(item, INDEX_CHAIN.link),
    recordedAt: wholeNumber(item, INDEX_CHAIN.recordedAt),
    ...(item[INDEX_CHAIN.tally] === undefined ? {} : { tally: decodeTally(binary(item, INDEX_CHAIN.tally)) }),
    version: wholeNumber(item, INDEX_CHAIN.version),
  };
}
