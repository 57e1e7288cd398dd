// Seals are what slow arithmetic says, whenever and however they were made.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Fault, InjectedFault } from '../fakes/locked-store.ts';
import { expectTrueSeals } from '../support/check-seals.ts';
import { Deployment } from '../support/sealing.ts';

const CHAINS = ['acme#0', 'acme#5', 'globex#0'];
const DISPUTED = 'globex#7';
const HOUR_MS = 3_600_000;

const entries = fc.array(fc.constantFrom('payment', 'debug', 'security'), { minLength: 1, maxLength: 5 });
const moves = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('append' as const), chain: fc.constantFrom(...CHAINS), entries }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('archive' as const), blocks: fc.nat({ max: 6 }) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), hours: fc.constantFrom(0, 1, 5, 30) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('expire' as const), blocks: fc.nat({ max: 4 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('seal' as const),
        /** Appended and archived between the plan and the chains. */
        meanwhile: fc.option(entries, { nil: undefined }),
        faults: fc.array(fc.constantFrom<Fault>(undefined, undefined, undefined, undefined, 'lost', 'persisted'), {
          maxLength: 20,
        }),
        beside: fc.boolean(),
      }),
    },
  ),
  { maxLength: 24 },
);
type Move = typeof moves extends fc.Arbitrary<(infer T)[]> ? T : never;

/** A pseudo-random number of turns of the event loop, so that what runs side by side interleaves in every way. */
function turns(seed: number) {
  let state = seed | 1;
  return async () => {
    state = Math.imul(state, 1_103_515_245) + 12_345;
    for (let i = (state >>> 16) % 4; i > 0; i--) await Promise.resolve();
  };
}

/** What a seal that is begun as often as it takes ends in. */
async function sealUntilDone(deployment: Deployment, faults: readonly Fault[], beside: boolean): Promise<void> {
  const left = [...faults];
  for (;;) {
    deployment.fault = left.length === 0 ? undefined : () => left.shift();
    const attempts = Array.from({ length: beside ? 2 : 1 }, () => deployment.seal());
    const outcomes = await Promise.allSettled(attempts);
    deployment.fault = undefined;
    const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    if (failed.length === 0) return;
    for (const reason of failed) if (!(reason instanceof InjectedFault)) throw reason;
    left.length = 0;
  }
}

/** A chain of which the archive has two histories from position 3 on. */
async function dispute(deployment: Deployment): Promise<void> {
  await deployment.record(DISPUTED, deployment.some('payment', 3), deployment.some('payment', 4));
  deployment.rollBack(DISPUTED, 3);
  await deployment.record(DISPUTED, deployment.some('debug', 2));
}

/** As TTL removes blocks: only what is archived by then, in no order. */
function expireBlocks(deployment: Deployment, archived: ReadonlySet<string>, count: number): void {
  let left = count;
  for (const [chain, blocks] of deployment.history) {
    for (const { position } of blocks) {
      // Who vouches for what is left of the disputed chain would stand behind where there are two of it.
      if (left === 0 || chain === DISPUTED || !archived.has(`${chain}/${position}`)) continue;
      deployment.blocks.remove(chain, position);
      left--;
    }
  }
}

async function play(deployment: Deployment, drawn: readonly Move[]): Promise<void> {
  const archived = new Set<string>();
  const takeOver = async (count: number) => {
    await deployment.archive(count);
    if (count < Number.POSITIVE_INFINITY) return;
    for (const [chain, blocks] of deployment.history)
      for (const { position } of blocks) archived.add(`${chain}/${position}`);
  };
  const append = (chain: string, categories: readonly string[]) =>
    deployment.append(
      chain,
      categories.map((category, i) => ({ category, recordedAt: deployment.now + i })),
    );
  for (const move of drawn) {
    if (move.kind === 'append') append(move.chain, move.entries);
    if (move.kind === 'archive') await takeOver(move.blocks === 0 ? Number.POSITIVE_INFINITY : move.blocks);
    // The ledger's stream forgets in a day: the archive is never as far behind.
    if (move.kind === 'pass' && move.hours > 1) await takeOver(Number.POSITIVE_INFINITY);
    if (move.kind === 'pass') deployment.pass(move.hours * HOUR_MS);
    if (move.kind === 'expire') expireBlocks(deployment, archived, move.blocks);
    if (move.kind !== 'seal') continue;
    if (move.meanwhile !== undefined) {
      await deployment.plan();
      append('acme#0', move.meanwhile);
      await takeOver(Number.POSITIVE_INFINITY);
    }
    await sealUntilDone(deployment, move.faults, move.beside);
    deployment.pass(1_000);
  }
}

test('histories sealed at any moment, in any steps, with crashes and side by side, are what slow arithmetic says', async () => {
  await fc.assert(
    fc.asyncProperty(
      moves,
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 12 }),
      async (drawn, seed, windowEntries, stepEntries) => {
        const deployment = new Deployment({ limits: { windowEntries }, stepEntries, delay: turns(seed) });
        await dispute(deployment);
        await play(deployment, drawn);
        await expectTrueSeals(deployment);
        await deployment.archive();
        deployment.pass(1_000);
        await sealUntilDone(deployment, [], false);
        const total = [...deployment.history].map(([chain, blocks]) => [
          chain,
          blocks.at(-1)!.position + blocks.at(-1)!.count,
        ]);
        const sealed = { ...Object.fromEntries(total.toSorted()), [DISPUTED]: 3 };
        expect(await expectTrueSeals(deployment)).toEqual(sealed);
        const found = deployment.found.flatMap(({ summary }) => [...summary.short, ...summary.ledger]);
        expect(found.filter(({ chain }) => chain !== DISPUTED)).toEqual([]);
        expect(new Set(found.map(({ reason }) => reason))).toEqual(new Set(['disputed']));
        expect(deployment.recorded.size).toBeGreaterThan(0);
        expect(deployment.evidence().map(({ kind }) => kind)).toEqual(Array(deployment.recorded.size).fill('short'));
      },
    ),
    { numRuns: 120 },
  );
});
