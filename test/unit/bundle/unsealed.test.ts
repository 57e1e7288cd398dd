// Bundles that are made between an expiry and the next seal.
import { describe, expect, test } from '@jest/globals';
import { documentFile, entriesFile, UNSEALED_FILE } from '../../../core/bundle/files.ts';
import { unsealedLine } from '../../../core/bundle/lines.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import { TOMBSTONE, type Tombstone } from '../../../core/documents/tombstone.ts';
import { bundleOf, bundleRefusal, packed, unpacked, verifyBytes } from '../../support/bundling.ts';
import { SealedTenant } from '../../support/sealed-tenant.ts';

const DAY = '2026-03-01';
/** Thirty days behind the end of that day. */
const DUE = '2026-04-01T00:00:00.000Z';
/** Between the last of the seals and the one that would follow: what is sealed says no time after its seal. */
const SOON = '2026-03-04T12:00:00.000Z';

/** `keep`: how long the entries are kept that expire here. */
async function sealed(keep = 'P30D'): Promise<SealedTenant> {
  const made = new SealedTenant();
  made.retention = { data_access: keep, security: 'permanent' };
  for (let day = 0; day < 3; day++) {
    made.append(0, 20);
    made.append(0, 5, 'security');
    await made.seal();
  }
  return made;
}

/** A bundle in which somebody has put a tombstone beside those that are there, and taken out what it names. */
async function forged(made: SealedTenant, change: (tombstone: Tombstone) => Tombstone, take = true): Promise<Buffer> {
  made.expire('data_access', DAY, DUE, take);
  const files = await unpacked(await bundleOf(made));
  const [path] = [...files.keys()].filter((name) => name.startsWith('documents/')).slice(-1);
  const tombstone = change(TOMBSTONE.parse(files.get(path!)!));
  const bytes = TOMBSTONE.format(tombstone);
  files.delete(path!);
  const hash = toHex(sha256(bytes));
  files.set(documentFile(hash), bytes);
  const key = 'tombstones/tenant=acme/0000000000.json';
  files.set(UNSEALED_FILE, unsealedLine({ key, version: 'v', sha256: hash, bytes: bytes.length }));
  return packed(files);
}

describe('what expired since the newest seal', () => {
  test('is neither missing nor expired, but not confirmed yet', async () => {
    const made = await sealed();
    made.expire('data_access', DAY, DUE);
    const report = await verifyBytes(await bundleOf(made), { keys: made.keys });
    expect(report.verdict).toBe('unconfirmed');
    expect(report.findings).toMatchObject([{ code: 'body-unconfirmed', first: 0, last: 19, digest: 0 }]);
    expect(report.chains[0]!.tally).toMatchObject({ intact: 55, expired: 0, missing: 0, altered: 0, unconfirmed: 20 });
  });

  test('is expired once it is sealed', async () => {
    const made = await sealed('P1D');
    made.expire('data_access', DAY, SOON);
    await made.seal();
    const bundle = await bundleOf(made);
    expect((await unpacked(bundle)).has(UNSEALED_FILE)).toBe(false);
    expect(await verifyBytes(bundle)).toMatchObject({ verdict: 'intact', chains: [{ tally: { expired: 20 } }] });
  });

  test('stands beside what was sealed before it', async () => {
    const made = await sealed('P1D');
    made.expire('data_access', DAY, SOON);
    await made.seal();
    made.expire('data_access', '2026-03-02', '2026-03-05T12:00:00.000Z');
    const report = await verifyBytes(await bundleOf(made));
    expect(report).toMatchObject({ verdict: 'unconfirmed', chains: [{ tally: { expired: 20, unconfirmed: 20 } }] });
  });

  test('and is still there is intact', async () => {
    const made = await sealed();
    made.expire('data_access', DAY, DUE, false);
    const report = await verifyBytes(await bundleOf(made));
    expect(report).toMatchObject({ verdict: 'intact', findings: [], chains: [{ tally: { intact: 75 } }] });
  });

  test('makes a bundle no older than its tombstones, whatever the clock of whoever makes it', async () => {
    const made = await sealed();
    made.expire('data_access', DAY, DUE);
    const report = await verifyBytes(await bundleOf(made, { now: new Date('2026-03-31T00:00:00.000Z') }));
    expect(report).toMatchObject({ verdict: 'unconfirmed', manifest: { createdAt: DUE } });
  });
});

