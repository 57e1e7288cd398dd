// Searches of an archived chain in whose middle somebody puts blocks that verify: nothing of them is shown, and nothing is hidden.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { genesisLink } from '../../core/chain.ts';
import type { Page } from '../../services/search/page.ts';
import type { Order } from '../../services/search/port.ts';
import { Damaging, positionsOf } from '../support/damaging.ts';
import { blockAtPlace, sampleBytes } from '../support/ledger-stream.ts';
import { Deployment } from '../support/sealing.ts';

const CHAIN = 'acme#0';
const SIZES = [3, 1, 2, 3, 1, 2];
const ALL = Array.from({ length: SIZES.reduce((sum, size) => sum + size) }, (_, position) => position);
const LAST = ALL.length - SIZES.at(-1)!;

async function recorded(isArchived: boolean): Promise<Deployment> {
  const deployment = new Deployment();
  for (const size of SIZES) {
    deployment.append(CHAIN, deployment.some('payment', size));
    if (isArchived) await deployment.archive();
    deployment.pass(60_000);
  }
  return deployment;
}

/** It continues what is before, which may be forged as well, or something else. */
const forgery = (...continues: ('ledger' | 'forged' | 'nothing')[]) =>
  fc.record({
    position: fc.integer({ min: 0, max: LAST - 1 }),
    count: fc.integer({ min: 1, max: ALL.length }),
    continues: fc.constantFrom(...continues),
  });

type Forgery = ReturnType<typeof forgery> extends fc.Arbitrary<infer F> ? F : never;
const order = fc.constantFrom('asc' as const, 'desc' as const);

// A search that goes by the index looks one block behind those that it shows: forged ones that continue each other it can't tell.
describe.each([
  ['indexed', true, forgery('ledger', 'nothing')],
  ['not indexed yet', false, forgery('ledger', 'forged', 'nothing')],
])('%s', (_, isIndexed, forged) => {
  test('and archived: nothing forged is shown, and nothing is hidden', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(forged, { minLength: 1, maxLength: 4 }), order, async (forgeries, order) => {
        const page = await searched(await recorded(true), forgeries, { isIndexed, order });
        expect(positionsOf(page)).toEqual(ALL);
        expect(forgedOf(page)).toEqual([]);
        // What stands where the index knows of no block is never come to.
        if (!isIndexed) expect(page.gaps).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('and not archived: something is named where anything forged is shown or anything is hidden', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(forged, { minLength: 1, maxLength: 4 }), order, async (forgeries, order) => {
        const page = await searched(await recorded(false), forgeries, { isIndexed, order });
        const positions = positionsOf(page);
        expect(positions).toEqual([...new Set(positions)]);
        if (forgedOf(page).length > 0 || positions.length < ALL.length) expect(page.gaps).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

async function searched(
  deployment: Deployment,
  forgeries: readonly Forgery[],
  { isIndexed, order }: { readonly isIndexed: boolean; readonly order: Order },
): Promise<Page> {
  const bench = new Damaging(deployment);
  if (isIndexed) await bench.indexed(CHAIN);
  const links = [genesisLink(CHAIN), ...linksOf(bench)];
  const ends = new Map<number, Uint8Array>();
  for (const { position, count, continues } of forgeries.toSorted((a, b) => a.position - b.position)) {
    const before = (continues === 'forged' ? ends.get(position) : undefined) ?? links[position]!;
    const previousLink = continues === 'nothing' ? new Uint8Array(32).fill(9) : before;
    const recordedAt = deployment.now - 400_000 + position * 20_000;
    const entry = { category: 'payment', recordedAt, members: { description: 'forged' } } as const;
    const texts = Array.from({ length: count }, (_, i) => sampleBytes('acme', entry, i));
    const block = blockAtPlace({ chain: CHAIN, position, previousLink }, texts, recordedAt);
    ends.set(position + count, block.link);
    deployment.blocks.put(block);
  }
  return bench.search({ order });
}

const forgedOf = ({ found }: Page): number[] =>
  found.filter(({ entry }) => entry.description === 'forged').map(({ position }) => position);

function linksOf(bench: Damaging): Uint8Array[] {
  let position = 0;
  return SIZES.flatMap((size) => {
    const { decoded } = bench.ports.memory!.decoded.of(bench.block(CHAIN, position), bench.ports.compression);
    position += size;
    return [...decoded.links];
  });
}
