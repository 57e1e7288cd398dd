// Digests that are gone, repeated or wrong.
import { expect, test } from '@jest/globals';
import { leafHash } from '../../../../core/chain.ts';
import { DIGEST, type Digest } from '../../../../core/documents/digest.ts';
import type { Evidence, SealedDigest } from '../../../../core/verify/evidence.ts';
import { verifyEvidence } from '../../../../core/verify/verify.ts';
import { SealedTenant } from '../../../support/sealed-tenant.ts';

const DIGESTS = 5;

async function tenant(change: (digest: Digest) => Digest = (digest) => digest): Promise<SealedTenant> {
  const made = new SealedTenant();
  for (let i = 0; i < DIGESTS; i++) {
    if (i !== 3) made.append(0, 10);
    if (i > 1) made.append(7, 5);
    await made.seal(change);
  }
  return made;
}

/** Changes the digest with that number, and the next ones follow from it: a seal that itself did wrong. */
const sealed = (number: number, change: (digest: Digest) => Digest) =>
  tenant((digest) => (digest.number === number ? change(digest) : digest));

async function handedOut(made: SealedTenant, change: (digests: SealedDigest[]) => SealedDigest[]): Promise<Evidence> {
  const digests = change(await made.proven());
  return {
    ...(await made.evidence()),
    async *digests() {
      yield* digests;
    },
  };
}

const codesOf = async (evidence: Evidence) => {
  const { findings, verdict } = await verifyEvidence(evidence);
  return { codes: findings.map(({ code, digest }) => `${code} ${digest ?? ''}`.trim()), verdict };
};

test('digests as they were sealed leave nothing to find, chains that begin later and quiet days included', async () => {
  const report = await verifyEvidence(await (await tenant()).evidence());
  expect(report.findings).toEqual([]);
  expect(report.digests).toMatchObject({ first: 0, last: DIGESTS - 1 });
  expect(report.chains.map(({ chain, size }) => [chain, size])).toEqual([
    [0, 40],
    [7, 15],
  ]);
});

test('a digest that is left out is missing, and so are several in a row', async () => {
  const made = await tenant();
  const one = await codesOf(await handedOut(made, (digests) => digests.toSpliced(2, 1)));
  expect(one.codes[0]).toBe('digest-number 3');
  expect(one.verdict).toBe('missing');
  const several = await codesOf(await handedOut(made, (digests) => digests.toSpliced(1, 3)));
  expect(several.codes[0]).toBe('digest-number 4');
});

test('without its first digests, evidence does not begin where it says', async () => {
  const { codes } = await codesOf(await handedOut(await tenant(), (digests) => digests.slice(2)));
  expect(codes[0]).toBe('digest-number 2');
});

test('evidence that ends before the checkpoint was made is truncated, by one digest or by many', async () => {
  for (const left of [DIGESTS - 1, 1]) {
    const made = await tenant();
    const { bodies } = made.chain(0);
    bodies.length = left * 10 - (left > 3 ? 10 : 0);
    made.chain(7).bodies.length = Math.max(0, left - 2) * 5;
    const { codes, verdict } = await codesOf(await handedOut(made, (digests) => digests.slice(0, left)));
    expect(codes).toEqual([`digest-not-newest ${left - 1}`]);
    expect(verdict).toBe('truncated');
  }
});

test('no digest is no evidence', async () => {
  const { codes, verdict } = await codesOf(await handedOut(await tenant(), () => []));
  expect(codes).toEqual(['no-digest', 'no-position']);
  expect(verdict).toBe('incomplete');
});

test('digests of no entries are no intact evidence', async () => {
  const made = new SealedTenant();
  await made.seal();
  expect(await codesOf(await made.evidence())).toEqual({ codes: ['no-position'], verdict: 'incomplete' });
});

test('a digest that the log does not have is none, whatever it says', async () => {
  const made = await tenant();
  const forged = (digest: SealedDigest): SealedDigest => {
    const parsed = DIGEST.parse(digest.bytes);
    return { ...digest, bytes: DIGEST.format({ ...parsed, retention: { ...parsed.retention, security: 'P1D' } }) };
  };
  const { codes, verdict } = await codesOf(await handedOut(made, (digests) => digests.with(1, forged(digests[1]!))));
  expect(codes[0]).toBe('digest-not-in-log 1');
  expect(verdict).toBe('altered');
});

