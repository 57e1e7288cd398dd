// The tables that the search bench reads, and each side that reads them.
import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoClient } from '../adapters/dynamodb/client.ts';
import { blockToItem } from '../adapters/dynamodb/item.ts';
import { zstd } from '../adapters/zstd.ts';
import { encodeBlock } from '../core/block/codec.ts';
import { encodePayload } from '../core/block/payload.ts';
import { CATEGORIES } from '../core/catalog/categories.ts';
import { genesisLink, nextLink } from '../core/chain.ts';
import { SEVERITIES } from '../core/entry/schema.ts';
import type { JsonValue } from '../core/json/value.ts';
import { FACETS, type Facet } from '../names/index.ts';
import { DAY_MS } from '../names/time.ts';
import { NO_RECOVERY, type SearchRequest } from '../services/search/port.ts';
import type { SearchPorts } from '../services/search/search.ts';
import { MemoryWalk } from '../test/fakes/memory-walk.ts';
import { createIndexTable } from '../test/support/index-table.ts';
import { createLedgerTables } from '../test/support/ledger-tables.ts';
import { KEEPS_ALL } from '../test/support/searching.ts';
import { prepared, sampleEntries, seededRandom } from './entries.ts';

export const INDEXED: readonly Facet[] = ['actor', 'target', 'action', 'category', 'severity'];
export const VALUES = { actors: 100, targets: 50_000, actions: 25 };
export const START = Date.parse('2026-03-01T00:00:00Z');
export const HOT_WINDOW_MS = 90 * DAY_MS;

export interface Tables {
  readonly ledgerTable: string;
  readonly indexTable: string;
}

/** Entries of one tenant that are appended at a steady rate, in blocks of one size. */
export class Writer {
  readonly tenant: string;
  readonly #table: string;
  readonly #batch: number;
  readonly #stepMs: number;
  readonly #draw: (position: number, time: number) => JsonValue;
  readonly #heads: { readonly chain: string; position: number; link: Uint8Array }[];
  readonly walk = new MemoryWalk();
  written = 0;

