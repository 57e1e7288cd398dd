// Searches over a ledger that somebody damaged: the rest is found, and what is not there is named.
import { describe, expect, test } from '@jest/globals';
import type { Block } from '../../../core/block/block.ts';
import { parseQuery } from '../../../core/query/parse.ts';
import { beginningOf } from '../../../services/search/search.ts';
import { behind, Damaging, positionsOf, rewritten } from '../../support/damaging.ts';
import { blockAtPlace, sampleBytes } from '../../support/ledger-stream.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';

const MINUTE = 60_000;
const ALL = Array.from({ length: 12 }, (_, position) => position);

/** Four blocks of three entries; of two days, of which the first is sealed. `archived`: whether the archive has them. */
async function recorded({ archived = true, sealed = true } = {}): Promise<Deployment> {
  const deployment = new Deployment();
  for (let i = 0; i < 4; i++) {
    deployment.append('acme#0', deployment.some('payment', 3));
    if (archived) await deployment.archive();
    if (i === 1 && sealed) await deployment.seal();
    deployment.pass(i === 1 ? DAY_MS : MINUTE);
  }
  return deployment;
}

const gap = (first: number, last: number, reason: string) => ({ tenant: 'acme', chain: 0, first, last, reason });

type Damage = (bench: Damaging) => void;
const at = (bench: Damaging, position: number): Block => bench.block('acme#0', position);

const DAMAGES: readonly (readonly [string, string, Damage])[] = [
  [
    'overwritten with something else',
    'altered',
    (bench) => bench.deployment.blocks.put({ ...at(bench, 3), payload: Buffer.of(1, 2, 3) }),
  ],
  [
    'whose link was changed',
    'altered',
    (bench) => bench.deployment.blocks.put({ ...at(bench, 3), link: new Uint8Array(32) }),
  ],
  ['of another version', 'altered', (bench) => bench.deployment.blocks.put({ ...at(bench, 3), v: 2 })],
  [
    'that somebody who knows the format wrote anew',
    'unlinked',
    (bench) => bench.deployment.blocks.put(rewritten(at(bench, 3), (text) => text.replace('Zoë', 'Eve'))),
  ],
  ['that is gone', 'missing', (bench) => bench.deployment.blocks.remove('acme#0', 3)],
];

describe.each([
  ['indexed', true],
  ['not indexed yet', false],
])('a block, %s,', (_, isIndexed) => {
  const benchOf = async (deployment: Deployment) => {
    const bench = new Damaging(deployment);
    return isIndexed ? bench.indexed('acme#0') : bench;
  };

  test.each(DAMAGES)('%s is named, and all others are found', async (_name, reason, damage) => {
    for (const order of ['asc', 'desc'] as const) {
      const bench = await benchOf(await recorded({ archived: false, sealed: false }));
      damage(bench);
      const page = await bench.search({ order });
      expect(positionsOf(page)).toEqual(ALL.filter((position) => position < 3 || position > 5));
      expect(page.gaps).toEqual([gap(3, 5, reason)]);
    }
  });

  test.each(DAMAGES)('%s is taken from the sealed archive, and named all the same', async (_name, reason, damage) => {
    const bench = await benchOf(await recorded());
    const before = await bench.search();
    damage(bench);
    const page = await bench.search();
    expect(page.found).toEqual(before.found);
    expect(page.gaps).toEqual([{ ...gap(3, 5, reason), recovered: true }]);
  });

  test.each(DAMAGES)(
    '%s is taken from the archive where it continues the chain and nothing is sealed',
    async (_name, reason, damage) => {
      const bench = await benchOf(await recorded({ sealed: false }));
      const before = await bench.search();
      damage(bench);
      const page = await bench.search();
      expect(page.found).toEqual(before.found);
      expect(page.gaps).toEqual([{ ...gap(3, 5, reason), recovered: true }]);
    },
  );

  test('that is lost does not keep a search from what lies elsewhere', async () => {
    const bench = await benchOf(await recorded({ archived: false, sealed: false }));
    bench.deployment.blocks.put({ ...at(bench, 3), link: new Uint8Array(32) });
    const from = bench.deployment.now - 80_000;
    const page = await bench.search({ period: { from, to: Number.MAX_SAFE_INTEGER } });
    expect(positionsOf(page)).toEqual([9, 10, 11]);
    expect(page.gaps).toEqual([]);
  });

  test('that is lost is named by every page that comes to it, and by no page twice', async () => {
    const bench = await benchOf(await recorded({ archived: false, sealed: false }));
    bench.deployment.blocks.put({ ...at(bench, 3), link: new Uint8Array(32) });
    const seen: number[] = [];
    let gaps = 0;
    for (let after: Awaited<ReturnType<typeof bench.search>>['next']; ; ) {
      const page = await bench.search(after === undefined ? {} : { after }, 2);
      seen.push(...page.found.map(({ position }) => position));
      gaps += page.gaps.length;
      after = page.next;
      if (after === undefined) break;
    }
    expect(seen).toEqual(ALL.filter((position) => position < 3 || position > 5).reverse());
    expect(gaps).toBeGreaterThan(0);
  });
});

