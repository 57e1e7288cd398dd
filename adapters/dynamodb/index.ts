// Reads the index.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PostingsError } from '../../core/index/error.ts';
import { decodePostings } from '../../core/index/postings.ts';
import { INDEX_CHAIN, INDEX_ROW } from '../../names/index.ts';
import { inOrder } from '../../services/index/order.ts';
import { endOfSpans } from '../../services/index/span.ts';
import type { IndexedChain, Order, Period, PostingRow, PostingsReader } from '../../services/search/port.ts';
import { storeFailure } from './failure.ts';
import { chainsPartition, type IndexItem, type IndexTable, timeKey, valuePartition } from './index-item.ts';
import { binary, wholeNumber } from './item.ts';

/** Most who read want one page of entries: a few kilobytes of rows. Whoever reads on gets larger pages. */
const FIRST_ROWS = 32;
const MOST_ROWS = 2_048;

/** Times in keys have no sign and sixteen digits. */
const clamped = (time: number): number => Math.min(Math.max(Math.ceil(time), 0), Number.MAX_SAFE_INTEGER);

/**
 * Reads the index with Query alone, never Scan. Strongly consistent: what `indexed` says to be there has to be found.
 * Throws StoreUnavailable, and PostingsError for a row that is none: what it pointed at would be missing without a word.
 */
export class DynamoPostings implements PostingsReader {
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
    const partition = chainsPartition(this.#table.configuration, tenant);
    for await (const item of this.#query(partition, undefined, 'asc')) {
      chains.push({
        ...{ chain: Number(item[INDEX_CHAIN.chain]?.S), through: wholeNumber(item, INDEX_CHAIN.through) },
        recordedAt: wholeNumber(item, INDEX_CHAIN.recordedAt),
      });
    }
    return chains;
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
  ): AsyncGenerator<IndexItem, void, undefined> {
    let from: Record<string, AttributeValue> | undefined;
    for (let limit = FIRST_ROWS; ; limit = Math.min(limit * 4, MOST_ROWS)) {
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
    const key = `${item[INDEX_ROW.posting]?.S} / ${item[INDEX_ROW.newest]?.S}`;
    throw new PostingsError(`the row ${key} is not one that the index writes; remove it and index again`, { cause });
  }
}
