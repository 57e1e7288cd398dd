// Bodies that are altered, gone, moved and put in.
import { expect, test } from '@jest/globals';
import type { Finding } from '../../../../core/verify/finding.ts';
import type { Report } from '../../../../core/verify/report.ts';
import { verifyEvidence } from '../../../../core/verify/verify.ts';
import { SealedTenant } from '../../../support/sealed-tenant.ts';

const SIZE = 1_500;

/** A chain that was sealed after 400, 900 and 1,500 entries. */
async function tenant(): Promise<SealedTenant> {
  const made = new SealedTenant();
  for (const count of [400, 500, 600]) {
    made.append(0, count);
    await made.seal();
  }
  return made;
}

const verify = async (made: SealedTenant, positions = false): Promise<Report> =>
  verifyEvidence(await made.evidence({ positions }));

const bytesOf = (text: string) => new TextEncoder().encode(text);

const places = (report: Report) =>
  report.findings.map(({ code, first, last }: Finding) => [code, first, last] as const);

test('evidence as it was sealed is intact, with every position counted', async () => {
  for (const positions of [false, true]) {
    const report = await verify(await tenant(), positions);
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('intact');
    expect(report.chains[0]).toMatchObject({
      chain: 0,
      from: 0,
      through: SIZE,
      tally: { entries: SIZE, intact: SIZE },
    });
  }
});

test.each([0, 255, 256, 399, 400, 1_499])(
  'an altered entry is altered at exactly its position %i',
  async (position) => {
    for (const positions of [false, true]) {
      const made = await tenant();
      made.chain(0).bodies[position] = bytesOf('another');
      const report = await verify(made, positions);
      expect(places(report)).toEqual([['body-altered', position, position]]);
      expect(report.verdict).toBe('altered');
      expect(report.chains[0]!.tally).toMatchObject({ intact: SIZE - 1, altered: 1, missing: 0 });
    }
  },
);

test.each([
  [0, 1],
  [255, 3],
  [700, 300],
  [10, 1_200],
])('%i and the following %i that are gone are missing, and nothing else is', async (position, count) => {
  for (const positions of [false, true]) {
    const made = await tenant();
    made.chain(0).bodies.fill(undefined, position, position + count);
    const report = await verify(made, positions);
    expect(places(report).every(([code]) => code === 'body-missing')).toBe(true);
    expect([places(report)[0]![1], places(report).at(-1)![2]]).toEqual([position, position + count - 1]);
    expect(report.verdict).toBe('missing');
    expect(report.chains[0]!.tally).toMatchObject({ intact: SIZE - count, altered: 0, missing: count });
  }
});

test('entries missing at the end of the chain are a chain cut short', async () => {
  for (const positions of [false, true]) {
    const made = await tenant();
    made.chain(0).bodies.fill(undefined, 1_490);
    const report = await verify(made, positions);
    expect(places(report)).toEqual([['tail-missing', 1_490, 1_499]]);
    expect(report.verdict).toBe('truncated');
  }
});

test('more entries than a look ahead reaches are missing, not altered', async () => {
  const made = new SealedTenant();
  made.append(0, 5_000);
  await made.seal();
  made.chain(0).bodies.fill(undefined, 20, 3_020);
  const report = await verify(made);
  expect(places(report)).toEqual([['body-missing', 20, 3_019]]);
});

test('an altered entry before one that is gone is altered, the other missing', async () => {
  const made = await tenant();
  made.chain(0).bodies[100] = bytesOf('another');
  made.chain(0).bodies[101] = undefined;
  expect(places(await verify(made))).toEqual([
    ['body-altered', 100, 100],
    ['body-missing', 101, 101],
  ]);
});

test('two entries that changed places are both named', async () => {
  for (const positions of [false, true]) {
    const made = await tenant();
    const { bodies } = made.chain(0);
    [bodies[100], bodies[101]] = [bodies[101], bodies[100]];
    const report = await verify(made, positions);
    expect(report.chains[0]!.tally).toMatchObject({ intact: SIZE - 2, altered: 2, missing: 0 });
    if (!positions) {
      expect(places(report)).toEqual([['body-misplaced', 100, 101]]);
      expect(report.findings[0]!.found).toContain('the entry of position 101');
    }
  }
});

test('an entry in the place of another one is named by where it belongs', async () => {
  const made = await tenant();
  const { bodies } = made.chain(0);
  bodies[100] = bodies[103];
  const report = await verify(made);
  expect(places(report)).toEqual([['body-misplaced', 100, 100]]);
  expect(report.findings[0]!.found).toContain('the entry of position 103');
});

test('an entry that was moved back is where it was, where it is, and not twice missing', async () => {
  const made = await tenant();
  const { bodies } = made.chain(0);
  bodies.splice(103, 0, ...bodies.splice(100, 1));
  const report = await verify(made);
  expect(new Set(places(report).map(([code]) => code))).toEqual(new Set(['body-misplaced', 'body-repeated']));
  expect(report.verdict).toBe('altered');
  expect(report.chains[0]!.tally).toMatchObject({ missing: 0 });
});

test('an entry twice is repeated, one of nobody inserted, where they stand', async () => {
  const made = await tenant();
  const { bodies } = made.chain(0);
  bodies.splice(200, 0, bodies[199]);
  bodies.splice(300, 0, bytesOf('of nobody'));
  const report = await verify(made);
  expect(places(report)).toEqual([
    ['body-repeated', 200, 200],
    ['body-inserted', 299, 299],
  ]);
  expect(report.chains[0]!.tally).toMatchObject({ intact: SIZE, altered: 0, missing: 0 });
});

test('what follows the last entry is not passed over', async () => {
  const made = await tenant();
  made.chain(0).bodies.push(bytesOf('of nobody'), made.chain(0).bodies[SIZE - 1]);
  expect(places(await verify(made))).toEqual([
    ['body-inserted', SIZE, SIZE],
    ['body-repeated', SIZE, SIZE],
  ]);
});

test('when every entry is another one, each is altered', async () => {
  const made = await tenant();
  const { bodies } = made.chain(0);
  for (let i = 0; i < SIZE; i++) bodies[i] = bytesOf(`another ${i}`);
  const report = await verify(made);
  expect(report.chains[0]!.tally).toMatchObject({ intact: 0, altered: SIZE, missing: 0 });
});
