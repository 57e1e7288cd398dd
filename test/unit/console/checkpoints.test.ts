// The log's texts, and digests as rows.
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { digestsIn, rowsOf, type SealedDigest } from '../../../console/checkpoints/digests.ts';
import { checkpointIn, fingerprintOf, keysIn } from '../../../console/checkpoints/note.ts';
import { formatCheckpoint } from '../../../core/checkpoint/body.ts';
import { encodeBase64 } from '../../../core/note/base64.ts';
import { formatVerifierKey } from '../../../core/note/key.ts';
import { formatNote } from '../../../core/note/note.ts';
import { LogSigner, ORIGIN } from '../../support/log-signer.ts';

const SECONDS = 1_796_004_005;
const ROOT = new Uint8Array(32).fill(7);

async function signed() {
  const signer = new LogSigner();
  const text = formatCheckpoint({ origin: ORIGIN, size: 1_042, root: ROOT, extensions: [] });
  const note = formatNote({ text, signatures: await signer.sign(text, SECONDS) });
  const keys = keysIn(`${(await signer.keys()).map(formatVerifierKey).join('\n')}\n`);
  return { keys, text: new TextDecoder().decode(note), lines: (await signer.keys()).map(formatVerifierKey) };
}

test('a checkpoint that the log signed: size, root, when, and by which keys', async () => {
  const { keys, text } = await signed();
  expect(keys.map(({ name, type }) => [name, type])).toEqual([
    [ORIGIN, 'ed25519'],
    [ORIGIN, 'ml-dsa-44-cosignature'],
  ]);
  expect(checkpointIn(text, keys)).toEqual({
    ...{ origin: ORIGIN, size: 1_042, root: encodeBase64(ROOT) },
    signatures: [
      { name: ORIGIN, keyId: keys[0]!.id, at: undefined },
      { name: ORIGIN, keyId: keys[1]!.id, at: new Date(SECONDS * 1_000).toISOString() },
    ],
  });
});

test('what is no checkpoint, and lines that are no signatures or keys', async () => {
  const { text } = await signed();
  for (const bad of ['', 'log.example\n', 'log.example\n-1\nAAAA\n\n', 'log.example\n1e3\nAAAA\n\n']) {
    expect(checkpointIn(bad, [])).toBeUndefined();
  }
  const without = `${text.split('\n\n')[0]}\n\n— log.example %%%\n— two words here\n`;
  expect(checkpointIn(without, [])).toMatchObject({ size: 1_042, signatures: [] });
  expect(keysIn('<script>\nlog.example+12+AQ==\n\n')).toEqual([]);
  expect(keysIn('log.example+0a1b2c3d+CQ==')).toMatchObject([{ type: 'unknown' }]);
});

test('the fingerprint is the SHA-256 of the line, in groups of four', async () => {
  const { keys, lines } = await signed();
  const hex = createHash('sha256').update(lines[0]!).digest('hex');
  const fingerprint = await fingerprintOf(keys[0]!);
  expect(fingerprint.replaceAll(' ', '')).toBe(hex);
  expect(fingerprint.split(' ').map((group) => group.length)).toEqual(Array(16).fill(4));
});

const digest = (number: number, size: number, over: Partial<SealedDigest> = {}): SealedDigest => ({
  ...{ number, seal: number, index: number, entries: size, chains: 1, text: '', log: undefined },
  ...{ sealedAt: `2026-11-0${number + 1}T02:00:00.000Z`, nextBy: `2026-11-0${number + 2}T03:00:00.000Z` },
  ...over,
});

test('a row says what its seal brought, the newest first', () => {
  const rows = rowsOf([digest(0, 10), digest(1, 10), digest(2, 25)]);
  expect(rows.map(({ number, added, late }) => [number, added, late])).toEqual([
    [2, 15, false],
    [1, 0, false],
    [0, 10, false],
  ]);
  expect(rowsOf([digest(3, 30)])[0]?.added).toBeUndefined();
  expect(rowsOf([digest(0, 1), digest(1, 2, { sealedAt: '2026-11-05T02:00:00.000Z' })])[0]?.late).toBe(true);
});

test('a page of digests, with the log behind each', () => {
  const text = JSON.stringify({
    ...{ seal: 20, sealedAt: 'a', nextBy: 'b', chains: [{ size: 3 }, { size: 4 }] },
  });
  const page = {
    ...{ tenant: 'north', checkpoint: '', next: null, tombstones: [] },
    digests: [{ number: 17, index: 1_037, digest: text, proof: [] }],
    seals: [{ seal: 20, size: 1_040, root: 'cm9vdA==', proof: [] }],
  };
  expect(digestsIn(page)).toEqual([
    {
      ...{ number: 17, index: 1_037, seal: 20, sealedAt: 'a', nextBy: 'b', entries: 7, chains: 2, text },
      log: { size: 1_040, root: 'cm9vdA==' },
    },
  ]);
});