test('an archive that is forged beside the ledger gives nothing that does not lead to the block behind', async () => {
  const deployment = await recorded({ archived: false, sealed: false });
  const bench = new Damaging(deployment);
  deployment.blocks.put({ ...at(bench, 3), link: new Uint8Array(32) });
  // Whoever can write the bucket as well has it hold another second block, which continues the first.
  const other = new Deployment({ store: deployment.store });
  await other.record('acme#0', other.some('payment', 3));
  other.pass(MINUTE);
  const forged = other.some('payment', 3).map((one) => ({ ...one, members: { description: 'forged' } }));
  await other.record('acme#0', forged);
  const page = await bench.search();
  expect(positionsOf(page)).toEqual([0, 1, 2, 6, 7, 8, 9, 10, 11]);
  expect(page.gaps).toEqual([gap(3, 5, 'altered')]);
});

describe('entries that somebody chained', () => {
  const planted = (change: (text: string) => string, recordedAt: number) =>
    change(Buffer.from(sampleBytes('acme', { category: 'payment', recordedAt }, 99)).toString());

  async function withPlanted(text: string, blockTime?: number): Promise<Damaging> {
    const deployment = await recorded({ archived: false, sealed: false });
    const bench = await new Damaging(deployment).indexed('acme#0');
    const last = behind(at(bench, 9), [text], blockTime ?? deployment.now);
    deployment.blocks.put(last);
    deployment.history.get('acme#0')!.push(last);
    deployment.append('acme#0', deployment.some('payment', 3));
    return bench;
  }

  test.each<[string, (text: string) => string]>([
    ['with an unknown category', (text) => text.replace('"category":"payment"', '"category":"nonsense"')],
    ['with an unknown member', (text) => text.replace('"v":1', '"v":1,"x":1')],
    ['of another version', (text) => text.replace('"v":1', '"v":2')],
    ['with blanks', (text) => text.replace('"v":1', '"v": 1')],
    ['of another tenant', (text) => text.replace('"tenant":"acme"', '"tenant":"umbra"')],
    ['that are no objects', () => '5'],
    ['that are no JSON', () => '{'],
  ])('%s are left out and named', async (_, change) => {
    const bench = await withPlanted(planted(change, Date.parse('2026-03-02T22:02:00.000Z')));
    for (const order of ['asc', 'desc'] as const) {
      const page = await bench.search({ order });
      expect(positionsOf(page)).toEqual([...ALL, 13, 14, 15]);
      expect(page.gaps).toEqual([gap(12, 12, 'malformed')]);
    }
  });

  test.each([
    ['years back', '2019-01-01T00:00:00.000Z'],
    ['an hour back', '2026-03-02T21:00:00.000Z'],
    ['years ahead', '2036-01-01T00:00:00.000Z'],
    ['an hour ahead', '2026-03-02T23:30:00.000Z'],
  ])('%s stop no search, and are named', async (_, time) => {
    const bench = await withPlanted(
      planted((text) => text, Date.parse(time)),
      Date.parse(time),
    );
    const now = bench.deployment.now;
    for (const order of ['asc', 'desc'] as const) {
      const page = await bench.search({ order, period: { from: now - 30 * MINUTE, to: now + MINUTE } });
      expect(positionsOf(page)).toEqual([6, 7, 8, 9, 10, 11, 13, 14, 15]);
      expect(page.gaps).toEqual([gap(12, 12, 'misdated')]);
    }
  });

  test('years back in a chain that was never indexed hide nothing that is younger', async () => {
    const deployment = await recorded({ archived: false, sealed: false });
    const bench = new Damaging(deployment);
    const text = planted((same) => same, Date.parse('2026-01-05T00:00:00.000Z'));
    deployment.blocks.put(behind(at(bench, 9), [text], Date.parse('2026-01-05T00:00:00.000Z')));
    const from = deployment.now - 30 * MINUTE;
    const page = await bench.search({ period: { from, to: Number.MAX_SAFE_INTEGER } });
    expect(positionsOf(page)).toEqual([6, 7, 8, 9, 10, 11]);
  });
});

