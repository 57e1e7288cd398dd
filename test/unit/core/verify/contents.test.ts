// What digests bring: expiry, holds, lists.
import { expect, test } from '@jest/globals';
import { verifyEvidence } from '../../../../core/verify/verify.ts';
import { SealedTenant } from '../../../support/sealed-tenant.ts';

const DAY = '2026-03-01';
/** Thirty days behind the end of that day. */
const DUE = '2026-04-01T00:00:00.000Z';

/** Two days with two categories each; what happens then is up to the test, and is sealed. */
async function tenant(then: (made: SealedTenant) => void = () => {}): Promise<SealedTenant> {
  const made = new SealedTenant();
  made.dueDays = 60;
  for (let day = 0; day < 2; day++) {
    for (let i = 0; i < 20; i++) made.append(0, 1, i % 3 === 0 ? 'security' : 'data_access');
    await made.seal();
  }
  then(made);
  made.pass(40);
  await made.seal();
  return made;
}

const verify = async (made: SealedTenant, positions = false) => verifyEvidence(await made.evidence({ positions }));

const codes = async (made: SealedTenant) => (await verify(made)).findings.map(({ code }) => code);

function documentsNamed(made: SealedTenant, kind: string): [string, Uint8Array][] {
  return [...made.documents].filter(([, bytes]) => JSON.parse(Buffer.from(bytes).toString()).kind === kind);
}

test('what expired by policy is expired, not missing, and the chain still verifies', async () => {
  for (const positions of [false, true]) {
    const report = await verify(await tenant((made) => made.expire('data_access', DAY, DUE)), positions);
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('intact');
    expect(report.chains[0]!.tally).toMatchObject({ entries: 40, intact: 27, expired: 13, missing: 0, altered: 0 });
  }
});

test('what a tombstone names and is still there is intact', async () => {
  const report = await verify(await tenant((made) => made.expire('data_access', DAY, DUE, false)));
  expect(report.findings).toEqual([]);
  expect(report.chains[0]!.tally).toMatchObject({ intact: 40, expired: 0 });
});

test('what is gone beside what expired is missing', async () => {
  const made = await tenant((one) => one.expire('data_access', DAY, DUE));
  made.chain(0).bodies[9] = undefined;
  const report = await verify(made);
  expect(report.findings).toMatchObject([{ code: 'body-missing', first: 9, last: 9, digest: 0 }]);
  expect(report.chains[0]!.tally).toMatchObject({ expired: 13, missing: 1 });
});

test('an altered entry between expired ones is altered where it is', async () => {
  const made = await tenant((one) => one.expire('data_access', DAY, DUE));
  made.chain(0).bodies[9] = new TextEncoder().encode('another');
  expect((await verify(made)).findings).toMatchObject([{ code: 'body-altered', first: 9, last: 9 }]);
});

test.each([
  ['a second early', '2026-03-31T23:59:59.999Z', 'data_access'],
  ['of what is kept for ever', '2026-04-12T00:00:00.000Z', 'security'],
])('a tombstone %s excuses nothing', async (_, at, category) => {
  const report = await verify(await tenant((made) => made.expire(category, DAY, at)));
  expect(report.verdict).toBe('altered');
  expect(report.findings[0]).toMatchObject({ code: 'early-expiry', digest: 0 });
  expect(report.chains[0]!.tally.missing).toBeGreaterThan(0);
});

test('the longer of what the digest and the tombstone say is kept', async () => {
  const made = await tenant((one) => {
    one.retention = { ...one.retention, data_access: 'P1Y' };
    one.expire('data_access', DAY, DUE);
  });
  expect(await codes(made)).toContain('early-expiry');
});

