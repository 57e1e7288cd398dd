// Pages of a search are what a naive search finds.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { encodeBlock } from '../../core/block/codec.ts';
import { encodePayload } from '../../core/block/payload.ts';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { chainName, genesisLink, leafHash, parseChainName } from '../../core/chain.ts';
import type { Entry } from '../../core/entry/schema.ts';
import type { JsonValue } from '../../core/json/value.ts';
import { facetValues } from '../../core/query/facets.ts';
import { compileQuery } from '../../core/query/match.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { FACETS } from '../../names/index.ts';
import { Chains } from '../../services/search/chains.ts';
import { SearchMemory } from '../../services/search/memory.ts';
import { searchPage } from '../../services/search/page.ts';
import { comparePlaces } from '../../services/search/place.ts';
import {
  type BlockFetcher,
  type BlockPlace,
  type EntryPlace,
  type IndexedChain,
  NO_RECOVERY,
  type Order,
  type Period,
  type Posting,
  type PostingRow,
  type PostingsReader,
  type StoredBlock,
  type StoredLink,
} from '../../services/search/port.ts';
import type { SearchPorts } from '../../services/search/search.ts';
import { KEEPS_ALL, linkOf, storedOf } from '../support/searching.ts';

const TENANT = 'acme';
const NOW = Date.parse('2026-03-02T00:00:00Z');
const HOUR = 3_600_000;

interface Stored extends EntryPlace {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly block: number;
}

/** A ledger in memory, and an index over as much of it as `through` says. */
class World implements BlockFetcher, PostingsReader {
  readonly blocksOf = new Map<string, Block[]>();
  readonly stored: Stored[] = [];
  readonly through = new Map<number, number>();
  readonly rowSize: number;

  constructor(rowSize: number) {
    this.rowSize = rowSize;
  }

  append(chain: number, entries: readonly { readonly time: number; readonly actor: string }[]): void {
    const name = chainName(TENANT, chain);
    const blocks = this.blocksOf.get(name) ?? [];
    this.blocksOf.set(name, blocks);
    const before = blocks.at(-1);
    const position = before === undefined ? 0 : before.position + before.count;
    const made = entries.map(({ time, actor }, i) => {
      const recordedAt = new Date(time).toISOString();
      const fields = { v: 1, tenant: TENANT, action: 'a.b', category: 'case', outcome: 'success', severity: 'low' };
      const recorder = { type: 'token', id: 'app' };
      const entry = {
        ...fields,
        id: `e${chain}-${position + i}`,
        description: 'd',
        occurredAt: recordedAt,
        recordedAt,
        actor: { type: 'user', id: actor },
        recorder,
      };
      return {
        entry: entry as unknown as Entry,
        bytes: canonicalBytes(entry as unknown as JsonValue),
        recordedAt: time,
      };
    });
    const bytes = made.map((one) => one.bytes);
    const contents = { payload: encodePayload(bytes, zstd), leafHashes: bytes.map(leafHash), requests: [] };
    const previousLink = before?.link ?? genesisLink(name);
    blocks.push(
      encodeBlock({ chain: name, position, previousLink }, contents, Math.max(...entries.map(({ time }) => time)))
        .block,
    );
    for (const [i, one] of made.entries()) this.stored.push({ ...one, chain, position: position + i, block: position });
  }

  async blocks(places: readonly BlockPlace[]): Promise<readonly StoredBlock[]> {
    return places.flatMap(({ chain, position }) => {
      const block = this.blocksOf.get(chain)?.find((one) => one.position === position);
      return block === undefined ? [] : [storedOf(block)];
    });
  }

  async links(places: readonly BlockPlace[]): Promise<readonly StoredLink[]> {
    return (await this.blocks(places)).map(linkOf);
  }

  async linkBehind({ chain, position }: BlockPlace): Promise<StoredLink | undefined> {
    const block = this.blocksOf.get(chain)?.find((one) => one.position > position);
    return block && linkOf(storedOf(block));
  }

  async *from(
    chain: string,
    from: number,
    order: Order,
    below = Number.MAX_SAFE_INTEGER,
  ): AsyncGenerator<StoredBlock, void, undefined> {
    const blocks = (this.blocksOf.get(chain) ?? []).filter(({ position }) => position >= from && position < below);
    yield* (order === 'asc' ? blocks : blocks.toReversed()).map(storedOf);
  }

