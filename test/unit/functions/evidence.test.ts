// GET of proofs, digests and documents.
import { describe, expect, test } from '@jest/globals';
import { leafHash } from '../../../core/chain.ts';
import { openCheckpoint } from '../../../core/checkpoint/open.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import { CONTENTS } from '../../../core/documents/contents.ts';
import { DIGEST } from '../../../core/documents/digest.ts';
import { SEGMENT_LIST } from '../../../core/documents/segments.ts';
import { verifyConsistency, verifyInclusion } from '../../../core/merkle/verify.ts';
import { decodeBase64 } from '../../../core/note/base64.ts';
import { ENTRY_PROOF } from '../../../core/proof/document.ts';
import { verifyEntryProof } from '../../../core/proof/verify.ts';
import { chainTileKey, contentsKey, digestKey } from '../../../names/log.ts';
import { ownPolicy } from '../../../services/log/published.ts';
import { ORIGIN } from '../../support/log-signer.ts';
import { DAY_MS, Deployment } from '../../support/sealing.ts';
import { entriesOf, Serving, sealed } from '../../support/serving.ts';

const bytesOf = (base64: string): Uint8Array => decodeBase64(base64)!;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('GET /v1/chains/{chain}/entries/{position}/proof', () => {
  test('proves every sealed entry of every chain', async () => {
    const deployment = await sealed();
    const serving = new Serving(deployment);
    for (const [tenant, chain] of [
      ['acme', 0],
      ['acme', 2],
      ['globex', 0],
    ] as const) {
      for (const [position, entry] of entriesOf(deployment, `${tenant}#${chain}`).entries()) {
        const answer = await serving.get('proof', { tenant, path: { chain, position } });
        expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
        const proof = ENTRY_PROOF.parse(answer.bytes);
        expect([proof.tenant, proof.chain, proof.position]).toEqual([tenant, chain, position]);
        const { checkpoint } = verifyEntryProof(entry, proof, await deployment.signer.keys());
        expect(checkpoint.size).toBe(6);
      }
    }
  });

  test('what is recorded and not sealed yet is told from what never was', async () => {
    const deployment = await sealed(1);
    await deployment.record('acme#0', deployment.some('payment', 2));
    await deployment.record('acme#5', deployment.some('payment'));
    const serving = new Serving(deployment);
    const early = await serving.get('proof', { path: { chain: 0, position: 7 } });
    expect(early.json).toMatchObject({ type: 'urn:indelible:problem:not-sealed', status: 409, sealed: 6 });
    const due = (Date.parse(early.json.nextBy) - deployment.now) / 1_000;
    expect(early.headers['retry-after']).toBe(String(Math.ceil(due)));
    const newChain = await serving.get('proof', { path: { chain: 5, position: 0 } });
    expect(newChain.json).toMatchObject({ status: 409, sealed: 0 });
    for (const [chain, position] of [
      [0, 8],
      [1, 0],
      [5, 1],
    ] as const) {
      expect((await serving.get('proof', { path: { chain, position } })).json).toMatchObject({ status: 404 });
    }
  });

  test('before the first seal everything is not sealed yet, and says no time', async () => {
    const deployment = new Deployment();
    await deployment.record('acme#0', deployment.some('payment'));
    const { json, headers } = await new Serving(deployment).get('proof', { path: { chain: 0, position: 0 } });
    expect([json.status, json.sealed, json.nextBy, headers['retry-after']]).toEqual([409, 0, null, undefined]);
  });

  test.each([
    ['a tile of the chain', chainTileKey('acme', 0, 'tile/0/000.p/18')],
    ['the digest', digestKey('acme', 2)],
  ])('%s that is covered or hidden changes nothing', async (_, key) => {
    const deployment = await sealed();
    const genuine = deployment.store.object(key).bytes;
    deployment.store.plant(
      key,
      genuine.map((byte) => byte ^ 1),
    );
    const ask = { path: { chain: 0, position: 4 } };
    const covered = await new Serving(deployment).get('proof', ask);
    deployment.store.mark(key);
    const hidden = await new Serving(deployment).get('proof', ask);
    const keys = await deployment.signer.keys();
    for (const { bytes } of [covered, hidden]) {
      verifyEntryProof(entriesOf(deployment, 'acme#0')[4]!, ENTRY_PROOF.parse(bytes), keys);
    }
  });

  test('a digest whose objects are all gone is found in the log', async () => {
    const deployment = await sealed();
    const key = digestKey('acme', 2);
    const { version } = deployment.store.object(key);
    deployment.now += 40_000 * DAY_MS;
    deployment.store.deleteVersion(key, version);
    expect((await new Serving(deployment).get('proof', { path: { chain: 0, position: 4 } })).status).toBe(200);
  });

  test('where nothing genuine is left, it says so and proves nothing', async () => {
    const deployment = await sealed();
    const key = chainTileKey('acme', 0, 'tile/0/000.p/18');
    const { version, bytes } = deployment.store.object(key);
    deployment.store.plant(
      key,
      bytes.map((byte) => byte ^ 1),
    );
    deployment.now += 40_000 * DAY_MS;
    deployment.store.deleteVersion(key, version);
    const serving = new Serving(deployment);
    const answer = await serving.get('proof', { path: { chain: 0, position: 4 } });
    expect([answer.status, answer.json.type]).toEqual([500, 'urn:indelible:problem:not-intact']);
    expect(serving.problems.map(({ slug }) => slug)).toEqual(['not-intact']);
  });
});