test('what was removed under a hold that covers all of it is found', async () => {
  const hold = {
    id: 'h1',
    by: 'someone',
    role: 'compliance' as const,
    reason: 'a case',
    scope: { category: 'data_access' },
  };
  const made = await tenant((one) => {
    one.hold({ ...hold, event: 'applied', at: '2026-03-05T00:00:00.000Z' });
    one.expire('data_access', DAY, DUE);
  });
  expect(await codes(made)).toContain('held-expiry');
  const asked = await tenant((one) => {
    one.hold({ ...hold, event: 'applied', at: '2026-03-05T00:00:00.000Z' });
    one.hold({ ...hold, event: 'release_requested', at: '2026-03-06T00:00:00.000Z' });
    one.expire('data_access', DAY, DUE);
  });
  expect(await codes(asked)).toContain('held-expiry');
  const askedLate = await tenant((one) => {
    one.hold({ ...hold, event: 'applied', at: '2026-03-05T00:00:00.000Z' });
    one.hold({ ...hold, event: 'released', at: '2026-03-06T00:00:00.000Z' });
    one.hold({ ...hold, event: 'release_requested', at: '2026-03-07T00:00:00.000Z' });
    one.expire('data_access', DAY, DUE);
  });
  expect(await codes(askedLate)).toEqual([]);
  const released = await tenant((one) => {
    one.hold({ ...hold, event: 'applied', at: '2026-03-05T00:00:00.000Z' });
    one.hold({ ...hold, event: 'released', at: '2026-03-06T00:00:00.000Z' });
    one.expire('data_access', DAY, DUE);
  });
  expect(await codes(released)).toEqual([]);
});

test.each(['contents', 'segments', 'tombstone'])(
  'a %s document that is not there leaves the evidence incomplete',
  async (kind) => {
    const made = await tenant((one) => one.expire('data_access', DAY, DUE, false));
    made.documents.delete(documentsNamed(made, kind)[0]![0]);
    const report = await verify(made);
    expect(report.findings.map(({ code }) => code)).toEqual(['document-missing']);
    expect(report.verdict).toBe('incomplete');
  },
);

test('a document with other bytes is altered, whatever it says', async () => {
  const made = await tenant((one) => one.expire('data_access', DAY, DUE, false));
  const [hash, bytes] = documentsNamed(made, 'tombstone')[0]!;
  made.documents.set(hash, new TextEncoder().encode(Buffer.from(bytes).toString().replace('P30D', 'P1D')));
  const report = await verify(made);
  expect(report.findings).toMatchObject([{ code: 'document-altered', expected: hash }]);
  expect(report.verdict).toBe('altered');
});

test.each([
  ['leaves a position out', '10-14,16-19', 'coverage-gap', 15],
  ['says a position twice', '9-19', 'coverage-overlap', 9],
  ['goes beyond its end', '10-20', 'coverage-overlap', 20],
])('a list that %s is found', async (_, positions, code, position) => {
  const made = new SealedTenant();
  made.changeList = (list) => ({
    ...list,
    segments: list.segments.map((one, i) => (i === 1 ? { ...one, positions, first: 8, last: 25 } : one)),
  });
  made.append(0, 10, 'security');
  made.append(0, 10);
  await made.seal();
  expect((await verify(made)).findings).toMatchObject([{ code, first: position, last: position }]);
});

test('positions outside of the file that they are said to be in are none', async () => {
  const made = new SealedTenant();
  made.changeList = (list) => ({ ...list, segments: list.segments.map((one) => ({ ...one, last: 5 })) });
  made.append(0, 10);
  await made.seal();
  expect(await codes(made)).toEqual(['document-malformed', 'coverage-gap']);
});

test('lists that overlap, leave a gap or are of another chain are found', async () => {
  const bounds = async (from: number, through: number) => {
    const made = new SealedTenant();
    made.changeList = (list) => (list.from === 0 ? list : { ...list, from, through });
    made.append(0, 1_500);
    await made.seal();
    return codes(made);
  };
  expect(await bounds(1_000, 1_500)).toEqual([]);
  expect(await bounds(990, 1_500)).toContain('coverage-overlap');
  expect(await bounds(1_010, 1_500)).toContain('coverage-gap');
  expect(await bounds(1_000, 1_490)).toContain('coverage-gap');
  expect(await bounds(1_000, 1_510)).toContain('coverage-overlap');
});

test('contents of another seal are foreign', async () => {
  const made = new SealedTenant();
  made.append(0, 20);
  const { contents } = await made.seal();
  made.append(0, 20);
  await made.seal((digest) => ({ ...digest, contents: contents! }));
  expect(await codes(made)).toContain('document-foreign');
});