  async *postings(
    tenant: string,
    facet: string,
    value: string,
    period: Period,
    order: Order,
  ): AsyncGenerator<PostingRow, void, undefined> {
    expect(tenant).toBe(TENANT);
    const rows: { chain: number; postings: Posting[] }[] = [];
    for (const [chain, through] of this.through) {
      const own = this.stored
        .filter((one) => one.chain === chain && one.position < through)
        .filter(({ entry }) => facet === 'time' || facetValues(entry, FACETS[facet as 'actor']).includes(value));
      for (let at = 0; at < own.length; at += this.rowSize) {
        // Every other row repeats what the next one begins with.
        const some = own.slice(at, at + this.rowSize + (at % 2));
        const postings = some.map(({ block, position, recordedAt }) => ({
          block,
          offset: position - block,
          recordedAt,
        }));
        const within = postings.filter(({ recordedAt }) => recordedAt >= period.from && recordedAt < period.to);
        within.sort((a, b) => comparePlaces(placeOf(chain, a), placeOf(chain, b), order));
        if (within.length > 0) rows.push({ chain, postings: within });
      }
    }
    rows.sort((a, b) => comparePlaces(placeOf(a.chain, a.postings[0]!), placeOf(b.chain, b.postings[0]!), order));
    yield* rows;
  }

  async indexed(): Promise<readonly IndexedChain[]> {
    return [...this.through].map(([chain, through]) => ({ chain, through }));
  }
}

const placeOf = (chain: number, { block, offset, recordedAt }: Posting): EntryPlace => ({
  chain,
  position: block + offset,
  recordedAt,
});

const QUERIES = [
  '',
  'actor.id:u1',
  'actor.id:(u1 OR u2) AND severity:low',
  'NOT actor.id:u1',
  '"u2"',
  'actor.id:u1 AND category:case',
  'actor.id:nobody',
  'action:/a\\.b/ -actor.id:u2',
];

/** Writers' clocks disagree by some seconds, and a block holds entries of several. */
const block = fc.record({
  chain: fc.constantFrom(0, 0, 0, 7, 31),
  entries: fc.array(
    fc.record({ skew: fc.integer({ min: -8_000, max: 8_000 }), actor: fc.constantFrom('u1', 'u2', 'u3') }),
    { minLength: 1, maxLength: 4 },
  ),
  pause: fc.integer({ min: 0, max: 20_000 }),
});

test('pages put together are what a naive search finds, whatever is indexed and whatever is written meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(block, { minLength: 1, maxLength: 30 }),
      fc.record({
        order: fc.constantFrom<Order>('asc', 'desc'),
        query: fc.constantFrom(...QUERIES),
        limit: fc.integer({ min: 1, max: 7 }),
        rowSize: fc.integer({ min: 1, max: 5 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        later: fc.integer({ min: 0, max: 3 }),
        cut: fc.boolean(),
        keeps: fc.boolean(),
        passing: fc.constantFrom(0, 1_000, 40_000),
      }),
      async (blocks, { order, query: text, limit, rowSize, share, later, cut, keeps, passing }) => {
        const world = new World(rowSize);
        let now = NOW;
        let time = NOW - HOUR;
        const write = ({ chain, entries, pause }: (typeof blocks)[number]) => {
          time += pause;
          world.append(
            chain,
            entries.map(({ skew, actor }) => ({ time: time + skew, actor })),
          );
        };
        for (const one of blocks) write(one);
        for (const [name, all] of world.blocksOf) {
          const { chain } = parseChainName(name);
          const known = all[Math.floor(all.length * share)] ?? all.at(-1)!;
          if (share > 0.1) world.through.set(chain, known.position);
        }
        const query = parseQuery(text);
        const period = cut
          ? { from: NOW - HOUR + 30_000, to: NOW - HOUR + 120_000 }
          : { from: 0, to: Number.MAX_SAFE_INTEGER };
        const matches = compileQuery(query);
        const expected = world.stored
          .filter(({ recordedAt }) => recordedAt >= period.from && recordedAt < period.to)
          .filter(matches)
          .sort((a, b) => comparePlaces(a, b, order))
          .map(({ entry }) => entry.id);
        const ports: SearchPorts = {
          ...{
            index: world,
            fetcher: world,
            compression: zstd,
            facets: FACETS,
            hotWindowMs: 24 * HOUR,
            now: () => now,
          },
          ...{ recovery: NO_RECOVERY, keeping: KEEPS_ALL },
          chains: new Chains(world, world, () => now),
          ...(keeps ? { memory: new SearchMemory(world) } : {}),
        };
        const seen: string[] = [];
        let after: EntryPlace | undefined;
        for (let page = 0; ; page++) {
          const request = { tenant: TENANT, query, period, order, ...(after === undefined ? {} : { after }) };
          const { found, next } = await searchPage(ports, request, {
            entries: limit,
            bytes: 1_000_000,
            budgetMs: 1_000,
          });
          seen.push(...found.map(({ entry }) => entry.id));
          if (next === undefined) break;
          after = next;
          now += passing;
          if (page < later) write({ chain: 0, entries: [{ skew: 0, actor: 'u3' }], pause: 60_000 });
          // What is indexed meanwhile comes from elsewhere and is the same.
          for (const [name, all] of world.blocksOf) world.through.set(parseChainName(name).chain, all.at(-1)!.position);
        }
        const written = new Set(expected);
        expect(seen.filter((id) => written.has(id))).toEqual(expected);
        expect(new Set(seen).size).toBe(seen.length);
      },
    ),
    { numRuns: Number(process.env.SEARCH_RUNS ?? 300) },
  );
});
