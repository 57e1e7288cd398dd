// Times of entries and documents, held to the seals around them.
import { expect, test } from '@jest/globals';
import { verifyEvidence } from '../../../../core/verify/verify.ts';
import { bundleOf, verifyBytes } from '../../../support/bundling.ts';
import { smallEntry } from '../../../support/sealed-parts.ts';
import { SealedTenant } from '../../../support/sealed-tenant.ts';

const DAY = '2026-03-01';
const HOLD = { id: 'h1', event: 'applied', by: 'someone', role: 'compliance', reason: 'a case', scope: {} } as const;

/** Seals of 2, 3 and 4 March, ten minutes past midnight; what happens before the last one is up to the test. */
async function tenant(then: (made: SealedTenant) => void = () => {}): Promise<SealedTenant> {
  const made = new SealedTenant();
  made.retention = { data_access: 'P1D' };
  for (let day = 0; day < 2; day++) {
    made.append(0, 10);
    await made.seal();
  }
  then(made);
  await made.seal();
  return made;
}

/** Where the evidence lives, as it is exported, and from its second digest on. */
async function findings(made: SealedTenant): Promise<string[]> {
  const all = [
    await verifyEvidence(await made.evidence({ positions: true })),
    await verifyBytes(await bundleOf(made)),
    await verifyEvidence(await made.evidence({ first: 1 })),
  ];
  const [live, bundle, later] = all.map((report) =>
    report.findings
      .filter(({ digest }) => digest !== 0)
      .map(({ code, verdict, first, last, digest }) => `${code} ${verdict} ${first ?? ''}-${last ?? ''} ${digest}`),
  );
  expect(bundle).toEqual(live);
  expect(later).toEqual(live);
  return live!;
}

test('a tombstone of the time of its seal excuses', async () => {
  const made = await tenant((one) => one.expire('data_access', DAY, '2026-03-04T00:10:00.000Z'));
  const report = await verifyEvidence(await made.evidence());
  expect(report.findings).toEqual([]);
  expect(report.chains[0]!.tally).toMatchObject({ expired: 10, missing: 0 });
});

test.each(['2026-03-04T00:10:00.001Z', '2099-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
  'a tombstone of %s, after its seal, is altered and excuses nothing',
  async (at) => {
    const made = await tenant((one) => one.expire('data_access', DAY, at));
    const report = await verifyEvidence(await made.evidence());
    expect(report.findings.map(({ code, digest }) => [code, digest])).toEqual([
      ['event-ahead', 2],
      ['body-missing', 0],
    ]);
    expect(report.findings[0]!.object).toMatch(/^tombstones/);
    expect(report.verdict).toBe('altered');
    expect(report.chains[0]!.tally).toMatchObject({ expired: 0, missing: 10 });
    expect(await findings(made)).toEqual(['event-ahead altered - 2']);
  },
);

test('a tombstone that was backdated to before a hold is found', async () => {
  const made = await tenant((one) => one.expire('data_access', DAY, '2026-03-02T23:09:59.999Z', false));
  expect(await findings(made)).toContain('event-late incomplete - 2');
});

test.each([
  ['2026-03-04T00:10:00.001Z', ['event-ahead altered - 2']],
  ['2026-03-04T00:10:00.000Z', []],
  ['2026-03-02T23:10:00.000Z', []],
  ['2026-03-02T23:09:59.999Z', ['event-late incomplete - 2']],
])('a hold of %s, sealed on 4 March: %j', async (at, found) => {
  expect(await findings(await tenant((one) => one.hold({ ...HOLD, at })))).toEqual(found);
});

const entryOf = (recordedAt: string, change: (text: string) => string = (text) => text) => {
  const bytes = smallEntry('acme', { id: 'planted', category: 'data_access', recordedAt });
  return new TextEncoder().encode(change(new TextDecoder().decode(bytes)));
};
const NOON = '2026-03-03T12:00:00.000Z';

test.each<readonly [string, Uint8Array, string]>([
  ['of years ago', entryOf('2019-03-03T12:00:00.000Z'), 'entry-backdated altered'],
  ['of the week before', entryOf('2026-02-24T12:00:00.000Z'), 'entry-late incomplete'],
  ['of a hundred years ahead', entryOf('2126-03-03T12:00:00.000Z'), 'entry-ahead altered'],
  ['of no known category', entryOf(NOON, (text) => text.replace('data_access', 'nonsense')), 'entry-category altered'],
  ['with a blank', entryOf(NOON, (text) => text.replace(':', ': ')), 'entry-not-canonical altered'],
  ['of version 2', entryOf(NOON, (text) => text.replace('"v":1', '"v":2')), 'entry-version altered'],
  ['with another member', entryOf(NOON, (text) => text.replace('{', '{"aa":1,')), 'entry-malformed altered'],
  ['of another tenant', entryOf(NOON, (text) => text.replace('"acme"', '"umbra"')), 'entry-tenant altered'],
  ['that is no JSON', new TextEncoder().encode('nothing'), 'entry-malformed altered'],
])('a sealed entry %s is found at its position, and nothing else is', async (_, bytes, found) => {
  const made = await tenant((one) => {
    one.append(0, 3);
    one.appendBytes(0, bytes);
    one.appendBytes(0, bytes);
    one.append(0, 3);
  });
  expect(await findings(made)).toEqual([`${found} 23-24 2`]);
  const { chains } = await verifyBytes(await bundleOf(made));
  expect(chains[0]!.tally).toMatchObject({ intact: 28, altered: 0, missing: 0 });
});

test('a chain may begin with what the seal before did not know of yet', async () => {
  const made = await tenant((one) => one.appendBytes(7, entryOf('2026-02-24T12:00:00.000Z')));
  expect(await findings(made)).toEqual([]);
  const older = await tenant((one) => one.appendBytes(7, entryOf('2026-01-24T12:00:00.000Z')));
  expect(await findings(older)).toEqual(['entry-backdated altered 0-0 2']);
});

test('entries that prove themselves without tiles are judged like the others', async () => {
  const made = await tenant((one) => one.appendBytes(0, entryOf('2019-03-03T12:00:00.000Z')));
  made.chain(0).files.clear();
  const { findings: found } = await verifyBytes(await bundleOf(made));
  expect(found.map(({ code }) => code)).toContain('entry-backdated');
});

test.each([
  ['2019-03-03', 'entry-backdated altered'],
  ['2026-02-24', 'entry-late incomplete'],
  ['2026-03-05', 'entry-ahead altered'],
  ['2099-01-01', 'entry-ahead altered'],
])('a segment that says that its entries are of %s is found, whether or not they are there', async (day, found) => {
  const made = await tenant((one) => {
    one.append(0, 5);
    one.changeList = (list) => ({ ...list, segments: list.segments.map((segment) => ({ ...segment, day })) });
  });
  expect(await findings(made)).toEqual([`${found} 20-24 2`]);
});

test('a digest that was sealed after its checkpoint was signed is altered', async () => {
  const made = await tenant();
  const evidence = await made.evidence();
  const timestamp = evidence.log.timestamp! - 3_600;
  const report = await verifyEvidence({ ...evidence, log: { ...evidence.log, timestamp } });
  expect(report.findings.map(({ code, digest }) => [code, digest])).toEqual([['digest-ahead', 2]]);
});

test('a digest whose next one is due before itself is none', async () => {
  const made = new SealedTenant();
  made.append(0, 1);
  await expect(made.seal((digest) => ({ ...digest, nextBy: digest.sealedAt }))).rejects.toThrow('due');
});
