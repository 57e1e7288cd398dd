// Bundles that are written and verified.
import { expect, test } from '@jest/globals';
import { bundleOf, packed, unpacked, verifyBytes } from '../../support/bundling.ts';
import { SealedTenant } from '../../support/sealed-tenant.ts';

/** Five days, two chains, two categories; what is recorded before seal n is of the day before it, from March 1 on. */
async function fiveDays(): Promise<SealedTenant> {
  const made = new SealedTenant();
  made.dueDays = 60;
  for (let day = 0; day < 5; day++) {
    made.append(0, 150);
    made.append(0, 10, 'security');
    if (day > 1) made.append(3, 40);
    await made.seal();
  }
  return made;
}

const DUE = '2026-04-01T00:00:00.000Z';

test('a bundle of everything is intact, to the last position of every chain', async () => {
  const report = await verifyBytes(await bundleOf(await fiveDays()));
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ verdict: 'intact', tenant: 'acme', keys: { from: 'bundle' } });
  expect(report.chains).toMatchObject([
    { chain: 0, from: 0, through: 800, tally: { intact: 800 } },
    { chain: 3, from: 0, through: 120, tally: { intact: 120 } },
  ]);
});

test('the same source gives the same bytes', async () => {
  const made = await fiveDays();
  expect(await bundleOf(made)).toEqual(await bundleOf(made));
});

test('what expired has no line, and is expired', async () => {
  const made = await fiveDays();
  made.expire('data_access', '2026-03-01', DUE);
  made.pass(30);
  await made.seal();
  const report = await verifyBytes(await bundleOf(made), { keys: made.keys });
  expect(report.findings).toEqual([]);
  expect(report.keys.from).toBe('given');
  expect(report.chains[0]!.tally).toMatchObject({ entries: 800, intact: 650, expired: 150 });
});

test.each([
  [{ from: '2026-03-03' }, 160, 800, 0, 120],
  [{ from: '2026-03-04' }, 320, 800, 0, 120],
  [{ to: '2026-03-02' }, 0, 320, 0, 0],
  [{ from: '2026-03-04', to: '2026-03-04' }, 320, 640, 0, 80],
])(
  'a bundle of the days %j holds what belongs to them, and all later digests',
  async (period, from, through, from3, through3) => {
    const report = await verifyBytes(await bundleOf(await fiveDays(), period));
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('intact');
    expect(report.digests).toMatchObject({ last: 4 });
    expect(report.chains.map((chain) => [chain.from, chain.through])).toEqual([
      [from, through],
      [from3, through3],
    ]);
  },
);

test('a bundle of days without entries is incomplete', async () => {
  const made = await fiveDays();
  await made.seal();
  const report = await verifyBytes(await bundleOf(made, { from: '2026-03-07' }));
  expect(report.verdict).toBe('incomplete');
});

test('a checkpoint that was kept is found again, a fork of it and a longer log too', async () => {
  const made = await fiveDays();
  const [older, newer] = [made.checkpoint, made];
  await made.seal();
  const later = await bundleOf(newer);
  expect((await verifyBytes(later, { known: older })).findings).toEqual([]);

  const fork = new SealedTenant('acme', [...made.signers]);
  for (let day = 0; day < 5; day++) {
    fork.append(0, 10);
    await fork.seal();
  }
  expect((await verifyBytes(later, { known: fork.checkpoint })).findings).toMatchObject([
    { code: 'checkpoint-forked', seal: 4 },
  ]);

  const early = await fiveDays();
  const bundle = await bundleOf(early);
  early.append(0, 1);
  await early.seal();
  const cut = await verifyBytes(bundle, { known: early.checkpoint, keys: early.keys });
  expect(cut).toMatchObject({ verdict: 'truncated', findings: [{ code: 'checkpoint-smaller' }] });
});

test('a checkpoint from before the bundle begins can not be linked', async () => {
  const made = new SealedTenant();
  made.append(0, 5);
  await made.seal();
  const { checkpoint } = made;
  for (let day = 0; day < 3; day++) {
    made.append(0, 5);
    await made.seal();
  }
  const report = await verifyBytes(await bundleOf(made, { from: '2026-03-04' }), { known: checkpoint });
  expect(report).toMatchObject({ verdict: 'incomplete', findings: [{ code: 'checkpoint-unlinked' }] });
});

test('evidence that ends before the day that was expected is truncated', async () => {
  const bundle = await bundleOf(await fiveDays());
  expect((await verifyBytes(bundle, { expectThrough: '2026-03-06' })).findings).toEqual([]);
  const report = await verifyBytes(bundle, { expectThrough: '2026-03-07' });
  expect(report).toMatchObject({ verdict: 'truncated', findings: [{ code: 'ends-early' }] });
});

test('unpacked and packed again, nothing is lost', async () => {
  const bundle = await bundleOf(await fiveDays());
  expect((await verifyBytes(await packed(await unpacked(bundle)))).verdict).toBe('intact');
});
