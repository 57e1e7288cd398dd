// What every index has to do, in memory and on DynamoDB.
import { DynamoDBClient as Client, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoPostings } from '../../adapters/dynamodb/index.ts';
import { rowToItem } from '../../adapters/dynamodb/index-item.ts';
import { DynamoIndexStore } from '../../adapters/dynamodb/index-store.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import { MAX_ROW_POSTINGS } from '../../core/index/postings.ts';
import { HOUR_MS, type Tally } from '../../core/index/tally.ts';
import { INDEX_ROW } from '../../names/index.ts';
import type { TallyReader } from '../../services/histogram/port.ts';
import { configurationOf } from '../../services/index/configuration.ts';
import type { IndexRow, IndexStore, Progress } from '../../services/index/port.ts';
import { SPAN_MS } from '../../services/index/span.ts';
import type { Order, Period, PostingRow, PostingsReader } from '../../services/search/port.ts';
import { MemoryIndex } from '../fakes/memory-index.ts';
import { createIndexTable } from '../support/index-table.ts';
import { sharedDynamoDb } from '../support/shared.ts';

interface Index {
  readonly store: IndexStore;
  readonly reader: PostingsReader & TallyReader;
}

let serial = 0;
const freshTenant = () => `tenant-${serial++}`;

/** A Tuesday noon, on the edge of a span. */
const NOON = Math.ceil(Date.parse('2025-06-03T12:00:00Z') / SPAN_MS) * SPAN_MS;

const row = (tenant: string, chain: number, block: number, times: readonly number[], value = 'u1'): IndexRow => ({
  ...{ tenant, facet: 'actor', value, chain, expiresAt: Math.ceil(NOON / 1_000) + 86_400 },
  postings: times.map((recordedAt, offset) => ({ block, offset, recordedAt })),
});

const progress = (through: number): Progress => ({
  through,
  link: sha256(new TextEncoder().encode(`link ${through}`)),
  recordedAt: NOON + through,
});

async function collect(reader: PostingsReader, tenant: string, period: Period, order: Order, value = 'u1') {
  const rows: PostingRow[] = [];
  for await (const one of reader.postings(tenant, 'actor', value, period, order)) rows.push(one);
  return rows;
}

/** The order of entries as the port describes it, written without a look at what implements it. */
const placesOf = ({ chain, postings }: PostingRow) =>
  postings.map(({ block, offset, recordedAt }): [number, number, number] => [recordedAt, chain, block + offset]);

const before = (a: readonly number[], b: readonly number[]) => {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
};

function expectInOrder(rows: readonly PostingRow[], order: Order): void {
  const sign = order === 'asc' ? 1 : -1;
  const sorted = (places: [number, number, number][]) => places.toSorted((a, b) => sign * before(a, b));
  for (const one of rows) expect(placesOf(one)).toEqual(sorted(placesOf(one)));
  const firsts = rows.map((one) => placesOf(one)[0]!);
  expect(firsts).toEqual(sorted(firsts));
}

