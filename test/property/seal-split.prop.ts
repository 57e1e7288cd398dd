/** A seal whose chains are sealed apart, by many functions, against one that seals them one after the other. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { blockAtPlace, sampleBytes } from '../support/ledger-stream.ts';
import { DAY_MS, Deployment } from '../support/sealing.ts';
import { Verifying } from '../support/verifying.ts';

const CHAINS = ['acme#0', 'acme#1', 'acme#9', 'globex#0', 'globex#2'] as const;

const day = fc.array(
  fc.record({
    chain: fc.constantFrom(...CHAINS),
    category: fc.constantFrom('payment', 'debug'),
    count: fc.integer({ min: 1, max: 200 }),
    archived: fc.boolean(),
  }),
  { maxLength: 6 },
);
type Days = typeof day extends fc.Arbitrary<infer T> ? readonly T[] : never;

/** What a fault does on the last day: to a block of the ledger, or to an object. */
const fault = fc.record({ what: fc.constantFrom('none', 'forged', 'removed', 'covered'), which: fc.nat() });
type Faulty = typeof fault extends fc.Arbitrary<infer T> ? T : never;

async function sealedOnes(days: Days, faulty: Faulty, splitEntries: number, sliced: boolean): Promise<Deployment> {
  const deployment = new Deployment({ stepEntries: 90, limits: { windowEntries: 50 }, splitEntries });
  for (const [i, entries] of days.entries()) {
    for (const { chain, category, count, archived } of entries) {
      deployment.append(chain, deployment.some(category, count));
      if (archived) await deployment.archive();
    }
    if (i === days.length - 1) harm(deployment, faulty);
    await deployment.seal(sliced ? () => 0 : undefined);
    deployment.pass(DAY_MS);
  }
  return deployment;
}

function harm(deployment: Deployment, { what, which }: Faulty): void {
  const blocks = [...deployment.history.values()].flat();
  const block = blocks[which % Math.max(1, blocks.length)];
  const keys = deployment.store.keys('entries/');
  if (block === undefined) return;
  const { chain, position, previousLink, recordedAt } = block;
  if (what === 'removed') deployment.blocks.remove(chain, position);
  if (what === 'covered' && keys.length > 0) deployment.store.plant(keys[which % keys.length]!, Buffer.from('other'));
  if (what !== 'forged') return;
  const entries = [sampleBytes(chain.split('#')[0]!, { category: 'debug', recordedAt }, 5_000)];
  deployment.blocks.put(blockAtPlace({ chain, position, previousLink }, entries, recordedAt));
}

/** What counts: digests and all that they name; signatures and checkpoints are of keys that each deployment has its own of. */
function evidenceOf(deployment: Deployment): string[][] {
  const folders = ['digests/', 'contents/', 'lists/', 'chains/', 'entries/'];
  return folders.flatMap((folder) =>
    deployment.store.keys(folder).map((key) => [key, Buffer.from(deployment.store.object(key).bytes).toString('hex')]),
  );
}

const shorts = (deployment: Deployment) =>
  deployment.found.flatMap(({ summary }) =>
    summary.short.map(({ chain, sealed, reason }) => `${chain} ${sealed} ${reason}`),
  );

test('ends in the very same bytes, however short the runs, whatever is wrong', async () => {
  let apart = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(day, { minLength: 1, maxLength: 3 }),
      fault,
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      async (days, faulty, splitEntries, sliced) => {
        const together = await sealedOnes(days, faulty, Number.MAX_SAFE_INTEGER, false);
        const divided = await sealedOnes(days, faulty, splitEntries, sliced);
        expect(evidenceOf(divided)).toEqual(evidenceOf(together));
        expect(new Set(shorts(divided))).toEqual(new Set(shorts(together)));
        apart += divided.store.keys('seals/').filter((key) => key.includes('/chains-')).length;
      },
    ),
    { numRuns: 60 },
  );
  expect(apart).toBeGreaterThan(20);
});

test('what was sealed apart is intact', async () => {
  const deployment = await sealedOnes(
    [[...CHAINS].map((chain) => ({ chain, category: 'payment', count: 150, archived: true }))],
    { what: 'none', which: 0 },
    1,
    true,
  );
  deployment.pass(3_600_000 - DAY_MS);
  const { verdict, whole } = await new Verifying(deployment).run({ mode: 'full' });
  expect(verdict).toBe('intact');
  expect(whole.tenants.map(({ tally }) => tally.intact)).toEqual([450, 300]);
});
