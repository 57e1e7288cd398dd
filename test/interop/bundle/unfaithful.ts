// Bundles that break one rule each.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatVerifierKey } from '../../../core/note/key.ts';
import { bundleOf } from '../../support/bundling.ts';
import { SealedTenant } from '../../support/sealed-tenant.ts';
import { days, holdOf, lasting, later, type Unfaithful, whole } from './sealed-days.ts';
import { UNTIMELY } from './untimely.ts';

const DAY = '2026-03-01';
/** P30D after the end of that day. */
const DUE = '2026-04-01T00:00:00.000Z';
const EARLY = '2026-03-31T23:59:59.999Z';

/** What only somebody with the log's keys can do, so that signatures, proofs and hashes fit all the same. */
const CASES: Readonly<Record<string, () => Promise<Unfaithful>>> = {
  'tombstone-due': () => withTombstone(DUE, true),
  'tombstone-early': () => withTombstone(EARLY, true),
  'tombstone-early-body-there': () => withTombstone(EARLY, false),
  'tombstone-due-body-there': () => withTombstone(DUE, false),
  'tombstone-of-another-retention': async () => {
    const made = await days(lasting());
    made.retention = { ...made.retention, data_access: 'P1D' };
    made.expire('data_access', DAY, '2026-03-03T00:00:00.000Z');
    return later(made);
  },
  'tombstone-of-what-is-permanent': async () => {
    const made = await days(lasting());
    made.retention = { ...made.retention, security: 'P1D' };
    made.expire('security', DAY, DUE);
    return later(made);
  },
  'tombstone-early-and-again': async () => {
    const made = await days(lasting());
    made.expire('data_access', DAY, EARLY);
    made.expire('data_access', DAY, DUE);
    return later(made);
  },
  'tombstone-under-hold': async () => {
    const made = await days(lasting());
    made.hold(
      holdOf('applied', '2026-03-10T00:00:00.000Z', { category: 'data_access', to: '2026-03-02T00:00:00.000Z' }),
    );
    made.expire('data_access', DAY, DUE);
    return later(made);
  },
  'tombstone-under-narrow-hold': async () => {
    const made = await days(lasting());
    made.hold(
      holdOf('applied', '2026-03-10T00:00:00.000Z', { category: 'data_access', from: '2026-03-01T00:00:00.001Z' }),
    );
    made.expire('data_access', DAY, DUE);
    return later(made);
  },
  'tombstone-under-released-hold': async () => {
    const made = await days(lasting());
    made.hold(holdOf('applied', '2026-03-10T00:00:00.000Z', {}));
    made.hold(holdOf('released', '2026-03-11T00:00:00.000Z', {}));
    made.expire('data_access', DAY, DUE);
    return later(made);
  },
  'tombstone-ahead': () => withTombstone('2099-01-01T00:00:00.000Z', true),
  'tombstone-ahead-body-there': () => withTombstone('2026-04-15T00:10:00.001Z', false),
  'tombstone-of-its-seal': () => withTombstone('2026-04-15T00:10:00.000Z', true),
  'tombstone-backdated': async () => {
    const made = await days(lasting());
    made.retention = { ...made.retention, data_access: 'PT1S' };
    made.append(0, 2);
    await made.seal();
    made.expire('data_access', '2026-03-05', '2026-03-05T23:09:59.999Z', false);
    return whole(made);
  },
  'tombstone-ahead-and-again': async () => {
    const made = await days(lasting());
    made.expire('data_access', DAY, '2099-01-01T00:00:00.000Z');
    made.expire('data_access', DAY, DUE);
    return later(made);
  },
  'removed-without-tombstone': async () => {
    const made = await days();
    for (let position = 15; position < 18; position++) made.chain(0).bodies[position] = undefined;
    return whole(made);
  },
  'late-digest': async () => {
    const made = await days();
    await made.seal((digest) => ({
      ...digest,
      sealedAt: '2026-03-09T00:00:00.000Z',
      nextBy: '2026-03-10T00:00:00.000Z',
    }));
    return { bundle: await bundleOf(made), made };
  },
  'skipped-number': async () => {
    const made = await days();
    await made.seal((digest) => ({ ...digest, number: digest.number + 1 }));
    return { bundle: await bundleOf(made), made };
  },
  'other-previous': async () => {
    const made = await days();
    await made.seal((digest) => ({ ...digest, previous: '00'.repeat(32) }));
    return { bundle: await bundleOf(made), made };
  },
  'other-link': () => changedChain((head) => ({ ...head, link: '00'.repeat(32) })),
  'other-root': () => changedChain((head) => ({ ...head, root: '00'.repeat(32) })),
  'other-link-and-on': () => changedChain((head) => ({ ...head, link: '00'.repeat(32) }), true),
  'other-root-and-on': () => changedChain((head) => ({ ...head, root: '00'.repeat(32) }), true),
  'sealed-before-the-one-before': async () => {
    const made = await days();
    await made.seal((digest) => ({ ...digest, sealedAt: '2026-03-02T00:00:00.000Z' }));
    return { bundle: await bundleOf(made), made };
  },
  'list-with-a-gap': () => changedPositions((positions) => positions.replace('15-26', '15-20,22-26')),
  'list-with-an-overlap': () => changedPositions((positions) => positions.replace('27-29', '26-29')),
  'known-fork': async () => {
    const made = await days();
    const fork = new SealedTenant('acme', [...made.signers]);
    fork.append(0, 5);
    await fork.seal();
    return { ...(await whole(made)), known: fork.checkpoint };
  },
  'known-larger': async () => {
    const made = await days();
    const bundle = await bundleOf(made);
    await made.seal();
    return { bundle, made, known: made.checkpoint };
  },
  'known-before-the-bundle': async () => {
    const made = await days(new SealedTenant(), 1);
    const known = made.checkpoint;
    await days(made, 3);
    return { bundle: await bundleOf(made, { from: '2026-03-04' }), made, known };
  },
  'days-without-entries': async () => {
    const made = await days();
    await made.seal();
    return { bundle: await bundleOf(made, { from: '2026-03-06' }), made };
  },
};

