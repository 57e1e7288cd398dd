// Fetches blocks for searches.
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { BLOCK } from '../../names/ledger.ts';
import type { BlockFetcher, BlockPlace, Order, StoredBlock, StoredLink } from '../../services/search/port.ts';
import { storeFailure } from './failure.ts';
import { type Item, storedBlock, storedLink } from './item.ts';

type Key = Record<string, AttributeValue>;

/** What one request takes; it answers 16 MB at most and names what it left out. */
const KEYS_A_REQUEST = 100;
const REQUESTS_AT_ONCE = 8;
/** Of one request whose keys come back undone: DynamoDB is busy, or its answer was full. */
const ROUNDS = 20;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** Whoever reads the newest entries mostly needs a page of them, and blocks are small where entries come singly. */
const FIRST_BLOCKS = 64;
const MOST_BLOCKS = 1_024;

interface Reading<T> {
  readonly of: (item: Item) => T;
  /** Absent: all. */
  readonly attributes?: readonly string[];
}

class Unprocessed extends Error {
  override readonly name = 'ProvisionedThroughputExceededException';
}

/** Blocks for searches, by place and along a chain; it needs BatchGetItem and Query on the ledger's table alone. */
export class DynamoBlockFetcher implements BlockFetcher {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, { ledgerTable }: { readonly ledgerTable: string }) {
    this.#client = client;
    this.#table = ledgerTable;
  }

  blocks(places: readonly BlockPlace[]): Promise<readonly StoredBlock[]> {
    return this.#sought(places, { of: storedBlock });
  }

  links(places: readonly BlockPlace[]): Promise<readonly StoredLink[]> {
    return this.#sought(places, { of: storedLink, attributes: [BLOCK.chain, BLOCK.position, BLOCK.previousLink] });
  }

  async linkBehind({ chain, position }: BlockPlace): Promise<StoredLink | undefined> {
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: '#chain = :chain AND #position > :position',
      ExpressionAttributeNames: {
        ...{ '#chain': BLOCK.chain, '#position': BLOCK.position, '#previousLink': BLOCK.previousLink },
      },
      ExpressionAttributeValues: { ':chain': { S: chain }, ':position': { N: String(position) } },
      ProjectionExpression: '#chain, #position, #previousLink',
      ConsistentRead: true,
      Limit: 1,
    });
    const { Items = [] } = await this.#client.send(query).catch((error: unknown) => {
      throw storeFailure(error);
    });
    return Items.map(storedLink)[0];
  }

  async *from(chain: string, from: number, order: Order, below?: number): AsyncGenerator<StoredBlock, void, undefined> {
    // DynamoDB refuses a range that ends before it begins.
    if (below !== undefined && below <= from) return;
    const end = below === undefined ? '>= :from' : 'BETWEEN :from AND :last';
    let start: Key | undefined;
    let limit = FIRST_BLOCKS;
    do {
      const query = new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: `#chain = :chain AND #position ${end}`,
        ExpressionAttributeNames: { '#chain': BLOCK.chain, '#position': BLOCK.position },
        ExpressionAttributeValues: {
          ...{ ':chain': { S: chain }, ':from': { N: String(from) } },
          ...(below === undefined ? {} : { ':last': { N: String(below - 1) } }),
        },
        ScanIndexForward: order === 'asc',
        ConsistentRead: true,
        Limit: limit,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      const { Items = [], LastEvaluatedKey } = await this.#client.send(query).catch((error: unknown) => {
        throw storeFailure(error);
      });
      for (const item of Items) yield storedBlock(item);
      start = LastEvaluatedKey;
      limit = Math.min(limit * 2, MOST_BLOCKS);
    } while (start !== undefined);
  }

  /** Eventually consistent first, at half the price; what is not there then is asked for again, consistently. */
  async #sought<T extends BlockPlace>(places: readonly BlockPlace[], reading: Reading<T>): Promise<readonly T[]> {
    const first = await this.#get(places, reading, false);
    const seen = new Set(first.map(({ chain, position }) => `${chain}/${position}`));
    const missing = places.filter(({ chain, position }) => !seen.has(`${chain}/${position}`));
    return missing.length === 0 ? first : [...first, ...(await this.#get(missing, reading, true))];
  }

  async #get<T>(places: readonly BlockPlace[], reading: Reading<T>, consistent: boolean): Promise<T[]> {
    const keys = places.map(
      ({ chain, position }): Key => ({ [BLOCK.chain]: { S: chain }, [BLOCK.position]: { N: String(position) } }),
    );
    const requests = Array.from({ length: Math.ceil(keys.length / KEYS_A_REQUEST) }, (_, i) =>
      keys.slice(i * KEYS_A_REQUEST, (i + 1) * KEYS_A_REQUEST),
    );
    const blocks: T[] = [];
    const lane = async () => {
      for (let next = requests.shift(); next !== undefined; next = requests.shift()) {
        blocks.push(...(await this.#request(next, reading, consistent)));
      }
    };
    await Promise.all(Array.from({ length: Math.min(REQUESTS_AT_ONCE, requests.length) }, lane));
    return blocks;
  }

  async #request<T>(keys: readonly Key[], { of, attributes }: Reading<T>, consistent: boolean): Promise<T[]> {
    const blocks: T[] = [];
    let left = keys;
    let pause = FIRST_PAUSE_MS;
    for (let round = 0; left.length > 0; round++) {
      if (round === ROUNDS) throw storeFailure(new Unprocessed(`${left.length} keys were left undone`));
      if (round > 0) {
        await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
      const get = new BatchGetItemCommand({
        RequestItems: { [this.#table]: { Keys: [...left], ConsistentRead: consistent, ...projection(attributes) } },
      });
      const { Responses = {}, UnprocessedKeys = {} } = await this.#client.send(get).catch((error: unknown) => {
        throw storeFailure(error);
      });
      const read = Responses[this.#table] ?? [];
      blocks.push(...read.map(of));
      left = UnprocessedKeys[this.#table]?.Keys ?? [];
      // A full answer is progress, and no reason to wait.
      if (read.length > 0) pause = FIRST_PAUSE_MS;
    }
    return blocks;
  }
}

function projection(attributes: readonly string[] | undefined) {
  if (attributes === undefined) return {};
  return {
    ProjectionExpression: attributes.map((_, i) => `#a${i}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name, i) => [`#a${i}`, name])),
  };
}
