// The index finds what a scan finds, as far as it says to reach.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Block } from '../../core/block/block.ts';
import { parseChainName } from '../../core/chain.ts';
import { indexNotices } from '../../services/index/notices.ts';
import { type ReindexPorts, reindexShard } from '../../services/index/reindex.ts';
import { SPAN_MS } from '../../services/index/span.ts';
import type { Period } from '../../services/search/port.ts';
import { type Fault, InjectedFault } from '../fakes/locked-store.ts';
import { MemoryIndex } from '../fakes/memory-index.ts';
import { MemoryWalk } from '../fakes/memory-walk.ts';
import {
  FOREVER,
  GrowingChain,
  HOT_WINDOW_SECONDS,
  type IndexedSample,
  indexPorts,
  look,
  scan,
  wakeOf,
} from '../support/indexing.ts';

const START = Date.parse('2026-02-27T22:00:00Z');
const NAMES = ['acme#0', 'acme#7', 'globex#0'];
const ACTORS = ['u1', 'u2', ''];
const TARGETS = ['t1', 't2', 't3'];

const samples = fc.array(
  fc.record({
    actor: fc.constantFrom(...ACTORS),
    targets: fc.array(fc.constantFrom(...TARGETS), { maxLength: 3 }),
    // None, a little, another span, and back as another writer's clock.
    step: fc.constantFrom(0, 0, 40, 900, -900, SPAN_MS, 3 * SPAN_MS),
  }),
  { minLength: 1, maxLength: 5 },
);

const acts = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), chain: fc.nat({ max: 2 }), samples }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('wake' as const),
        // Any of the notices so far, in any order, some twice, most never.
        notices: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        faults: fc.array(fc.constantFrom<Fault>(undefined, undefined, 'lost', 'persisted'), { maxLength: 10 }),
        beside: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('reindex' as const),
        faults: fc.array(fc.constantFrom<Fault>(undefined, undefined, 'lost', 'persisted'), { maxLength: 10 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), keep: fc.nat({ max: 3 }) }) },
  ),
  { minLength: 1, maxLength: 24 },
);

const periods = fc.array(fc.tuple(fc.nat({ max: 20 * SPAN_MS }), fc.nat({ max: 20 * SPAN_MS })), { maxLength: 3 });

/** Yields to others some rounds, differently each time. */
function pacing() {
  let turn = 0;
  return async () => {
    for (let i = turn++ % 3; i > 0; i--) await undefined;
  };
}

type Act = typeof acts extends fc.Arbitrary<(infer One)[]> ? One : never;
type Look = readonly [facet: string, value: string, has: (sample: IndexedSample) => boolean];

const LOOKS: readonly Look[] = [
  ['time', '', () => true],
  ['severity', 'info', () => true],
  ...ACTORS.map((value): Look => ['actor', value, ({ actor }) => actor === value]),
  ...TARGETS.map((value): Look => ['target', value, ({ targets }) => targets.includes(value)]),
];

/** Chains, their index, and what tells of both. */
class World {
  readonly chains = NAMES.map((name) => new GrowingChain(name));
  readonly index: MemoryIndex;
  readonly #ledger: MemoryWalk;
  readonly #ports: ReindexPorts;
  readonly #periods: readonly Period[];
  /** `tenant#chain/position` of what left the hot window. */
  readonly #gone = new Set<string>();
  #faults: Fault[] = [];
  #now = START;
  #running: Promise<unknown> = Promise.resolve();

  constructor(sliceEntries: number, within: readonly [number, number][]) {
    const delay = pacing();
    this.index = new MemoryIndex({ fault: () => this.#faults.shift(), delay });
    this.#ledger = new MemoryWalk(delay);
    const rows = NAMES.map((chain) => ({ chain, through: 0 }));
    const directory = {
      async *list() {
        yield* rows;
      },
    };
    const ports = indexPorts(this.index, this.#ledger, () => new Date(this.#now));
    this.#ports = { ...ports, directory, sliceEntries };
    this.#periods = [[0, 100 * SPAN_MS] as const, ...within].map((ends) => ({
      ...{ from: START + Math.min(...ends), to: START + Math.max(...ends) },
    }));
  }