async function withTombstone(at: string, remove: boolean): Promise<Unfaithful> {
  const made = await days(lasting());
  made.expire('data_access', DAY, at, remove);
  return later(made);
}

/** Of the list of chain 0 in seal 1, whose segments are 15 to 26 and 27 to 29. */
async function changedPositions(change: (positions: string) => string): Promise<Unfaithful> {
  const made = new SealedTenant();
  made.changeList = (list) => {
    if (list.chain !== 0 || list.seal !== 1) return list;
    const segments = list.segments.map((one) => {
      const positions = change(one.positions);
      return { ...one, positions, first: Number.parseInt(positions, 10) };
    });
    return { ...list, segments };
  };
  return whole(await days(made));
}

type Head = Awaited<ReturnType<SealedTenant['seal']>>['chains'][number];

async function changedChain(change: (head: Head) => Head, goesOn = false): Promise<Unfaithful> {
  const made = await days();
  made.append(0, 2);
  await made.seal((digest) => ({ ...digest, chains: digest.chains.map((head, i) => (i === 0 ? change(head) : head)) }));
  if (goesOn) made.append(0, 2);
  if (goesOn) await made.seal();
  return { bundle: await bundleOf(made), made };
}

export async function writeUnfaithful(folder: string): Promise<void> {
  for (const [name, make] of Object.entries({ ...CASES, ...UNTIMELY })) {
    const { bundle, made, known } = await make();
    await writeFile(join(folder, `${name}.zip`), bundle);
    await writeFile(join(folder, `${name}.keys`), made.keys.map((key) => `${formatVerifierKey(key)}\n`).join(''));
    if (known !== undefined) await writeFile(join(folder, `${name}.checkpoint`), known);
  }
}