  constructor(tenant: string, table: string, options: { batch: number; perSecond: number; chains: number }) {
    this.tenant = tenant;
    this.#table = table;
    this.#batch = options.batch;
    this.#stepMs = 1_000 / options.perSecond;
    this.#draw = drawing(tenant);
    this.#heads = Array.from({ length: options.chains }, (_, i) => {
      const chain = `${tenant}#${i}`;
      return { chain, position: 0, link: genesisLink(chain) };
    });
  }

  get now(): number {
    return START + this.written * this.#stepMs;
  }

  get chains(): readonly { readonly chain: string; readonly position: number }[] {
    return this.#heads;
  }

  async append(client: DynamoDBClient, entries: number): Promise<void> {
    let items: Record<string, AttributeValue>[] = [];
    for (let left = entries; left > 0; left -= this.#batch) {
      items.push(this.#block());
      if (items.length === 25 || left <= this.#batch) items = await put(client, this.#table, items);
    }
  }

  #block(): Record<string, AttributeValue> {
    const head = this.#heads[(this.written / this.#batch) % this.#heads.length]!;
    const entries = Array.from({ length: this.#batch }, () =>
      prepared(this.#draw(this.written++, Math.floor(this.now))),
    );
    const leafHashes = entries.map(({ leafHash }) => leafHash);
    const bytes = entries.map((entry) => entry.bytes);
    const contents = { payload: encodePayload(bytes, zstd), leafHashes, requests: [] };
    const recordedAt = Math.floor(this.now);
    const place = { chain: head.chain, position: head.position, previousLink: head.link };
    const { block } = encodeBlock(place, contents, recordedAt);
    head.link = leafHashes.reduce(nextLink, head.link);
    head.position += this.#batch;
    this.walk.put(block);
    return blockToItem(block, Math.floor((recordedAt + HOT_WINDOW_MS) / 1_000));
  }
}

export async function createTables(client: DynamoDBClient): Promise<Tables> {
  const { ledgerTable } = await createLedgerTables(client, 'search');
  return { ledgerTable, indexTable: await createIndexTable(client, 'search-index') };
}

const HERE = new URL('../', import.meta.url);

/** A module of a checkout of this project, by the checkout's URL. */
const load = <M>(root: URL, path: string): Promise<M> => import(new URL(path, root).href);

/** Names what a checkout's index is in the table: one of another format is beside it. */
async function configurationIn(root: URL, facets = INDEXED): Promise<string> {
  const path = 'services/index/configuration.ts';
  return (await load<typeof import('../services/index/configuration.ts')>(root, path)).configurationOf(facets);
}

/** Indexes what a writer has written, as a checkout's function does. */
export async function index(
  client: DynamoDBClient,
  { indexTable }: Tables,
  writer: Writer,
  { facets = INDEXED, root = HERE }: { readonly facets?: readonly Facet[]; readonly root?: URL } = {},
): Promise<void> {
  const { DynamoIndexStore } = await load<typeof import('../adapters/dynamodb/index-store.ts')>(
    root,
    'adapters/dynamodb/index-store.ts',
  );
  const { IndexSummary, indexChain } = await load<typeof import('../services/index/chain.ts')>(
    root,
    'services/index/chain.ts',
  );
  const store = new DynamoIndexStore(client, { indexTable, configuration: await configurationIn(root, facets) });
  const ports = { store, ledger: writer.walk, compression: zstd, facets };
  const now = () => new Date(writer.now);
  for (const { chain, position } of writer.chains) {
    const whole = { ...ports, hotWindowSeconds: HOT_WINDOW_MS / 1_000, now };
    await indexChain(whole, chain, position, () => Infinity, new IndexSummary());
  }
}

/** By each checkout, unless another's is the same. */
export async function indexedBy(
  roots: readonly (readonly [string, URL])[],
  client: DynamoDBClient,
  tables: Tables,
  writer: Writer,
): Promise<void> {
  const known = new Set<string>();
  for (const [, root] of roots) {
    const configuration = await configurationIn(root);
    if (!known.has(configuration)) await index(client, tables, writer, { root });
    known.add(configuration);
  }
}

/** One checkout's search over the tables, with a client of its own. */
export interface Side {
  readonly name: string;
  readonly client: DynamoDBClient;
  page(request: Omit<SearchRequest, 'query'> & { readonly q: string }, entries: number): Promise<number>;
}

/** `root`: the URL of a checkout of this project, whose code is searched with. `now` is the search's clock. */
export async function side(name: string, root: URL, tables: Tables, now: () => number): Promise<Side> {
  const client = dynamoClient();
  const { DynamoPostings } = await load<typeof import('../adapters/dynamodb/index.ts')>(
    root,
    'adapters/dynamodb/index.ts',
  );
  const { DynamoBlockFetcher } = await load<typeof import('../adapters/dynamodb/block-fetcher.ts')>(
    root,
    'adapters/dynamodb/block-fetcher.ts',
  );
  const { Chains } = await load<typeof import('../services/search/chains.ts')>(root, 'services/search/chains.ts');
  const { searchPage } = await load<typeof import('../services/search/page.ts')>(root, 'services/search/page.ts');
  const memory = await load<typeof import('../services/search/memory.ts')>(root, 'services/search/memory.ts').catch(
    // A checkout from before there was one.
    () => undefined,
  );
  const { parseQuery } = await load<typeof import('../core/query/parse.ts')>(root, 'core/query/parse.ts');
  const postings = new DynamoPostings(client, { ...tables, configuration: await configurationIn(root) });
  const fetcher = new DynamoBlockFetcher(client, tables);
  const ports: SearchPorts = {
    ...{ index: postings, fetcher, compression: zstd, hotWindowMs: HOT_WINDOW_MS, now },
    ...{ recovery: NO_RECOVERY, keeping: KEEPS_ALL },
    chains: new Chains(postings, fetcher, now),
    ...(memory === undefined ? {} : { memory: new memory.SearchMemory(fetcher) }),
    facets: Object.fromEntries(INDEXED.map((facet) => [facet, FACETS[facet]])),
  };
  const page: Side['page'] = async ({ q, ...request }, entries) => {
    const limits = { entries, bytes: 4_000_000, budgetMs: 600_000 };
    return (await searchPage(ports, { ...request, query: parseQuery(q) }, limits)).found.length;
  };
  return { name, client, page };
}

/** Entries of the values' counts; a few thousand shapes, so that making them does not take longest. */
export function drawing(tenant: string): (position: number, time: number) => JsonValue {
  const random = seededRandom(7);
  const shapes = sampleEntries(5_000, 11) as Record<string, JsonValue>[];
  const categories = [...CATEGORIES.keys()];
  const pick = (most: number) => Math.floor(random() * most);
  return (position, time) => {
    const shape = shapes[pick(shapes.length)]!;
    const at = new Date(time).toISOString();
    return {
      ...shape,
      ...{ tenant, id: `e-${position}`, recordedAt: at, occurredAt: at },
      action: `record.verb${pick(VALUES.actions)}`,
      actor: { ...(shape.actor as object), id: `user-${pick(VALUES.actors)}` },
      target: { ...(shape.target as object), id: `customer-${pick(VALUES.targets)}` },
      category: categories[pick(categories.length)]!,
      severity: SEVERITIES[pick(SEVERITIES.length)]!,
    };
  };
}

export async function put(client: DynamoDBClient, table: string, items: Record<string, AttributeValue>[]): Promise<[]> {
  const requests = items.map((Item) => ({ PutRequest: { Item } }));
  for (let left = requests; left.length > 0; ) {
    const write = new BatchWriteItemCommand({ RequestItems: { [table]: left } });
    const { UnprocessedItems = {} } = await client.send(write);
    left = (UnprocessedItems[table] ?? []) as typeof requests;
  }
  return [];
}