describe('a tombstone that somebody put into a bundle', () => {
  test('never passes a body off as expired, even one that could be true', async () => {
    const report = await verifyBytes(await forged(await sealed(), (tombstone) => tombstone));
    expect(report).toMatchObject({ verdict: 'unconfirmed', chains: [{ tally: { expired: 0, unconfirmed: 20 } }] });
  });

  test.each<[string, (tombstone: Tombstone) => Tombstone, string]>([
    ['before its time', (one) => ({ ...one, at: '2026-03-31T23:59:59.999Z' }), 'early-expiry'],
    ['of another category', (one) => ({ ...one, category: 'security', retention: 'P1D' }), 'tombstone-foreign'],
    ['of other bytes', (one) => withHash(one, 'f'.repeat(64)), 'tombstone-foreign'],
    ['of a time behind the bundle’s own', (one) => ({ ...one, at: '2026-05-01T00:00:00.001Z' }), 'tombstone-future'],
    ['of another tenant', (one) => ({ ...one, tenant: 'umbra' }), 'document-foreign'],
  ])('%s is a finding, and what it takes is missing', async (_, change, code) => {
    const report = await verifyBytes(await forged(await sealed(), change));
    expect(report.verdict).toBe('altered');
    expect(report.findings.map((found) => found.code)).toEqual(expect.arrayContaining([code, 'body-missing']));
    expect(report.chains[0]!.tally).toMatchObject({ expired: 0, missing: 20 });
  });

  test('with a number that a digest has dealt with is a finding', async () => {
    const made = await sealed('P1D');
    made.expire('data_access', DAY, SOON);
    await made.seal();
    const files = await unpacked(await bundleOf(made));
    const [path, bytes] = [...files].find(([, content]) => Buffer.from(content).includes('"kind":"tombstone"'))!;
    const hash = path.slice('documents/'.length, -'.json'.length);
    const key = 'tombstones/tenant=acme/0000000000.json';
    files.set(UNSEALED_FILE, unsealedLine({ key, version: 'v', sha256: hash, bytes: bytes.length }));
    expect((await verifyBytes(await packed(files))).findings).toMatchObject([{ code: 'slot-number' }]);
  });

  test('of a time that whoever verifies has not reached is a finding, whatever the bundle says of itself', async () => {
    const made = await sealed();
    made.expire('data_access', DAY, '2033-01-01T00:00:00.000Z');
    const bundle = await bundleOf(made);
    const report = await verifyBytes(bundle, { now: new Date('2026-05-01T00:00:00.000Z') });
    expect(report.verdict).toBe('altered');
    expect(report.findings.map(({ code }) => code)).toContain('tombstone-future');
  });

  test('whose document is left out excuses nothing', async () => {
    const made = await sealed();
    made.expire('data_access', DAY, DUE);
    const files = await unpacked(await bundleOf(made));
    for (const path of [...files.keys()].filter((name) => name.startsWith('documents/')).slice(-1)) files.delete(path);
    expect((await verifyBytes(await packed(files))).verdict).toBe('missing');
  });

  test('is refused where its line is none', async () => {
    const made = await sealed();
    made.expire('data_access', DAY, DUE);
    const files = await unpacked(await bundleOf(made));
    files.set(UNSEALED_FILE, new TextEncoder().encode('{"key":"k"}\n'));
    expect(await bundleRefusal(await packed(files))).toBe('unsealed-line');
    files.set(UNSEALED_FILE, new TextEncoder().encode('{"key": "k"}\n'));
    expect(await bundleRefusal(await packed(files))).toBe('unsealed-line');
  });
});

test('bodies between those that expired are still told apart', async () => {
  const made = await sealed();
  made.expire('data_access', DAY, DUE);
  const files = await unpacked(await bundleOf(made));
  const lines = Buffer.from(files.get(entriesFile(0))!)
    .toString()
    .split('\n');
  files.set(entriesFile(0), new TextEncoder().encode(lines.toSpliced(2, 1).join('\n')));
  const report = await verifyBytes(await packed(files));
  expect(report.verdict).toBe('missing');
  expect(report.chains[0]!.tally).toMatchObject({ missing: 1, unconfirmed: 20 });
});

function withHash(tombstone: Tombstone, hash: string): Tombstone {
  const segments = tombstone.segments.map((one) => ({ ...one, object: { ...one.object, sha256: hash } }));
  return { ...tombstone, segments };
}
