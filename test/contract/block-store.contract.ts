// What every store of blocks has to do, in memory and on DynamoDB.
import {
  type AttributeValue,
  DynamoDBClient as Client,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoBlockStore } from '../../adapters/dynamodb/store.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { type BlockStart, decodeBlock, encodeBlock } from '../../core/block/codec.ts';
import { encodePayload } from '../../core/block/payload.ts';
import { genesisLink, parseChainName } from '../../core/chain.ts';
import { CHAIN } from '../../names/archive.ts';
import { checkedHead } from '../../services/append/head.ts';
import type { BlockStore, Commit, Head, RequestRecord } from '../../services/append/port.ts';
import { MemoryBlockStore } from '../fakes/memory-block-store.ts';
import { digestOf, entriesOf, entryOf, noise } from '../support/entries.ts';
import { createLedgerTables, type LedgerTables } from '../support/ledger-tables.ts';
import { sharedDynamoDb } from '../support/shared.ts';

const HOT_WINDOW_SECONDS = 3_600;
const NOW = 1_750_000_000_000;

/** A store under contract, with its clock. */
interface Subject {
  readonly store: BlockStore;
  readonly clock: { now: number };
}

let serial = 0;
/** A chain and tenant that no other test uses. */
const fresh = () => {
  serial += 1;
  return `t${serial}`;
};

const genesis = (chain: string): BlockStart => ({ chain, position: 0, previousLink: genesisLink(chain) });
const behind = (block: Block): BlockStart => ({
  chain: block.chain,
  position: block.position + block.count,
  previousLink: block.link,
});

function blockAt(
  place: BlockStart,
  id: string,
  { count = 2, fill = '', requests = [] as string[], at = NOW } = {},
): Block {
  const entries = entriesOf(id, count, fill, parseChainName(place.chain).tenant);
  const payload = encodePayload(
    entries.map(({ bytes }) => bytes),
    zstd,
  );
  return encodeBlock(place, { payload, leafHashes: entries.map(({ leafHash }) => leafHash), requests }, at).block;
}

const commitOf = (blocks: Block[], requests: RequestRecord[] = []): Commit => ({
  token: `contract-${fresh()}`,
  blocks,
  requests,
});

const recordOf = (request: string, block: Block, digest = 'body', recordedAt = NOW): RequestRecord => ({
  request,
  digest: digestOf(digest),
  runs: [{ chain: 0, position: block.position, count: block.count, block: block.position }],
  recordedAt,
});

/** How a request was settled, told by a commit that would settle it anew on a chain of its own; which it does if it was not. */
async function settled(store: BlockStore, request: string, at = NOW): Promise<RequestRecord | undefined> {
  const block = blockAt(genesis(`${fresh()}#0`), 'probe', { requests: [request], at });
  const outcome = await store.commit(commitOf([block], [recordOf(request, block, 'probe', at)]));
  return outcome.kind === 'refused' ? outcome.requests[0] : undefined;
}

/** Where the chain goes on, as a writer finds it. */
const headOf = (store: BlockStore, chain: string, at = NOW) =>
  checkedHead(chain, { store, compression: zstd, now: () => at });

