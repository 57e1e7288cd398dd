// However deliveries repeat, overlap and crash, each position is archived once.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { parseChainName } from '../../core/chain.ts';
import { sha256 } from '../../core/crypto.ts';
import { segmentKey } from '../../names/archive.ts';
import { archive } from '../../services/archive/archive.ts';
import type { ArchivePorts } from '../../services/archive/context.ts';
import { rowsOf } from '../../services/archive/rows.ts';
import type { LedgerChange } from '../../services/stream/change.ts';
import { MemoryBlocks } from '../fakes/blocks.ts';
import { MemoryChains } from '../fakes/chains.ts';
import { type Fault, MemoryLockedStore } from '../fakes/locked-store.ts';
import { expectArchivedOnce } from '../support/archived.ts';
import { blockAtPlace, chainOf, changeOf, insertOf, type SampleEntry, sampleBytes } from '../support/ledger-stream.ts';

const START = Date.parse('2026-02-27T22:00:00Z');
const CHAINS = ['acme#0', 'acme#7', 'globex#0'];

/** Steps in time between entries: none, a little, and enough to change the day; clocks of writers may go back. */
const steps = fc.constantFrom(0, 0, 40, 1000, -1000, 3 * 3600_000, 20 * 3600_000);
const entries = fc.array(fc.record({ category: fc.constantFrom('payment', 'debug', 'security'), step: steps }), {
  minLength: 1,
  maxLength: 6,
});
const chains = fc.array(fc.record({ chain: fc.constantFrom(...CHAINS), entries }), { minLength: 1, maxLength: 14 });

/** One delivery of a part of the stream, by an invocation that may run beside the one before. */
const deliveries = fc.array(
  fc.record({
    from: fc.nat(),
    length: fc.nat({ max: 8 }),
    repeated: fc.boolean(),
    faults: fc.array(fc.constantFrom<Fault>(undefined, undefined, undefined, 'lost', 'persisted'), { maxLength: 12 }),
    beside: fc.boolean(),
    loses: fc.option(fc.constantFrom(...CHAINS), { nil: undefined, freq: 4 }),
  }),
  { maxLength: 8 },
);

/** Chains and the stream that tells of them, block by block in the order of commit. */
function streamOf(drawn: readonly { chain: string; entries: readonly { category: string; step: number }[] }[]) {
  let now = START;
  const samples = new Map<string, SampleEntry[][]>();
  const order: string[] = [];
  for (const { chain, entries: steps } of drawn) {
    const block = steps.map(({ category, step }) => {
      now += step;
      return { category, recordedAt: now };
    });
    samples.set(chain, [...(samples.get(chain) ?? []), block]);
    order.push(chain);
  }
  const built = new Map([...samples].map(([chain, blocks]) => [chain, chainOf(chain, blocks)]));
  const all: Block[] = [...built.values()].flat();
  const changes = order.map((chain, i) => insertOf(built.get(chain)!.shift()!, i));
  return { all, changes };
}

/** Three invocations beside each other, one of which dies after it wrote and leaves a segment that reaches beyond another's window. */
const SEGMENT_BEYOND_THE_WINDOW = (() => {
  const one = (chain: string) => ({ chain, entries: [{ category: 'payment' as const, step: 0 }] });
  const step = { repeated: false, loses: undefined, beside: true };
  const crash: Fault[] = ['persisted', 'persisted'];
  return [
    [one('acme#7'), one('acme#7'), one('acme#7'), one('acme#0')],
    [
      { ...step, from: 0, length: 3, faults: [] },
      { ...step, from: 1, length: 1, faults: [], repeated: true },
      { ...step, from: 0, length: 3, faults: crash, beside: false },
    ],
    78_289_710,
    3,
    [0],
  ] satisfies [unknown, unknown, number, number, number[]];
})();

/** A pseudo-random number of turns of the event loop, so that concurrent invocations interleave in every way. */
function turns(seed: number) {
  let state = seed | 1;
  return async () => {
    state = Math.imul(state, 1_103_515_245) + 12_345;
    for (let i = (state >>> 16) % 4; i > 0; i--) await Promise.resolve();
  };
}

/** The stream's own behaviour: again from the first failure until all of it is settled. */
async function deliver(changes: readonly LedgerChange[], ports: ArchivePorts): Promise<void> {
  for (let rest = changes; rest.length > 0; ) {
    const { failedFrom, failures, summary } = await archive(rest, ports);
    expect(failures).toEqual([]);
    expect(summary.findings).toEqual([]);
    expect(summary.gaps).toEqual([]);
    expect(failedFrom).toBeUndefined();
    rest = [];
  }
}

