// The table of chains.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { BlockError } from '../../core/block/error.ts';
import { CHAIN } from '../../names/archive.ts';
import { BEGINS_CHAIN, BLOCK, LEDGER } from '../../names/ledger.ts';
import type { ChainState, Chains, StoredChain } from '../../services/archive/port.ts';
import type { ChainDirectory } from '../../services/seal/port.ts';
import { binary, type Item, wholeNumber } from './item.ts';

/** A chain's row, written by optimistic version. */
export class DynamoChains implements Chains, ChainDirectory {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #ledgerTable: string | undefined;
  /** Of rows as last read, versions that are no number that a write of ours counts up. */
  readonly #odd = new Map<string, AttributeValue>();

  /** With the ledger's table, `list` has chains too that began and have no row yet. */
  constructor(client: DynamoDBClient, table: string, ledgerTable?: string) {
    this.#client = client;
    this.#table = table;
    this.#ledgerTable = ledgerTable;
  }

  async read(chain: string): Promise<StoredChain | undefined> {
    const get = new GetItemCommand({
      TableName: this.#table,
      Key: { [CHAIN.chain]: { S: chain } },
      ConsistentRead: true,
    });
    const { Item: item } = await this.#client.send(get);
    this.#odd.delete(chain);
    if (item === undefined) return undefined;
    const version = versionOf(item);
    if (version === 0 && item[CHAIN.version] !== undefined) this.#odd.set(chain, item[CHAIN.version]!);
    return { version, state: stateOf(item) };
  }

  /** Page by page; a table that is scanned goes on changing. Rows come last, so that they are what counts. */
  async *list(): AsyncIterable<{ chain: string; through: number }> {
    for await (const chain of this.#begun()) yield { chain, through: 0 };
    let from: Record<string, AttributeValue> | undefined;
    do {
      const scan = new ScanCommand({
        TableName: this.#table,
        ProjectionExpression: '#chain, #through',
        ExpressionAttributeNames: { '#chain': CHAIN.chain, '#through': CHAIN.through },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      const { Items = [], LastEvaluatedKey } = await this.#client.send(scan);
      for (const item of Items) yield { chain: item[CHAIN.chain]!.S!, through: throughOf(item) };
      from = LastEvaluatedKey;
    } while (from !== undefined);
  }

  /** Chains whose first block is in the hot window. The index is a second or so behind the table. */
  async *#begun(): AsyncIterable<string> {
    if (this.#ledgerTable === undefined) return;
    let from: Record<string, AttributeValue> | undefined;
    do {
      const query = new QueryCommand({
        TableName: this.#ledgerTable,
        IndexName: LEDGER.beginningsIndex,
        KeyConditionExpression: '#begins = :chain',
        ExpressionAttributeNames: { '#begins': BLOCK.begins },
        ExpressionAttributeValues: { ':chain': { S: BEGINS_CHAIN } },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      const { Items = [], LastEvaluatedKey } = await this.#client.send(query);
      for (const item of Items) yield item[BLOCK.chain]!.S!;
      from = LastEvaluatedKey;
    } while (from !== undefined);
  }

  async write(chain: string, state: ChainState, version: number): Promise<boolean> {
    const before = version > 0 ? number(version) : this.#odd.get(chain);
    const put = new PutItemCommand({
      TableName: this.#table,
      Item: rowItem(chain, state, version + 1),
      ConditionExpression: before !== undefined ? '#version = :version' : 'attribute_not_exists(#version)',
      ExpressionAttributeNames: { '#version': CHAIN.version },
      ...(before === undefined ? {} : { ExpressionAttributeValues: { ':version': before } }),
    });
    try {
      await this.#client.send(put);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

/** 0 of one that no write of ours made: then the attribute itself, as it was read, is what the next write goes by. */
function versionOf(item: Item): number {
  const text = item[CHAIN.version]?.N;
  const version = Number(text);
  return Number.isSafeInteger(version) && version > 0 && String(version) === text ? version : 0;
}

function stateOf(item: Item): ChainState | undefined {
  try {
    const ahead = Object.keys(item[CHAIN.ahead]?.M ?? {});
    return {
      through: wholeNumber(item, CHAIN.through),
      ahead: Object.fromEntries(ahead.map((category) => [category, wholeNumber(item[CHAIN.ahead]!.M!, category)])),
      position: wholeNumber(item, CHAIN.position),
      count: wholeNumber(item, CHAIN.count),
      link: binary(item, CHAIN.link),
    };
  } catch (error) {
    if (error instanceof BlockError) return undefined;
    throw error;
  }
}

/** A row that somebody damaged must not keep the others from being listed: it tells nothing. */
function throughOf(item: Record<string, AttributeValue>): number {
  const through = Number(item[CHAIN.through]?.N);
  return Number.isSafeInteger(through) ? through : 0;
}

const number = (value: number): AttributeValue => ({ N: String(value) });

function rowItem(chain: string, state: ChainState, version: number): Record<string, AttributeValue> {
  const ahead = Object.entries(state.ahead).map(([category, through]) => [category, number(through)]);
  return {
    [CHAIN.chain]: { S: chain },
    [CHAIN.version]: number(version),
    [CHAIN.through]: number(state.through),
    [CHAIN.ahead]: { M: Object.fromEntries(ahead) },
    [CHAIN.position]: number(state.position),
    [CHAIN.count]: number(state.count),
    [CHAIN.link]: { B: state.link },
  };
}
