// The table of blocks and requests, as appending uses it.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { CHAIN } from '../../names/archive.ts';
import { BLOCK, REQUEST, REQUEST_WINDOW_SECONDS } from '../../names/ledger.ts';
import type {
  BlockStore,
  ChainEnd,
  Commit,
  CommitOutcome,
  Remembered,
  RequestRecord,
} from '../../services/append/port.ts';
import { refusal } from './cancellation.ts';
import { storeFailure } from './failure.ts';
import { binary, blockToItem, type Item, requestToItem, wholeNumber } from './item.ts';
import { lastBlock } from './reader.ts';

export interface DynamoBlockStoreOptions {
  readonly ledgerTable: string;
  readonly requestsTable: string;
  /** Remembers each chain's newest block, also when TTL has removed it. */
  readonly chainsTable: string;
  readonly hotWindowSeconds: number;
}

/** Below it, a block could expire while some writer still takes its position for free (services/append/head-cache.ts). */
const SHORTEST_HOT_WINDOW_SECONDS = 60;

/** A row that nobody here wrote. */
const DAMAGED: Remembered = { position: Number.NaN, count: 0, through: Number.NaN, link: new Uint8Array() };

/** Blocks as items of the ledger table: DESIGN's one conditional write a block. */
export class DynamoBlockStore implements BlockStore {
  readonly hotWindowMs: number;
  readonly #client: DynamoDBClient;
  readonly #options: DynamoBlockStoreOptions;

  constructor(client: DynamoDBClient, options: DynamoBlockStoreOptions) {
    const { hotWindowSeconds } = options;
    if (!Number.isInteger(hotWindowSeconds) || hotWindowSeconds < SHORTEST_HOT_WINDOW_SECONDS) {
      throw new RangeError(`got a hot window of ${hotWindowSeconds} s, want at least ${SHORTEST_HOT_WINDOW_SECONDS}`);
    }
    this.hotWindowMs = hotWindowSeconds * 1_000;
    this.#client = client;
    this.#options = options;
  }

  async end(chain: string): Promise<ChainEnd> {
    // Both, always: TTL removes expired blocks in any order, so the newest that is left need not be the newest that was.
    const [newest, remembered] = await Promise.all([
      lastBlock(this.#client, this.#options.ledgerTable, chain),
      this.#remembered(chain),
    ]);
    return { newest, remembered };
  }

  async blockBefore(chain: string, position: number): Promise<Block | undefined> {
    return lastBlock(this.#client, this.#options.ledgerTable, chain, position);
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    const [block] = commit.blocks;
    const single = commit.blocks.length === 1 && commit.requests.length === 0;
    try {
      if (single) await this.#client.send(new PutItemCommand(this.#blockPut(block!)));
      else await this.#client.send(this.#transaction(commit));
      return { kind: 'committed' };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException || error instanceof TransactionCanceledException) {
        return refusal(commit, error);
      }
      throw storeFailure(error);
    }
  }

  /**
   * The SDK's own retries carry the same token, and so do ours: for ten minutes DynamoDB answers them as it answered
   * the first, without writing twice.
   */
  #transaction({ token, blocks, requests }: Commit): TransactWriteItemsCommand {
    const puts: TransactWriteItem[] = [
      ...blocks.map((block) => ({ Put: this.#blockPut(block) })),
      ...requests.map((record) => ({ Put: this.#requestPut(record) })),
    ];
    return new TransactWriteItemsCommand({ ClientRequestToken: token, TransactItems: puts });
  }

  #blockPut(block: Block) {
    const expiresAt = Math.ceil(block.recordedAt / 1_000) + this.#options.hotWindowSeconds;
    return {
      TableName: this.#options.ledgerTable,
      Item: blockToItem(block, expiresAt),
      ConditionExpression: 'attribute_not_exists(#position)',
      ExpressionAttributeNames: { '#position': BLOCK.position },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  }

  /** TTL takes its time: what has expired counts as gone, and is written over. */
  #requestPut(record: RequestRecord) {
    const window = Math.min(REQUEST_WINDOW_SECONDS, this.#options.hotWindowSeconds);
    const recordedAt = Math.floor(record.recordedAt / 1_000);
    return {
      TableName: this.#options.requestsTable,
      Item: requestToItem(record, recordedAt + window),
      ConditionExpression: 'attribute_not_exists(#request) OR #expiresAt <= :recordedAt',
      ExpressionAttributeNames: { '#request': REQUEST.request, '#expiresAt': REQUEST.expiresAt },
      ExpressionAttributeValues: { ':recordedAt': { N: String(recordedAt) } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  }

  async #remembered(chain: string): Promise<Remembered | undefined> {
    const item = await this.#get(this.#options.chainsTable, { [CHAIN.chain]: { S: chain } });
    if (item === undefined) return undefined;
    try {
      const [position, count, through] = [CHAIN.position, CHAIN.count, CHAIN.through].map((name) =>
        wholeNumber(item, name),
      );
      return { position: position!, count: count!, through: through!, link: binary(item, CHAIN.link) };
    } catch (error) {
      if (error instanceof BlockError) return DAMAGED;
      throw error;
    }
  }

  async #get(table: string, key: Record<string, { S: string }>): Promise<Item | undefined> {
    try {
      return (await this.#client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
    } catch (error) {
      throw storeFailure(error);
    }
  }
}
