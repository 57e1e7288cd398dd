// Goes along chains for indexing.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { BLOCK } from '../../names/ledger.ts';
import type { LedgerItem, LedgerWalk } from '../../services/index/port.ts';
import { storeFailure } from './failure.ts';
import { type Item, itemToBlock } from './item.ts';

/** Goes along chains a megabyte a query. It needs Query on the ledger table alone. */
export class DynamoWalk implements LedgerWalk {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, { ledgerTable }: { readonly ledgerTable: string }) {
    this.#client = client;
    this.#table = ledgerTable;
  }

  async *from(chain: string, position: number): AsyncGenerator<LedgerItem, void, undefined> {
    let start: Record<string, AttributeValue> | undefined;
    do {
      const query = new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: '#chain = :chain AND #position >= :position',
        ExpressionAttributeNames: { '#chain': BLOCK.chain, '#position': BLOCK.position },
        ExpressionAttributeValues: { ':chain': { S: chain }, ':position': { N: String(position) } },
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      const { Items = [], LastEvaluatedKey } = await this.#send(query);
      for (const item of Items) yield { position: Number(item[BLOCK.position]?.N), block: shaped(item) };
      start = LastEvaluatedKey;
    } while (start !== undefined);
  }

  async #send(query: QueryCommand) {
    try {
      return await this.#client.send(query);
    } catch (error) {
      throw storeFailure(error);
    }
  }
}

function shaped(item: Item): Block | undefined {
  try {
    return itemToBlock(item);
  } catch (error) {
    if (error instanceof BlockError) return undefined;
    throw error;
  }
}