describe('GET /v1/digests', () => {
  test('a listing in pages proves every digest and seal to one checkpoint, whatever is sealed meanwhile', async () => {
    const deployment = await sealed(5);
    const serving = new Serving(deployment);
    const first = await serving.get('digests', { query: { limit: 2 } });
    const policy = ownPolicy(ORIGIN, await deployment.signer.keys());
    const { size, root } = openCheckpoint(utf8(first.json.checkpoint), policy);
    await deployment.record('acme#0', deployment.some('payment'));
    await deployment.seal();
    deployment.pass(10_000);
    const pages = [first.json];
    while (pages.at(-1).next !== null) {
      pages.push((await serving.get('digests', { query: { limit: 2, size, after: pages.at(-1).next } })).json);
    }
    expect(pages.map(({ digests }) => digests.map(({ number }: { number: number }) => number))).toEqual([
      [0, 1],
      [2, 3],
      [4],
    ]);
    expect(new Set(pages.map(({ checkpoint }) => checkpoint)).size).toBe(1);
    for (const { tenant, digests, seals } of pages) {
      expect(tenant).toBe('acme');
      for (const { number, index, digest, proof } of digests) {
        expect(DIGEST.parse(utf8(digest))).toMatchObject({ tenant, number, index });
        verifyInclusion({ index, size, leafHash: leafHash(utf8(digest)), root }, proof.map(bytesOf));
      }
      expect(seals.map(({ seal }: { seal: number }) => seal)).toEqual(
        digests.map(({ number }: { number: number }) => number),
      );
      for (const seal of seals) {
        const older = { size: seal.size, root: bytesOf(seal.root) };
        expect(seal.size).toBe(2 * (seal.seal + 1));
        verifyConsistency({ older, newer: { size, root } }, seal.proof.map(bytesOf));
      }
    }
  });

  test('a tenant without digests has none, and none is behind the last', async () => {
    const serving = new Serving(await sealed(2));
    const { status, json } = await serving.get('digests', { tenant: 'initech' });
    expect([status, json.tenant, json.digests, json.seals, json.next]).toEqual([200, 'initech', [], [], null]);
    const behind = await serving.get('digests', { query: { after: 1 } });
    expect([behind.json.digests, behind.json.next]).toEqual([[], null]);
  });

  test('a tenant that came later has its digests from its own first seal on', async () => {
    const deployment = await sealed(2);
    await deployment.record('initech#0', deployment.some('payment'));
    await deployment.seal();
    const { json } = await new Serving(deployment).get('digests', { tenant: 'initech' });
    expect(json.digests.map(({ number }: { number: number }) => number)).toEqual([0]);
    expect(json.seals.map(({ seal }: { seal: number }) => seal)).toEqual([2]);
  });

  test.each([
    { limit: 0 },
    { limit: 201 },
    { limit: 'x' },
    { after: -1 },
    { after: '01' },
    { size: 3 },
    { size: 7 },
    { size: 0 },
  ])('%j is an invalid query', async (query) => {
    const { status, json } = await new Serving(await sealed()).get('digests', { query });
    expect([status, json.type]).toEqual([400, 'urn:indelible:problem:invalid-query']);
  });

  test('before the first seal there is nothing to list', async () => {
    const { json } = await new Serving(new Deployment()).get('digests');
    expect(json).toMatchObject({ status: 409, type: 'urn:indelible:problem:not-sealed' });
  });

  test('a checkpoint that covers another seal’s is not taken for that seal’s', async () => {
    const deployment = await sealed(4);
    const { store } = deployment;
    store.plant('seals/0000000001/checkpoint', store.object('seals/0000000000/checkpoint').bytes);
    const { json } = await new Serving(deployment).get('digests');
    expect(json.seals.map(({ size }: { size: number }) => size)).toEqual([2, 4, 6, 8]);
  });
});

describe('GET /v1/documents/{sha256}', () => {
  test('gives every document that a digest names, whatever covers it', async () => {
    const deployment = await sealed();
    const serving = new Serving(deployment);
    const digest = deployment.digest('acme', 1);
    deployment.store.plant(contentsKey('acme', 1), utf8('{}'));
    deployment.store.mark(contentsKey('acme', 1));
    const ref = digest.contents!;
    const contents = await serving.get('document', { path: { sha256: ref.sha256 }, query: { key: ref.key } });
    expect([contents.status, toHex(sha256(contents.bytes))]).toEqual([200, ref.sha256]);
    for (const list of CONTENTS.parse(contents.bytes).segments) {
      const { bytes } = await serving.get('document', { path: { sha256: list.sha256 }, query: { key: list.key } });
      expect(SEGMENT_LIST.parse(bytes)).toMatchObject({ tenant: 'acme', seal: 1 });
    }
  });

  test('refuses what is no hash, and answers 404 to another hash and without a key 400', async () => {
    const deployment = await sealed(1);
    const serving = new Serving(deployment);
    const { key, sha256: hash } = deployment.digest('acme', 0).contents!;
    const status = async (sha: string, query?: Record<string, string>) =>
      (await serving.get('document', { path: { sha256: sha }, ...(query && { query }) })).status;
    expect(await status(hash, { key })).toBe(200);
    expect(await status('00'.repeat(32), { key })).toBe(404);
    expect(await status(hash.toUpperCase(), { key })).toBe(400);
    expect(await status(hash)).toBe(400);
  });
});

test('a seal is seen by whoever asks right after it, also when there was none before', async () => {
  const deployment = new Deployment();
  const serving = new Serving(deployment);
  const digests = async () => (await serving.get('digests')).status;
  expect(await digests()).toBe(409);
  await deployment.record('acme#0', deployment.some('payment', 2));
  await deployment.seal();
  expect(await digests()).toBe(200);
});
