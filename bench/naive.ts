// The simple design that the ledger is compared with.
import { type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { genesisLink, nextLink } from '../core/chain.ts';
import type { PreparedEntry } from '../core/entry/context.ts';
import { BLOCK, REQUEST } from '../names/ledger.ts';
import type { LedgerTables } from '../test/support/ledger-tables.ts';

/**
 * The design to beat: one transaction an entry, with the entry as an item and the head row that must still be what the link
 * was built on. Appends of one process queue up, which spares it the conflicts that several processes would have.
 */
export class NaiveChain {
  readonly #client: DynamoDBClient;
  readonly #tables: LedgerTables;
  readonly #chain: string;
  #link: Uint8Array;
  #size = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: DynamoDBClient, tables: LedgerTables, chain: string) {
    this.#client = client;
    this.#tables = tables;
    this.#chain = chain;
    this.#link = genesisLink(chain);
  }

  append(entry: PreparedEntry): Promise<number> {
    const appended = this.#last.then(() => this.#commit(entry));
    this.#last = appended.catch(() => {});
    return appended;
  }

  async #commit({ bytes, leafHash }: PreparedEntry): Promise<number> {
    const position = this.#size;
    const link = nextLink(this.#link, leafHash);
    const put = {
      TableName: this.#tables.ledgerTable,
      Item: {
        [BLOCK.chain]: { S: this.#chain },
        [BLOCK.position]: { N: String(position) },
        [BLOCK.entries]: { B: bytes },
        [BLOCK.link]: { B: link },
      },
      ConditionExpression: 'attribute_not_exists(#position)',
      ExpressionAttributeNames: { '#position': BLOCK.position },
    };
    const update = {
      TableName: this.#tables.requestsTable,
      Key: { [REQUEST.request]: { S: this.#chain } },
      UpdateExpression: 'SET #size = :next, #link = :link',
      ConditionExpression: 'attribute_not_exists(#size) OR #size = :size',
      ExpressionAttributeNames: { '#size': 'size', '#link': 'link' },
      ExpressionAttributeValues: {
        ':size': { N: String(position) },
        ':next': { N: String(position + 1) },
        ':link': { B: link },
      },
    };
    await this.#client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: put }, { Update: update }] }));
    this.#link = link;
    this.#size = position + 1;
    return position;
  }
}
