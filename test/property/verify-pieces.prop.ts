/** A verification in pieces, however small and in however many shards, against the same one at one go. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { VerificationReport } from '../../services/verify/documents.ts';
import type { VerifyPorts } from '../../services/verify/port.ts';
import { blockAtPlace, sampleBytes } from '../support/ledger-stream.ts';
import { DAY_MS, Deployment } from '../support/sealing.ts';
import { Verifying } from '../support/verifying.ts';

const HOUR_MS = 3_600_000;
const CHAINS = ['acme#0', 'acme#1', 'acme#7', 'globex#0'] as const;
const CATEGORIES = ['payment', 'debug', 'security'] as const;
const FOLDERS = ['entries/', 'entries/', 'chains/', 'lists/', 'contents/', 'digests/', 'log/'] as const;

/** Far from every step: each slice begins with the digests again. */
const STEPS_OF_SLICE = 11;

/** What a day brings: entries by chain. */
const day = fc.array(
  fc.record({
    chain: fc.constantFrom(...CHAINS),
    category: fc.constantFrom(...CATEGORIES),
    count: fc.integer({ min: 1, max: 300 }),
  }),
  { maxLength: 5 },
);

const fault = fc.record({
  folder: fc.constantFrom(...FOLDERS),
  which: fc.nat(),
  how: fc.constantFrom('gone', 'altered', 'covered', 'marked', 'stray', 'block', 'no block'),
});
type Faulty = typeof fault extends fc.Arbitrary<infer T> ? T : never;

const division = fc.record({
  pieceEntries: fc.integer({ min: 1, max: 400 }),
  shards: fc.integer({ min: 1, max: 9 }),
  sliced: fc.boolean(),
});

type Days = typeof day extends fc.Arbitrary<infer T> ? readonly T[] : never;

/** Some days, each sealed; from the second on verified, when the test is about what is new alone. */
async function deploymentOf(days: Days, verified: boolean): Promise<Deployment> {
  const deployment = new Deployment({ stepEntries: 200, limits: { windowEntries: 60 } });
  for (const [i, entries] of [[{ chain: 'acme#0', category: 'payment', count: 3 }], ...days].entries()) {
    for (const { chain, category, count } of entries) {
      await deployment.record(chain, deployment.some(category, count));
    }
    await deployment.seal();
    deployment.pass(3 * HOUR_MS);
    if (verified && i === 0) await new Verifying(deployment).run();
    deployment.pass(DAY_MS - 3 * HOUR_MS);
  }
  deployment.pass(3 * HOUR_MS - DAY_MS);
  return deployment;
}

/** Keys that read as if they were gone, or with other bytes: what not even S3's operator should be able to do. */
interface Broken {
  readonly gone: Set<string>;
  readonly altered: Set<string>;
}

function breakIn(deployment: Deployment, faults: readonly Faulty[]): Broken {
  const broken: Broken = { gone: new Set(), altered: new Set() };
  for (const { folder, which, how } of faults) {
    if (how === 'block' || how === 'no block') {
      forge(deployment, which, how === 'no block');
      continue;
    }
    const keys = deployment.store.keys(folder);
    const key = keys[which % keys.length];
    if (key === undefined) continue;
    if (how === 'gone' || how === 'altered') broken[how].add(key);
    else if (how === 'covered') deployment.store.plant(key, Buffer.from('other'));
    else if (how === 'marked') deployment.store.mark(key);
    else
      deployment.store.plant(`${key.slice(0, key.lastIndexOf('/') + 1)}00-0000000000000001.parquet`, Buffer.from('x'));
  }
  return broken;
}

/** A block in the place of another: of other entries, or with a payload that is none. */
function forge(deployment: Deployment, which: number, garbled: boolean): void {
  const all = [...deployment.history.values()].flat();
  const block = all[which % all.length]!;
  const { chain, position, previousLink, recordedAt, count } = block;
  if (garbled) {
    deployment.blocks.put({ ...block, payload: block.payload.slice(1) });
    return;
  }
  const tenant = chain.split('#')[0]!;
  const entries = Array.from({ length: count }, (_, i) =>
    sampleBytes(tenant, { category: 'payment', recordedAt }, 10_000 + i),
  );
  deployment.blocks.put(blockAtPlace({ chain, position, previousLink }, entries, recordedAt));
}

function breaking(store: VerifyPorts['store'], { gone, altered }: Broken): VerifyPorts['store'] {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      if (name !== 'fetch') return member.bind(target);
      return async (key: string, version: string) => {
        const bytes = await target.fetch(key, version);
        if (gone.has(key)) return undefined;
        return altered.has(key) && bytes !== undefined
          ? bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1)
          : bytes;
      };
    },
  });
}

type Options = Partial<Pick<VerifyPorts, 'shards' | 'pieceEntries'>>;

async function verified(
  deployment: Deployment,
  broken: Broken,
  mode: 'full' | 'incremental',
  options: Options & { sliced?: boolean },
): Promise<VerificationReport> {
  const { sliced = false, ...ports } = options;
  const verifying = new Verifying(deployment, { ...ports, store: breaking(deployment.store, broken) });
  let asked = 0;
  const timeLeft = () => (asked++ % STEPS_OF_SLICE === 0 ? 0 : Number.POSITIVE_INFINITY);
  const { whole } = await verifying.run({ mode }, sliced ? timeLeft : undefined);
  return whole;
}

/** Everything but whose report it is; of bodies that a slice read ahead, the next one reads again. */
function told({ verdict, logVerdict, findings, findingsLeftOut, tenants }: VerificationReport, sliced: boolean) {
  const checked = tenants.map(({ notes, tally, ...rest }) => ({
    ...rest,
    notes: notes.toSorted(),
    tally: sliced ? { ...tally, bytes: 0 } : tally,
  }));
  return { verdict, logVerdict, findings, findingsLeftOut, tenants: checked };
}

const WHOLE: Options = { pieceEntries: Number.MAX_SAFE_INTEGER };

test('in full: the same findings, notes and counts, whatever was done to the evidence', async () => {
  const days = fc.array(day, { minLength: 1, maxLength: 4 });
  let found = 0;
  await fc.assert(
    fc.asyncProperty(
      days,
      fc.array(fault, { maxLength: 5 }),
      division,
      async (brought, faults, { sliced, ...ports }) => {
        const deployment = await deploymentOf(brought, false);
        const broken = breakIn(deployment, faults);
        const whole = await verified(deployment, broken, 'full', WHOLE);
        deployment.pass(1);
        const divided = await verified(deployment, broken, 'full', { ...ports, sliced });
        expect(told(divided, sliced)).toEqual(told(whole, sliced));
        found += whole.findings.length;
      },
    ),
    { numRuns: 40 },
  );
  expect(found).toBeGreaterThan(50);
});

test('of what is new alone: the same again', async () => {
  const days = fc.array(day, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      days,
      fc.array(fault, { maxLength: 3 }),
      division,
      async (brought, faults, { sliced, ...ports }) => {
        const run = async (options: Options & { sliced?: boolean }) => {
          const deployment = await deploymentOf(brought, true);
          return verified(deployment, breakIn(deployment, faults), 'incremental', options);
        };
        const whole = await run(WHOLE);
        const divided = await run({ ...ports, sliced });
        const places = (report: VerificationReport) => ({
          ...told(report, sliced),
          findings: report.findings.map(({ code, tenant, chain, first, last }) => [code, tenant, chain, first, last]),
        });
        expect(places(divided)).toEqual(places(whole));
      },
    ),
    { numRuns: 20 },
  );
});