test.each([
  [
    'a proof of another leaf',
    'digest-not-in-log 1',
    (all: SealedDigest[]) => all.with(1, { ...all[1]!, proof: all[2]!.proof }),
  ],
  [
    'a proof cut short',
    'digest-not-in-log 1',
    (all: SealedDigest[]) => all.with(1, { ...all[1]!, proof: all[1]!.proof.slice(1) }),
  ],
  ['another index', 'digest-index 1', (all: SealedDigest[]) => all.with(1, { ...all[1]!, index: all[2]!.index })],
  [
    'bytes that are no digest',
    'digest-malformed',
    (all: SealedDigest[]) => all.with(1, { ...all[1]!, bytes: Uint8Array.of(1) }),
  ],
  ['the order changed', 'digest-number 2', (all: SealedDigest[]) => [all[0]!, all[2]!, all[1]!, ...all.slice(3)]],
  ['a digest twice', 'digest-number 1', (all: SealedDigest[]) => all.toSpliced(1, 0, all[1]!)],
])('%s is found', async (_, code, change) => {
  const { codes, verdict } = await codesOf(await handedOut(await tenant(), change));
  expect(codes[0]).toBe(code);
  expect(verdict).toBe('altered');
});

test('a digest of a later format is said to be one', async () => {
  const text = Buffer.from((await tenant()).digests[1]!.bytes)
    .toString()
    .replace('"v":1', '"v":2');
  const { codes } = await codesOf(
    await handedOut(await tenant(), (all) => all.with(1, { ...all[1]!, bytes: Buffer.from(text) })),
  );
  expect(codes[0]).toBe('digest-version');
});

test.each([
  ['of another tenant', 'digest-tenant 2', (digest: Digest) => ({ ...digest, tenant: 'other' })],
  ['of another log', 'digest-log 2', (digest: Digest) => ({ ...digest, log: 'log.example/other' })],
  ['that says another leaf', 'digest-index 2', (digest: Digest) => ({ ...digest, index: digest.index + 1 })],
  ['with another predecessor', 'digest-previous 2', (digest: Digest) => ({ ...digest, previous: '00'.repeat(32) })],
  ['of an earlier seal', 'digest-order 2', (digest: Digest) => ({ ...digest, seal: 1 })],
  [
    'sealed before the one before',
    'digest-order 2',
    (digest: Digest) => ({ ...digest, sealedAt: '2026-03-01T00:00:00.000Z' }),
  ],
  ['without a chain that was there', 'chain-vanished 2', (digest: Digest) => ({ ...digest, chains: [] })],
  [
    'with a shorter chain',
    'chain-shrunk 3',
    (digest: Digest) => ({ ...digest, number: 3, chains: digest.chains.map((head) => ({ ...head, size: 1 })) }),
  ],
])('a sealed digest %s is found', async (_, code, change) => {
  const number = Number(code.at(-1));
  const { codes, verdict } = await codesOf(await (await sealed(number, change)).evidence());
  expect(codes).toContain(code);
  expect(verdict).toBe('altered');
});

test('a chain that is as long as before has the head that it had', async () => {
  const change = (digest: Digest) => ({
    ...digest,
    chains: digest.chains.map((head) => (head.chain === 0 ? { ...head, link: '00'.repeat(32) } : head)),
  });
  const { codes } = await codesOf(await (await sealed(3, change)).evidence());
  expect(codes).toContain('chain-unchanged 3');
});

test('a chain that is begun anew leads to no sealed head', async () => {
  const made = await tenant();
  const { bodies } = made.chain(0);
  bodies.splice(0, 10);
  const { codes, verdict } = await codesOf(await made.evidence());
  expect(codes[0]).toBe('body-missing 0');
  expect(verdict).toBe('missing');
});

test('a late digest leaves the evidence incomplete', async () => {
  const late = (digest: Digest) => ({ ...digest, nextBy: digest.sealedAt.replace('T00', 'T01') });
  const { codes, verdict } = await codesOf(await (await sealed(1, late)).evidence());
  expect(codes).toEqual(['digest-late 2']);
  expect(verdict).toBe('incomplete');
});

test('a fork of the log is no continuation of it', async () => {
  const made = await tenant();
  const evidence = await made.evidence();
  const other = { ...evidence, log: { ...evidence.log, root: leafHash(Uint8Array.of(1)) } };
  const { codes } = await codesOf(other);
  expect(codes).toContain('digest-not-in-log 0');
});