/** Buffers and plain arrays of bytes are the same bytes. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, member) => {
      const bytes = member?.type === 'Buffer' ? member.data : member;
      return bytes instanceof Uint8Array ? [...bytes] : bytes;
    }),
  );
const same = (got: unknown, want: unknown) => expect(plain(got)).toEqual(plain(want));

function contract(subject: () => Subject): void {
  test('a chain without blocks has no head and no blocks', async () => {
    const { store } = subject();
    expect(await store.end(`${fresh()}#0`)).toEqual({ newest: undefined, remembered: undefined });
    expect(await store.blockBefore(`${fresh()}#0`, 99)).toBeUndefined();
  });

  test('what is committed is the head, and is read back as it was, requests included', async () => {
    const { store } = subject();
    const tenant = fresh();
    const first = blockAt(genesis(`${tenant}#0`), 'a');
    const requests = [`${tenant}#k1`, `${tenant}#k2`];
    const second = blockAt(behind(first), 'b', { requests });
    expect(await store.commit(commitOf([first]))).toEqual({ kind: 'committed' });
    const records = requests.map((request) => recordOf(request, second));
    expect(await store.commit(commitOf([second], records))).toEqual({ kind: 'committed' });
    same(await headOf(store, `${tenant}#0`), { next: 4, link: second.link } satisfies Head);
    const read = (await store.blockBefore(`${tenant}#0`, 2))!;
    same({ ...read, requests: read.requests.toSorted() }, second);
    expect(decodeBlock(read, zstd).entries).toHaveLength(2);
    same(await settled(store, requests[0]!), records[0]);
    expect(await settled(store, `${tenant}#k3`)).toBeUndefined();
  });

  test('the block before a position is the last that starts at it or before', async () => {
    const { store } = subject();
    const chain = `${fresh()}#0`;
    const first = blockAt(genesis(chain), 'a', { count: 3 });
    const second = blockAt(behind(first), 'b', { count: 12 });
    await store.commit(commitOf([first]));
    await store.commit(commitOf([second]));
    const starts = [];
    for (const position of [0, 2, 3, 14, 15, 1_000]) starts.push((await store.blockBefore(chain, position))?.position);
    expect(starts).toEqual([0, 0, 3, 3, 3, 3]);
  });

  test('a taken position is refused, tells its block, and stays as it was', async () => {
    const { store } = subject();
    const chain = `${fresh()}#0`;
    const winner = blockAt(genesis(chain), 'winner', { count: 5 });
    await store.commit(commitOf([winner]));
    const outcome = await store.commit(commitOf([blockAt(genesis(chain), 'loser')]));
    same(outcome, { kind: 'refused', blocks: [winner], requests: [] });
    same(await store.blockBefore(chain, 0), winner);
    same(await headOf(store, chain), { next: 5, link: winner.link });
  });

  test('the same write again is refused with the very block that it wrote', async () => {
    const { store } = subject();
    const block = blockAt(genesis(`${fresh()}#0`), 'a');
    await store.commit(commitOf([block]));
    same(await store.commit(commitOf([block])), { kind: 'refused', blocks: [block], requests: [] });
  });

  test('several blocks are written whole or not at all', async () => {
    const { store } = subject();
    const chain = `${fresh()}#0`;
    const first = blockAt(genesis(chain), 'a');
    const second = blockAt(behind(first), 'b');
    const third = blockAt(behind(second), 'c');
    expect(await store.commit(commitOf([first, second]))).toEqual({ kind: 'committed' });
    const foreign = [blockAt(behind(second), 'x'), blockAt(behind(third), 'y')];
    await store.commit(commitOf([third]));
    same(await store.commit(commitOf(foreign)), { kind: 'refused', blocks: [third], requests: [] });
    same(await headOf(store, chain), { next: 6, link: third.link });
  });

  test('a settled request refuses the whole commit and tells how it was settled', async () => {
    const { store } = subject();
    const tenant = fresh();
    const request = `${tenant}#key`;
    const first = blockAt(genesis(`${tenant}#0`), 'a', { requests: [request] });
    const record = recordOf(request, first);
    await store.commit(commitOf([first], [record]));
    const second = blockAt(behind(first), 'b', { requests: [request, `${tenant}#other`] });
    const records = [recordOf(`${tenant}#other`, second), recordOf(request, second, 'another body')];
    same(await store.commit(commitOf([second], records)), { kind: 'refused', blocks: [], requests: [record] });
    same(await headOf(store, `${tenant}#0`), { next: 2, link: first.link });
    expect(await settled(store, `${tenant}#other`)).toBeUndefined();
  });

  test('both in the way: both are told', async () => {
    const { store } = subject();
    const tenant = fresh();
    const request = `${tenant}#key`;
    const first = blockAt(genesis(`${tenant}#0`), 'a', { requests: [request] });
    const record = recordOf(request, first);
    await store.commit(commitOf([first], [record]));
    const other = blockAt(genesis(`${tenant}#0`), 'b', { requests: [request] });
    const outcome = await store.commit(commitOf([other], [recordOf(request, other)]));
    same(outcome, { kind: 'refused', blocks: [first], requests: [record] });
  });

  test('the same transaction again, by its token or without, never writes twice', async () => {
    const { store } = subject();
    const tenant = fresh();
    const block = blockAt(genesis(`${tenant}#0`), 'a', { requests: [`${tenant}#key`] });
    const commit = commitOf([block], [recordOf(`${tenant}#key`, block)]);
    expect(await store.commit(commit)).toEqual({ kind: 'committed' });
    expect(await store.commit(commit)).toEqual({ kind: 'committed' });
    const again = await store.commit({ ...commit, token: `contract-${fresh()}` });
    same(again, { kind: 'refused', blocks: [block], requests: commit.requests });
    same(await headOf(store, `${tenant}#0`), { next: 2, link: block.link });
  });

  test('an expired request is forgotten before it is removed', async () => {
    const { store, clock } = subject();
    const tenant = fresh();
    const request = `${tenant}#key`;
    const first = blockAt(genesis(`${tenant}#0`), 'a', { requests: [request] });
    await store.commit(commitOf([first], [recordOf(request, first)]));
    const later = NOW + HOT_WINDOW_SECONDS * 1_000;
    clock.now = later - 1_000;
    same(await settled(store, request, later - 1_000), recordOf(request, first));
    clock.now = later;
    expect(await settled(store, request, later)).toBeUndefined();
    // That was settled anew, and written over what had expired.
    expect((await settled(store, request, later))?.recordedAt).toBe(later);
    clock.now = NOW;
  });

  test('the largest block with the longest keys, and the largest batch with a key, fit', async () => {
    const { store } = subject();
    const tenant = fresh();
    const requests = Array.from(
      { length: 13 },
      (_, i) => `${tenant}#${i.toString().padStart(4, '0')}${'ü'.repeat(596)}`,
    );
    const wide = blockAt(genesis(`${tenant}#0`), 'a', { requests });
    const padded = { ...wide, payload: Buffer.concat([wide.payload, Buffer.alloc(390_000 - wide.payload.length)]) };
    const records = requests.map((request) => recordOf(request, wide));
    expect(await store.commit(commitOf([padded], records))).toEqual({ kind: 'committed' });
    const blocks: Block[] = [];
    for (let place = genesis(`${tenant}#1`); blocks.length < 11; place = behind(blocks.at(-1)!)) {
      const entry = entryOf(`big-${blocks.length}`, noise(59_000, blocks.length));
      const block = encodeBlock(
        place,
        { payload: Buffer.alloc(370_000, 7), leafHashes: [entry.leafHash], requests: [] },
        NOW,
      );
      blocks.push(block.block);
    }
    expect(await store.commit(commitOf(blocks, [recordOf(`${tenant}#big`, blocks[0]!)]))).toEqual({
      kind: 'committed',
    });
  });

  test('of many writers at one position exactly one wins, and all others learn of it', async () => {
    const { store } = subject();
    const chain = `${fresh()}#0`;
    const blocks = Array.from({ length: 8 }, (_, i) => blockAt(genesis(chain), `w${i}`, { count: i + 1 }));
    const outcomes = await Promise.all(blocks.map((block) => store.commit(commitOf([block]))));
    const winners = blocks.filter((_, i) => outcomes[i]!.kind === 'committed');
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.kind === 'refused') same(outcome.blocks, winners);
  });
}

describe('in memory', () => {
  const clock = { now: NOW };
  const store = new MemoryBlockStore({ now: () => clock.now, hotWindowMs: HOT_WINDOW_SECONDS * 1_000 });
  contract(() => ({ store, clock }));

  test('the head outlives the blocks, in whatever order they expire', async () => {
    const chain = `${fresh()}#0`;
    const first = blockAt(genesis(chain), 'a');
    const second = blockAt(behind(first), 'b');
    await store.commit(commitOf([first, second]));
    clock.now = NOW + HOT_WINDOW_SECONDS * 1_000;
    store.expire(({ position }) => position === 2);
    same(await headOf(store, chain, clock.now), { next: 4, link: second.link });
    store.expire();
    same(await headOf(store, chain, clock.now), { next: 4, link: second.link });
    clock.now = NOW;
  });
});

describe('on DynamoDB', () => {
  const clock = { now: NOW };
  let client: DynamoDBClient;
  let tables: LedgerTables;
  let store: DynamoBlockStore;

  beforeAll(async () => {
    const dynamo = await sharedDynamoDb();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new Client({ endpoint: dynamo.endpoint, region: 'us-east-1', credentials });
    tables = await createLedgerTables(client, 'contract');
    store = new DynamoBlockStore(client, { ...tables, hotWindowSeconds: HOT_WINDOW_SECONDS });
  });
  afterAll(async () => {
    client?.destroy();
  });

  contract(() => ({ store, clock }));

  async function remember(chain: string, head: { position: number; count: number; link: Uint8Array }): Promise<void> {
    const item = {
      [CHAIN.chain]: { S: chain },
      [CHAIN.position]: { N: String(head.position) },
      [CHAIN.count]: { N: String(head.count) },
      [CHAIN.through]: { N: String(head.position + head.count) },
      [CHAIN.link]: { B: head.link },
    };
    await client.send(new PutItemCommand({ TableName: tables.chainsTable, Item: item }));
  }

  test('a chain whose blocks have all expired goes on where the archive saw it end', async () => {
    const chain = `${fresh()}#0`;
    const gone = blockAt(genesis(chain), 'gone', { count: 7 });
    await remember(chain, gone);
    same(await headOf(store, chain), { next: 7, link: gone.link });
  });

  test('an expired block that is left behind is not taken for the newest', async () => {
    const chain = `${fresh()}#0`;
    const left = blockAt(genesis(chain), 'left');
    const gone = blockAt(behind(left), 'gone', { count: 3 });
    await store.commit(commitOf([left]));
    await remember(chain, gone);
    same(await headOf(store, chain, NOW + HOT_WINDOW_SECONDS * 1_000), { next: 5, link: gone.link });
  });

  test('an archive that lags behind does not take the chain back', async () => {
    const chain = `${fresh()}#0`;
    const old = blockAt(genesis(chain), 'old');
    const newest = blockAt(behind(old), 'newest');
    await store.commit(commitOf([old, newest]));
    await remember(chain, old);
    same(await headOf(store, chain), { next: 4, link: newest.link });
  });

  const N = (value: string) => ({ N: value });
  test.each<[string, Record<string, AttributeValue>]>([
    [
      'an end that is text',
      { through: { S: '5000' }, position: N('4999'), count: N('1'), link: { B: new Uint8Array(32) } },
    ],
    ['a negative end', { through: N('-1'), position: N('-2'), count: N('1'), link: { B: new Uint8Array(32) } }],
    [
      'another end than its block',
      { through: N('5000'), position: N('0'), count: N('2'), link: { B: new Uint8Array(32) } },
    ],
    [
      'a block of no length',
      { through: N('5000'), position: N('5000'), count: N('0'), link: { B: new Uint8Array(32) } },
    ],
    ['no link', { through: N('2'), position: N('0'), count: N('2') }],
    ['a link of one byte', { through: N('2'), position: N('0'), count: N('2'), link: { B: new Uint8Array(1) } }],
    ['nothing', {}],
  ])('a row with %s does not lead a writer astray, and is no head by itself', async (_what, row) => {
    const [chain, empty] = [`${fresh()}#0`, `${fresh()}#0`];
    const block = blockAt(genesis(chain), 'a');
    await store.commit(commitOf([block]));
    for (const name of [chain, empty]) {
      await client.send(new PutItemCommand({ TableName: tables.chainsTable, Item: { chain: { S: name }, ...row } }));
    }
    same(await headOf(store, chain), { next: 2, link: block.link });
    await expect(headOf(store, empty)).rejects.toMatchObject({ name: 'ChainNotIntact', reason: 'row', chain: empty });
  });

  test.each<[string, Record<string, AttributeValue>]>([
    ['nothing but its key', {}],
    ['text for numbers', { count: { S: '2' }, v: { S: '1' } }],
    ['numbers beyond all', { count: N('1e100'), v: N('1') }],
  ])(
    'an item with %s at the end of a chain, or where a block goes, is told and does not fail the store',
    async (_what, item) => {
      const [chain, taken] = [`${fresh()}#0`, `${fresh()}#0`];
      const block = blockAt(genesis(chain), 'a');
      await store.commit(commitOf([block]));
      await put(tables.ledgerTable, { chain: { S: chain }, position: N('2'), ...item });
      await put(tables.ledgerTable, { chain: { S: taken }, position: N('0'), ...item });
      await expect(headOf(store, chain)).rejects.toMatchObject({ name: 'ChainNotIntact', chain });
      same(await store.commit(commitOf([blockAt(behind(block), 'b')])), {
        ...{ kind: 'refused', blocks: [], requests: [], damaged: { blocks: [2], requests: [] } },
      });
      const request = `${parseChainName(taken).tenant}#k`;
      const keyed = blockAt(genesis(taken), 'c', { requests: [request] });
      same(await store.commit(commitOf([keyed], [recordOf(request, keyed)])), {
        ...{ kind: 'refused', blocks: [], requests: [], damaged: { blocks: [0], requests: [] } },
      });
    },
  );

  test('an item that is no record in the place of a request is told, with the blocks that stand in the way', async () => {
    const tenant = fresh();
    const [damaged, good] = [`${tenant}#damaged`, `${tenant}#good`];
    await put(tables.requestsTable, { request: { S: damaged }, digest: { S: 'x' }, expiresAt: N('99999999999') });
    const block = blockAt(genesis(`${tenant}#0`), 'a', { requests: [damaged, good] });
    same(await store.commit(commitOf([block], [recordOf(damaged, block), recordOf(good, block)])), {
      ...{ kind: 'refused', blocks: [], requests: [], damaged: { blocks: [], requests: [damaged] } },
    });
  });

  async function put(TableName: string, Item: Record<string, AttributeValue>): Promise<void> {
    await client.send(new PutItemCommand({ TableName, Item }));
  }

  test('a hot window in which a stale writer could fork a chain is refused', () => {
    expect(() => new DynamoBlockStore(client, { ...tables, hotWindowSeconds: 59 })).toThrow(RangeError);
  });
});