function indexContract(name: string, open: () => Index): void {
  describe(`${name} as an index`, () => {
    test('a value without postings has no rows, a tenant without chains no chains', async () => {
      const [{ reader }, tenant] = [open(), freshTenant()];
      expect(await collect(reader, tenant, { from: 0, to: NOON }, 'desc')).toEqual([]);
      expect(await reader.indexed(tenant)).toEqual([]);
    });

    test('rows come back cut to the period, by value, facet and tenant', async () => {
      const [{ store, reader }, tenant] = [open(), freshTenant()];
      const mine = row(tenant, 3, 70, [NOON, NOON + 5, NOON + 9]);
      await store.write([mine, row(tenant, 3, 70, [NOON], 'u2'), { ...mine, facet: 'target' }]);
      await store.write([{ ...mine, tenant: freshTenant() }]);
      const period = { from: NOON + 5, to: NOON + 9 };
      for (const order of ['asc', 'desc'] as const) {
        expect(await collect(reader, tenant, period, order)).toEqual([{ chain: 3, postings: [mine.postings[1]] }]);
      }
      expect(await collect(reader, tenant, { from: NOON + 10, to: NOON + SPAN_MS }, 'desc')).toEqual([]);
      expect(await collect(reader, tenant, { from: 0, to: Number.MAX_SAFE_INTEGER }, 'desc')).toHaveLength(1);
      expect(await collect(reader, tenant, { from: NOON, to: NOON }, 'asc')).toEqual([]);
    });

    test('rows of several chains and runs come in the order of entries, either way, wherever the period ends', async () => {
      const [{ store, reader }, tenant] = [open(), freshTenant()];
      const rows = Array.from({ length: 120 }, (_, i) => {
        const start = NOON + ((i * 7_919) % 97) * 11_000;
        // Some overlap, some end at the same time, some go back in time as two writers' clocks do.
        const times = [0, (i % 5) * 20_000, (i % 3) * 15_000].map((step) => start + step);
        return row(
          tenant,
          i % 4,
          i * 10,
          times.filter((time) => Math.floor(time / SPAN_MS) === Math.floor(start / SPAN_MS)),
        );
      });
      await store.write(rows);
      const bounds = [NOON - 1, NOON, NOON + 44_000, NOON + SPAN_MS - 1, NOON + SPAN_MS, NOON + 3 * SPAN_MS, NOON * 2];
      for (const from of bounds) {
        for (const to of bounds.filter((one) => one > from)) {
          const all = rows.flatMap(placesOf).filter(([time]) => time >= from && time < to);
          for (const order of ['asc', 'desc'] as const) {
            const found = await collect(reader, tenant, { from, to }, order);
            expectInOrder(found, order);
            expect(found.flatMap(placesOf).toSorted(before)).toEqual(all.toSorted(before));
          }
        }
      }
    });

    test('a row that is written again is there once', async () => {
      const [{ store, reader }, tenant] = [open(), freshTenant()];
      const once = row(tenant, 0, 0, [NOON, NOON + 1]);
      await store.write([once]);
      await store.write([once]);
      expect(await collect(reader, tenant, { from: 0, to: NOON * 2 }, 'asc')).toEqual([
        { chain: 0, postings: once.postings },
      ]);
    });

    test('takes many rows at once, the largest, and the longest value', async () => {
      const [{ store, reader }, tenant] = [open(), freshTenant()];
      const postings = Array.from({ length: MAX_ROW_POSTINGS }, (_, i) => ({
        ...{ block: 10 * i + 2 ** 40, offset: 9, recordedAt: NOON + (i % 100) },
      }));
      const value = '💶'.repeat(2_048);
      const many = Array.from({ length: 260 }, (_, i) => row(tenant, 0, i, [NOON + i], `u${i}`));
      await store.write([...many, { ...row(tenant, 1, 0, [NOON], value), postings }]);
      const [large] = await collect(reader, tenant, { from: 0, to: NOON * 2 }, 'asc', value);
      expect(large!.postings).toHaveLength(MAX_ROW_POSTINGS);
      for (const { value: one } of many) {
        expect(await collect(reader, tenant, { from: 0, to: NOON * 2 }, 'desc', one)).toHaveLength(1);
      }
    });

    test("progress comes back as it was written, and tells the tenant's chains", async () => {
      const [{ store, reader }, tenant] = [open(), freshTenant()];
      expect(await store.progress(`${tenant}#11`)).toBeUndefined();
      expect(await store.advance(`${tenant}#11`, progress(7), 0)).toBe(true);
      expect(await store.advance(`${tenant}#2`, { ...progress(9), link: undefined }, 0)).toBe(true);
      const { link, ...rest } = (await store.progress(`${tenant}#11`))!;
      expect(rest).toEqual({ through: 7, recordedAt: NOON + 7, version: 1 });
      expect(toHex(link!)).toBe(toHex(progress(7).link!));
      expect((await store.progress(`${tenant}#2`))!.link).toBeUndefined();
      const chains = (await reader.indexed(tenant)).toSorted((a, b) => a.chain - b.chain);
      expect(chains).toEqual([
        { chain: 2, through: 9, recordedAt: NOON + 9 },
        { chain: 11, through: 7, recordedAt: NOON + 7 },
      ]);
    });

    test('tallies come back that have cells in a period, and what goes on with its chain', async () => {
      const [{ store, reader }, tenant] = [open(), freshTenant()];
      const hour = Math.floor(NOON / HOUR_MS);
      const tallyOf = (first: number, end: number, begins: number): Tally => ({
        ...{ first, end, hour: begins, others: new Set([7, 2 ** 32 - 1]) },
        cells: new Map([
          [2 * begins + 1, new Map(Object.entries({ 0: 3, 640: 12 }).map(([code, n]) => [Number(code), n]))],
        ]),
      });
      const place = { tenant, chain: 3, expiresAt: Math.ceil(NOON / 1_000) + 86_400 };
      const [early, late] = [tallyOf(0, 40, hour), tallyOf(40, 90, hour + 100)];
      await store.write(
        [],
        [early, late].map((tally) => ({ ...place, tally })),
      );
      await store.write([], [{ ...place, tally: early }]);
      const goingOn = tallyOf(90, 95, hour + 101);
      await store.advance(`${tenant}#3`, { ...progress(95), tally: goingOn }, 0);
      expect(await reader.tallied(tenant)).toEqual([{ chain: 3, through: 95, recordedAt: NOON + 95, tally: goingOn }]);
      expect((await store.progress(`${tenant}#3`))!.tally).toEqual(goingOn);
      const found = async (from: number, to: number) =>
        (await reader.tallies(tenant, { from: from * HOUR_MS, to: to * HOUR_MS })).map(({ tally }) => tally.end);
      expect((await found(0, 2 * hour)).toSorted((a, b) => a - b)).toEqual([40, 90]);
      expect(await found(hour, hour + 1)).toContain(40);
      expect(await found(hour + 100, hour + 101)).toContain(90);
      const [whole] = await reader.tallies(tenant, { from: hour * HOUR_MS, to: (hour + 1) * HOUR_MS });
      expect(whole).toMatchObject({ chain: 3, tally: early });
      expect(await reader.tallies(freshTenant(), { from: 0, to: 2 * NOON })).toEqual([]);
    });

    test('of two runs that know the same version one advances the chain', async () => {
      const [{ store }, chain] = [open(), `${freshTenant()}#0`];
      const both = await Promise.all([store.advance(chain, progress(7), 0), store.advance(chain, progress(7), 0)]);
      expect(both.toSorted()).toEqual([false, true]);
      expect(await store.advance(chain, progress(20), 2)).toBe(false);
      expect(await store.advance(chain, progress(20), 1)).toBe(true);
      expect(await store.progress(chain)).toMatchObject({ through: 20, version: 2 });
    });
  });
}

