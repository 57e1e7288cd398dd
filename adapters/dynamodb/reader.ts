// Reads blocks with permission for queries alone.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Block } from '../../core/block/block.ts';
import { BLOCK } from '../../names/ledger.ts';
import type { BlockReader } from '../../services/append/port.ts';
import { storeFailure } from './failure.ts';
import { itemToBlock } from './item.ts';

/** For functions that read blocks and may do nothing else: it needs Query on the ledger table alone. */
export class DynamoBlockReader implements BlockReader {
  readonly #client: DynamoDBClient;
  readonly #ledgerTable: string;

  constructor(client: DynamoDBClient, { ledgerTable }: { readonly ledgerTable: string }) {
    this.#client = client;
    this.#ledgerTable = ledgerTable;
  }

  async blockBefore(chain: string, position: number): Promise<Block | undefined> {
    return lastBlock(this.#client, this.#ledgerTable, chain, position);
  }
}

/** The block with the greatest position, or the greatest that is at most `until`. */
export async function lastBlock(
  client: DynamoDBClient,
  ledgerTable: string,
  chain: string,
  until?: number,
): Promise<Block | undefined> {
  const bounded = until !== undefined;
  const query = new QueryCommand({
    TableName: ledgerTable,
    KeyConditionExpression: bounded ? '#chain = :chain AND #position <= :until' : '#chain = :chain',
    ExpressionAttributeNames: { '#chain': BLOCK.chain, ...(bounded ? { '#position': BLOCK.position } : {}) },
    ExpressionAttributeValues: { ':chain': { S: chain }, ...(bounded ? { ':until': { N: String(until) } } : {}) },
    ScanIndexForward: false,
    Limit: 1,
    ConsistentRead: true,
  });
  try {
    const [item] = (await client.send(query)).Items ?? [];
    return item && itemToBlock(item);
  } catch (error) {
    throw storeFailure(error);
  }
}
