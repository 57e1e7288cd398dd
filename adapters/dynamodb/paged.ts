// Reads blocks along a chain, many at a time.
import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Block } from '../../core/block/block.ts';
import { BLOCK } from '../../names/ledger.ts';
import type { BlockReader } from '../../services/append/port.ts';
import { storeFailure } from './failure.ts';
import { itemToBlock } from './item.ts';

interface Item {
  readonly position: number;
  readonly attributes: Record<string, AttributeValue>;
}

/** Every item of a chain whose position is from `from` to `to`, both included, in order. */
interface Page {
  readonly chain: string;
  readonly from: number;
  readonly to: number;
  readonly items: readonly Item[];
}

/**
 * Reads blocks for whoever goes along a chain, up or down: a megabyte a query, instead of a query a block. What it has read
 * it does not read again, so it should live no longer than the work at hand; blocks that come after that are seen where
 * the last page ends, as with a reader of single blocks.
 */
export class PagedBlockReader implements BlockReader {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  #page: Page | undefined;

  constructor(client: DynamoDBClient, { ledgerTable }: { readonly ledgerTable: string }) {
    this.#client = client;
    this.#table = ledgerTable;
  }

  async blockBefore(chain: string, position: number): Promise<Block | undefined> {
    const page = this.#page?.chain === chain ? this.#page : undefined;
    const covered = page !== undefined && page.from <= position && position <= page.to;
    const read = covered ? page : await this.#read(chain, position, page !== undefined && position < page.from);
    this.#page = read;
    const item = read.items.findLast((one) => one.position <= position);
    return item && itemToBlock(item.attributes);
  }

  async #read(chain: string, position: number, down: boolean): Promise<Page> {
    const { items: below, more } = await this.#query(chain, '<=', position, down ? undefined : 1);
    below.reverse();
    const from = more ? below[0]!.position : Number.NEGATIVE_INFINITY;
    if (down) return { chain, from, to: position, items: below };
    const { items: above } = await this.#query(chain, '>', position);
    const to = above.at(-1)?.position ?? position;
    return { chain, from: below[0]?.position ?? Number.NEGATIVE_INFINITY, to, items: [...below, ...above] };
  }

  /** One page: nearest to the position first. */
  async #query(
    chain: string,
    side: '<=' | '>',
    position: number,
    limit?: number,
  ): Promise<{ items: Item[]; more: boolean }> {
    const input: QueryCommandInput = {
      TableName: this.#table,
      KeyConditionExpression: `#chain = :chain AND #position ${side} :position`,
      ExpressionAttributeNames: { '#chain': BLOCK.chain, '#position': BLOCK.position },
      ExpressionAttributeValues: { ':chain': { S: chain }, ':position': { N: String(position) } },
      ScanIndexForward: side === '>',
      ConsistentRead: true,
      ...(limit === undefined ? {} : { Limit: limit }),
    };
    try {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(new QueryCommand(input));
      const items = Items.map((attributes) => ({ position: Number(attributes[BLOCK.position]!.N), attributes }));
      return { items, more: LastEvaluatedKey !== undefined };
    } catch (error) {
      throw storeFailure(error);
    }
  }
}
