// Reads the index.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PostingsError } from '../../core/index/error.ts';
import { decodePostings } from '../../core/index/postings.ts';
import { HOUR_MS } from '../../core/index/tally.ts';
import { decodeTally } from '../../core/index/tally-bytes.ts';
import { INDEX_CHAIN, INDEX_ROW, INDEX_TALLY } from '../../names/index.ts';
import type { ChainTally, TalliedChain, TallyReader } from '../../services/histogram/port.ts';
import { inOrder } from '../../services/index/order.ts';
import { endOfSpans } from '../../services/index/span.ts';
import type { IndexedChain, Order, Period, PostingRow, PostingsReader } from '../../services/search/port.ts';
import { storeFailure } from './failure.ts';
import {
  chainsPartition,
  type IndexItem,
  type IndexTable,
  talliesPartition,
  timeKey,
  valuePartition,
} from './index-item.ts';
import { binary, wholeNumber } from './item.ts';

/** Most who read want one page of entries: a few kilobytes of rows. Whoever reads on gets larger pages. */
const FIRST_ROWS = 32;
const MOST_ROWS = 2_048;

/** Tallies are wanted all: so many requests at a time, of a day or more each. */
const TALLIES_AT_ONCE = 8;
const LEAST_HOURS = 24;

/** Times in keys have no sign and sixteen digits. */
const clamped = (time: number): number => Math.min(Math.max(Math.ceil(time), 0), Number.MAX_SAFE_INTEGER);

/**
 * Reads the index with Query alone, never Scan. Strongly consistent: what `indexed` says to be there has to be found.
 * Throws StoreUnavailable, and PostingsError for a row that is none: what it pointed at would be missing without a word.
 */
export class DynamoPostings implements PostingsReader, TallyReader {
  readonly #client: DynamoDBClient;
  readonly #table: IndexTable;

  constructor(client: DynamoDBClient, table: IndexTable) {
    this.#client = client;
    this.#table = table;
  }

  postings(
    tenant: string,
    facet: string,
    value: string,
    period: Period,
    order: Order,
  ): AsyncGenerator<PostingRow, void, undefined> {
    return inOrder(this.#stored(tenant, facet, value, period, order), period, order);
  }

  async indexed(tenant: string): Promise<readonly IndexedChain[]> {
    const chains: IndexedChain[] = [];
    for await (const item of this.#chains(tenant)) chains.push(toChain(item));
    return chains;
  }

  async tallied(tenant: string): Promise<readonly TalliedChain[]> {
    const chains: TalliedChain[] = [];
    for await (const item of this.#chains(tenant)) {
      const tally = item[INDEX_CHAIN.tally] && toTally(item, INDEX_CHAIN.tally);
      chains.push({ ...toChain(item), ...(tally === undefined ? {} : { tally }) });
    }
    return chains;
  }

  /** A tally's cells are of its hour, or of one beside it. */
  async tallies(tenant: string, { from, to }: Period): Promise<readonly ChainTally[]> {
    const hours = [Math.floor(from / HOUR_MS) - 1, Math.floor((to - 1) / HOUR_MS) + 1] as const;
    const step = Math.max(LEAST_HOURS, Math.ceil((hours[1] - hours[0] + 1) / TALLIES_AT_ONCE));
    const begins = Array.from({ length: Math.ceil((hours[1] - hours[0] + 1) / step) }, (_, i) => hours[0] + i * step);
    const partition = talliesPartition(this.#table.configuration, tenant);
    const parts = begins.map(async (begin) => {
      const end = Math.min(begin + step, hours[1] + 1);
      const keys = [timeKey(clamped(begin * HOUR_MS)), timeKey(clamped(end * HOUR_MS))] as const;
      const found: ChainTally[] = [];
      for await (const item of this.#query(partition, keys, 'asc', MOST_ROWS)) {
        found.push({ chain: wholeNumber(item, INDEX_TALLY.chain), tally: toTally(item, INDEX_TALLY.tally) });
      }
      return found;
    });
    return (await Promise.all(parts)).flat();
  }

  #chains(tenant: string): AsyncGenerator<IndexItem, void, undefined> {
    return this.#query(chainsPartition(this.#table.configuration, tenant), undefined, 'asc');
  }

  /** Rows by the place of their newest posting, uncut (services/index/order.ts). */
  async *#stored(
    tenant: string,
    facet: string,
    value: string,
    period: Period,
    order: Order,
  ): AsyncGenerator<PostingRow, void, undefined> {
    const keys = [timeKey(clamped(period.from)), timeKey(clamped(endOfSpans(period)))] as const;
    if (keys[0] >= keys[1]) return;
    const partition = valuePartition(this.#table.configuration, tenant, facet, value);
    for await (const item of this.#query(partition, keys, order)) {
      if (item[INDEX_ROW.value]?.S === value) yield toRow(item);
    }
  }

  async *#query(
    partition: string,
    between: readonly [string, string] | undefined,
    order: Order,
    first = FIRST_ROWS,
  ): AsyncGenerator<IndexItem, void, undefined> {
    let from: Record<string, AttributeValue> | undefined;
    for (let limit = first; ; limit = Math.min(limit * 4, MOST_ROWS)) {
      const query = new QueryCommand({
        TableName: this.#table.indexTable,
        KeyConditionExpression: `#posting = :posting${between === undefined ? '' : ' AND #newest BETWEEN :low AND :high'}`,
        ExpressionAttributeNames: {
          '#posting': INDEX_ROW.posting,
          ...(between === undefined ? {} : { '#newest': INDEX_ROW.newest }),
        },
        ExpressionAttributeValues: {
          ':posting': { S: partition },
          ...(between === undefined ? {} : { ':low': { S: between[0] }, ':high': { S: between[1] } }),
        },
        ScanIndexForward: order === 'asc',
        ConsistentRead: true,
        Limit: limit,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      const { Items = [], LastEvaluatedKey } = await this.#send(query);
      yield* Items;
      if (LastEvaluatedKey === undefined) return;
      from = LastEvaluatedKey;
    }
  }

  async #send(query: QueryCommand) {
    try {
      return await this.#client.send(query);
    } catch (error) {
      throw storeFailure(error);
    }
  }
}

function toRow(item: IndexItem): PostingRow {
  try {
    return { chain: wholeNumber(item, INDEX_ROW.chain), postings: decodePostings(binary(item, INDEX_ROW.postings)) };
  } catch (cause) {
    throw notWritten(item, 'row', cause);
  }
}

function toChain(item: IndexItem): IndexedChain {
  return {
    ...{ chain: Number(item[INDEX_CHAIN.chain]?.S), through: wholeNumber(item, INDEX_CHAIN.through) },
    recordedAt: wholeNumber(item, INDEX_CHAIN.recordedAt),
  };
}

function toTally(item: IndexItem, attribute: string) {
  try {
    return decodeTally(binary(item, attribute));
  } catch (cause) {
    throw notWritten(item, 'tally', cause);
  }
}

function notWritten(item: IndexItem, what: string, cause: unknown): PostingsError {
  const key = `${item[INDEX_ROW.posting]?.S} / ${item[INDEX_ROW.newest]?.S}`;
  return new PostingsError(`the ${what} ${key} is not one that the index writes; remove it and index again`, { cause });
}