test('replays, splits, overlaps, crashes and lost rows leave every position in the archive exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(
      chains,
      deliveries,
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 }),
      async (drawn, plan, seed, windowEntries, sizes) => {
        const { all, changes } = streamOf(drawn);
        const faults: Fault[] = [];
        const options = { now: () => new Date(START + 30 * 86_400_000), fault: () => faults.pop(), delay: turns(seed) };
        const store = new MemoryLockedStore(options);
        const rows = new MemoryChains(options);
        const blocks = new MemoryBlocks();
        for (const block of all) blocks.put(block);
        const ports: ArchivePorts = {
          ...{ blocks, store, chains: rows, codec: parquetSegments, compression: zstd, now: options.now },
          holdsOf: async () => [],
          retention: (_tenant, category) => (category === 'security' ? 'permanent' : 'P30D'),
          limits: { windowEntries, windowBytes: 1e6 },
        };
        const running: Promise<unknown>[] = [];
        for (const step of plan) {
          faults.push(...step.faults);
          if (step.loses !== undefined) rows.lose(step.loses);
          const from = step.from % changes.length;
          const part = changes.slice(from, from + step.length);
          const expired = part.map(({ block }, i) => changeOf('expire', block!, 1000 + i));
          const invocation = archive(step.repeated ? [...part, ...part, ...expired] : part, ports).then((outcome) => {
            expect(outcome.summary.findings).toEqual([]);
            expect(outcome.summary.gaps).toEqual([]);
          });
          running.push(invocation);
          if (!step.beside) await Promise.all(running);
        }
        await Promise.all(running);
        faults.length = 0;
        for (let at = 0, i = 0; at < changes.length; i++) {
          const size = 1 + sizes[i % sizes.length]!;
          await deliver(changes.slice(at, at + size), ports);
          at += size;
        }
        await expectArchivedOnce(store, all);
      },
    ),
    { numRuns: 150, examples: [SEGMENT_BEYOND_THE_WINDOW] },
  );
});

/** What somebody with write access to table and bucket may do between two deliveries. */
const attacks = fc.array(
  fc.record({
    kind: fc.constantFrom('modify', 'remove', 'forge', 'plant'),
    at: fc.nat(),
    serial: fc.nat({ max: 5 }),
  }),
  { maxLength: 6 },
);

test('tampering leaves evidence and takes nothing from the archive', async () => {
  await fc.assert(
    fc.asyncProperty(
      chains,
      attacks,
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (drawn, plan, size, loses) => {
        const { all, changes } = streamOf(drawn);
        const now = () => new Date(START + 30 * 86_400_000);
        const store = new MemoryLockedStore({ now });
        const rows = new MemoryChains();
        const blocks = new MemoryBlocks();
        for (const block of all) blocks.put(block);
        const ports: ArchivePorts = {
          ...{ blocks, store, chains: rows, codec: parquetSegments, compression: zstd, now },
          holdsOf: async () => [],
          retention: () => 'P30D',
        };
        const stream = changes.map((change) => [change]);
        const planted = new Set<string>();
        let recorded = 0;
        for (const [i, { kind, at, serial }] of plan.entries()) {
          const block = changes[at % changes.length]!.block!;
          const number = 10_000 + i;
          if (kind === 'plant') {
            // Where the chain's first segment of this block belongs: bytes that are no segment, or another's.
            const rowsOfBlock = rowsOf(block, zstd);
            const { entry, day, position } = rowsOfBlock[0]!;
            const { tenant, chain } = parseChainName(block.chain);
            const key = segmentKey(tenant, entry.category, day, chain, position);
            const version = store.plant(
              key,
              serial % 2 === 0
                ? Uint8Array.of(serial)
                : parquetSegments.encode(63, [{ ...rowsOfBlock[0]!, link: rowsOfBlock[0]!.leafHash }]),
            );
            planted.add(version);
            continue;
          }
          recorded++;
          // A block beside the chain, of the right shape and rightly hashed, that continues nothing.
          const forged = blockAtPlace(
            { chain: block.chain, position: block.position + serial, previousLink: sha256(Uint8Array.of(serial)) },
            [sampleBytes('acme', { category: 'debug', recordedAt: START }, number)],
            START,
          );
          const change =
            kind === 'forge' ? insertOf(shifted(forged, block), number) : changeOf(kind, block, number, block);
          stream[at % stream.length]!.push(change);
        }
        const flat = stream.flat();
        for (let at = 0; at < flat.length; at += size) {
          if (loses) for (const chain of CHAINS) rows.lose(chain);
          expect((await archive(flat.slice(at, at + size), ports)).failures).toEqual([]);
        }
        await expectArchivedOnce(store, all, planted);
        const evidence = store
          .keys('evidence/')
          .map((key) => JSON.parse(Buffer.from(store.object(key).bytes).toString()));
        expect(evidence.filter(({ kind }) => kind !== 'segment')).toHaveLength(recorded);
        expect(evidence.filter(({ kind }) => kind === 'segment').length).toBeLessThanOrEqual(planted.size);
      },
    ),
    { numRuns: 150 },
  );
});

/** A forged first block would be refused for its genesis link alone: there, let it be one that claims the next position. */
function shifted(forged: Block, block: Block): Block {
  return forged.position === 0 ? { ...forged, position: block.count } : forged;
}