/** What makes up a block makes up where it ends. */
describe.each([
  ['indexed', true],
  ['not indexed yet', false],
])('a block, %s, that continues the chain and was written anew', (_, isIndexed) => {
  async function withForged(at: number, count: number, archived: boolean): Promise<Damaging> {
    const deployment = await recorded({ archived, sealed: false });
    const bench = new Damaging(deployment);
    if (isIndexed) await bench.indexed('acme#0');
    const real = bench.block('acme#0', at);
    const texts = Array.from({ length: count }, (_, i) =>
      Buffer.from(
        sampleBytes(
          'acme',
          { category: 'payment', recordedAt: real.recordedAt, members: { description: 'forged' } },
          i,
        ),
      ),
    );
    deployment.blocks.put(blockAtPlace(real, texts, real.recordedAt));
    return bench;
  }
  const isForged = ({ entry }: { entry: { description?: unknown } }) => entry.description === 'forged';

  // Blocks begin at 0, 3, 6, and 9.
  const ends = [0, 3, 6].flatMap((at) => [1, 2, 3, 4, 6, 7, 20].map((count) => [at, count] as const));

  test.each(ends)('at %i with %i entries is not shown without a word', async (at, count) => {
    for (const order of ['asc', 'desc'] as const) {
      for (const isRemembered of [true, false]) {
        const bench = await withForged(at, count, false);
        const { memory, ...forgetful } = bench.ports;
        const ports = isRemembered ? bench.ports : forgetful;
        const page = await bench.search({ order }, 1_000, ports);
        expect(page.gaps.filter(({ first, last }) => first < at + 3 && last >= at)).not.toEqual([]);
        // A hole behind is named, and says all that can be known while the archive has nothing.
        if (count >= 3) expect(page.found.filter(isForged)).toEqual([]);
      }
    }
  });

  test.each(ends)('at %i with %i entries is read from the archive', async (at, count) => {
    const bench = await withForged(at, count, true);
    for (const order of ['asc', 'desc'] as const) {
      const page = await bench.search({ order });
      expect(positionsOf(page)).toEqual(ALL);
      expect(page.found.filter(isForged)).toEqual([]);
      expect(page.gaps.every(({ recovered }) => recovered === true)).toBe(true);
    }
  });
});

describe('a block inside another', () => {
  test('is not believed, and hides nothing', async () => {
    const deployment = await recorded({ archived: false, sealed: false });
    const bench = new Damaging(deployment);
    const inside = { ...rewritten(at(bench, 3), (text) => text.replace('Zoë', 'Eve')), position: 4 };
    deployment.blocks.put(behind({ ...inside, position: 1 }, ['{}'], deployment.now));
    const page = await bench.search({ order: 'asc' });
    expect(page.found.every(({ entry }) => entry.actor.name === 'Zoë')).toBe(true);
    expect(page.gaps.map(({ reason }) => reason)).toContain('unlinked');
  });
});

test('where a trail begins is told by its first entry, whatever its item says', async () => {
  const bench = new Damaging(await recorded());
  const begins = await beginningOf(bench.ports, 'acme');
  bench.deployment.blocks.put({ ...at(bench, 0), recordedAt: bench.deployment.now });
  expect(await beginningOf(bench.ports, 'acme')).toBe(begins);
  bench.deployment.blocks.put(rewritten(at(bench, 0), (text) => text.replaceAll('2026-03-01', '2026-03-02')));
  expect(await beginningOf(bench.ports, 'acme')).toBe(begins);
});

test('a query that only the lost entries match says that they are lost', async () => {
  const deployment = await recorded({ archived: false, sealed: false });
  const bench = await new Damaging(deployment).indexed('acme#0');
  deployment.blocks.put({ ...at(bench, 3), link: new Uint8Array(32) });
  const page = await bench.search({ query: parseQuery('id:entry-4') });
  expect(page.found).toEqual([]);
  expect(page.gaps).toEqual([gap(3, 5, 'altered')]);
});