const memory = new MemoryIndex();
indexContract('memory', () => ({ store: memory, reader: memory }));

describe('on DynamoDB', () => {
  let client: DynamoDBClient;
  let indexTable: string;
  const configuration = configurationOf(['actor', 'target']);
  const open = (of = configuration) => ({
    store: new DynamoIndexStore(client, { indexTable, configuration: of }),
    reader: new DynamoPostings(client, { indexTable, configuration: of }),
  });
  beforeAll(async () => {
    const dynamo = await sharedDynamoDb();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new Client({ endpoint: dynamo.endpoint, region: 'us-east-1', credentials });
    indexTable = await createIndexTable(client, 'index');
  });
  afterAll(async () => {
    client?.destroy();
  });
  indexContract('DynamoDB', () => open());

  test('an index of other facets is another index', async () => {
    const tenant = freshTenant();
    await open().store.write([row(tenant, 0, 0, [NOON])]);
    await open().store.advance(`${tenant}#0`, progress(1), 0);
    const other = open(configurationOf(['actor']));
    expect(await other.reader.indexed(tenant)).toEqual([]);
    expect(await collect(other.reader, tenant, { from: 0, to: NOON * 2 }, 'asc')).toEqual([]);
    expect(configurationOf(['target', 'actor'])).toBe(configuration);
  });

  test('a hash is not believed, and a row that is none is an error', async () => {
    const [tenant, { reader }] = [freshTenant(), open()];
    const item = rowToItem(configuration, row(tenant, 0, 0, [NOON]));
    const put = (changed: object) =>
      client.send(new PutItemCommand({ TableName: indexTable, Item: { ...item, ...changed } }));
    await put({ [INDEX_ROW.value]: { S: 'u2' } });
    expect(await collect(reader, tenant, { from: 0, to: NOON * 2 }, 'desc')).toEqual([]);
    for (const changed of [{ [INDEX_ROW.postings]: { B: Uint8Array.of(1, 0) } }, { [INDEX_ROW.chain]: { S: '0' } }]) {
      await put(changed);
      await expect(collect(reader, tenant, { from: 0, to: NOON * 2 }, 'desc')).rejects.toMatchObject({
        code: 'postings',
      });
    }
  });
});