  get #blocks(): Block[] {
    return this.chains.flatMap(({ blocks }) => blocks);
  }

  async act(act: Act): Promise<void> {
    if (act.kind === 'append') return this.#append(act.chain, act.samples);
    if (act.kind === 'expire') this.#expire(act.keep);
    else this.#faults.push(...act.faults);
    if (act.kind === 'reindex') await this.reindex().catch(injected);
    if (act.kind === 'wake' && this.#blocks.length > 0) {
      const blocks = act.notices.map((one) => this.#blocks[one % this.#blocks.length]!);
      this.#running = Promise.all([this.#running, indexNotices(blocks.map(wakeOf), this.#ports, FOREVER)]);
      // The next act begins while this one runs.
      if (act.beside) return;
    }
    await this.settle();
    await this.check();
  }

  async settle(): Promise<void> {
    await this.#running;
    this.#faults = [];
  }

  /** Every notice comes, and nothing goes wrong. */
  async catchUp(): Promise<void> {
    const { failed } = await indexNotices(this.#blocks.map(wakeOf), this.#ports, FOREVER);
    expect(failed).toEqual([]);
  }

  async reindex(): Promise<void> {
    const request = { tenant: null, shard: 0, shards: [0] };
    let answer = await reindexShard(this.#ports, { ...request, cursor: null }, FOREVER, () => undefined);
    while (!answer.done) answer = await reindexShard(this.#ports, { ...request, ...answer }, FOREVER, () => undefined);
  }

  /** Every chain is indexed as far as its last block. */
  async checkComplete(): Promise<void> {
    for (const { name, blocks } of this.chains) {
      const last = blocks.findLast(({ position }) => !this.#gone.has(`${name}/${position}`));
      if (last === undefined) continue;
      expect((await this.index.progress(name))?.through).toBeGreaterThanOrEqual(last.position + last.count);
    }
  }

  async check(): Promise<void> {
    for (const tenant of ['acme', 'globex']) {
      const through = new Map((await this.index.indexed(tenant)).map((one) => [one.chain, one.through]));
      const required = (place: string) => {
        const [chain, position] = place.split('/').map(Number) as [number, number];
        return position < (through.get(chain) ?? 0) && !this.#gone.has(`${tenant}#${place}`);
      };
      const mine = this.chains.filter(({ name }) => parseChainName(name).tenant === tenant);
      for (const period of this.#periods) {
        for (const order of ['asc', 'desc'] as const) {
          for (const [facet, value, has] of LOOKS) {
            const found = new Set(await look(this.index, tenant, facet, value, period, order));
            // What is not below where the index says it is may be there already, and nothing that is not.
            const there = scan(mine, has, period, order);
            expect([...found]).toEqual(there.filter((place) => found.has(place)));
            expect(there.filter((place) => required(place) && !found.has(place))).toEqual([]);
          }
        }
      }
    }
  }

  #append(chain: number, steps: readonly (Omit<IndexedSample, 'recordedAt'> & { readonly step: number })[]): void {
    const samples = steps.map(({ step, ...sample }) => {
      this.#now += step;
      return { ...sample, recordedAt: this.#now };
    });
    this.#ledger.put(this.chains[chain]!.append(samples));
  }

  /** Everything so far is past the hot window; some of it, in no order, is gone. */
  #expire(keep: number): void {
    this.#now += HOT_WINDOW_SECONDS * 1_000 + 2_000;
    for (const block of this.#blocks.filter((_, i) => i % 4 >= keep)) {
      this.#ledger.remove(block);
      for (let i = 0; i < block.count; i++) this.#gone.add(`${block.chain}/${block.position + i}`);
    }
  }
}

function injected(error: unknown): void {
  if (!(error instanceof InjectedFault)) throw error;
}

test('below where it is indexed, a chain is found as a scan would find it, whatever was lost, repeated or died', async () => {
  await fc.assert(
    fc.asyncProperty(acts, periods, fc.integer({ min: 1, max: 9 }), async (drawn, within, sliceEntries) => {
      const world = new World(sliceEntries, within);
      for (const act of drawn) await world.act(act);
      await world.settle();
      await world.catchUp();
      await world.checkComplete();
      await world.check();
      world.index.clear();
      await world.reindex();
      await world.checkComplete();
      await world.check();
    }),
    { numRuns: 100 },
  );
});
