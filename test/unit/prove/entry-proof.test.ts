// Proofs of entries.
import { expect, test } from '@jest/globals';
import { CheckpointError } from '../../../core/checkpoint/error.ts';
import { policyOf } from '../../../core/checkpoint/policy.ts';
import { DocumentError } from '../../../core/documents/error.ts';
import { ProofError } from '../../../core/merkle/error.ts';
import { NoteError } from '../../../core/note/error.ts';
import { parseVerifierKey, type VerifierKey } from '../../../core/note/key.ts';
import { ENTRY_PROOF, type EntryProof } from '../../../core/proof/document.ts';
import { EntryProofError } from '../../../core/proof/error.ts';
import { verifyEntryProof, verifyLeafProof } from '../../../core/proof/verify.ts';
import { entry, LOG_KEYS, sealed } from '../../support/proofs.ts';
import { refusal } from '../../support/refusal.ts';
import { signer } from '../../support/signers.ts';
import { vectors } from '../../vectors/load.ts';

const REFUSALS = [EntryProofError, DocumentError, ProofError, NoteError, CheckpointError];
const proofOf = await sealed({ size: 5, before: 1, behind: 2 });
const proof = await proofOf(2);
const elsewhere = await (await sealed({ size: 6, before: 1, behind: 2 }))(2);
const later = await (await sealed({ size: 5, before: 1, behind: 2, change: { seal: 8 } }))(2);

const verdict = (change: Partial<EntryProof>, keys: readonly VerifierKey[] = LOG_KEYS) =>
  refusal(REFUSALS, () => verifyEntryProof(entry(2), { ...proof, ...change }, keys));

test('what was sealed and is no entry, or of the time after its seal, is refused', async () => {
  for (const change of [{ sealedAt: '2026-03-01T10:59:59.999Z' }, { sealedAt: '2026-03-02T02:00:01.000Z' }]) {
    const sealedThen = await (await sealed({ size: 5, before: 1, behind: 2, change }))(2);
    const code = refusal(REFUSALS, () => verifyEntryProof(entry(2), sealedThen, LOG_KEYS));
    expect(code).toBe(change.sealedAt < '2026-03-02' ? 'entry' : 'log');
  }
});

test('the proof of an entry whose body is gone still shows its leaf hash', () => {
  expect(verifyLeafProof(proof, LOG_KEYS).digest.sealedAt).toBe('2026-03-02T02:00:00.000Z');
});

interface Accepted {
  readonly entry: string;
  readonly proof: string;
  readonly logKeys: readonly string[];
  readonly sealedAt: string;
}

test.each(vectors<Accepted>('entry-proof/accepted'))('%s is accepted', (_, vector) => {
  const bytes = new TextEncoder().encode(vector.proof);
  const parsed = ENTRY_PROOF.parse(bytes);
  expect(ENTRY_PROOF.format(parsed)).toEqual(bytes);
  const keys = vector.logKeys.map(parseVerifierKey);
  const { digest } = verifyEntryProof(new TextEncoder().encode(vector.entry), parsed, keys);
  expect(digest.sealedAt).toBe(vector.sealedAt);
});

test.each<[name: string, code: string, change: Partial<EntryProof>]>([
  ['that names another tenant than its digest', 'tenant', { tenant: 'globex' }],
  ['of a chain that the digest does not seal', 'chain', { chain: 4 }],
  ['of another chain of the digest', 'tree', { chain: 0 }],
  ['in another tree than the digest seals', 'tree', { inclusion: elsewhere.inclusion }],
  ['of another position', 'root', { position: 3 }],
  ['beyond the end of the tree', 'index', { position: 5 }],
  ['with a digest that is not in the log', 'root', { digest: later.digest }],
  ['that says another index than its digest', 'index', { log: { ...proof.log, index: 2 } }],
  ['that says another size than its checkpoint', 'log', { log: { ...proof.log, size: 5 } }],
  ['that says another root than its checkpoint', 'log', { log: { ...proof.log, root: proof.inclusion.root } }],
  ['whose C2SP file is of something else', 'tlog-proof', { tlogProof: elsewhere.tlogProof }],
  ['with a hash that has bits set where it has none', 'hash', spelledOtherwise()],
])('a proof %s is refused: %s', (_, code, change) => {
  expect(verdict({})).toBe('accepted');
  expect(verdict(change)).toBe(code);
});

test('a proof whose digest says that it is of another log than the checkpoint is refused', async () => {
  const foreign = await (await sealed({ size: 5, before: 1, behind: 2, change: { log: 'log.example/other' } }))(2);
  expect(verdict(foreign)).toBe('log');
});

test('keys decide whom to believe', () => {
  const name = LOG_KEYS[0]!.name;
  const stranger = [signer(name, 'ed25519').key, signer(name, 'ml-dsa-44-cosignature').key];
  expect(verdict({}, stranger)).toBe('unverified');
  expect(verdict({}, [LOG_KEYS[0]!, stranger[1]!])).toBe('log-signature');
  expect(verdict({}, [])).toBe('policy');
  expect(verdict({}, [LOG_KEYS[0]!, signer('log.example/other', 'ed25519').key])).toBe('policy');
  expect(policyOf(LOG_KEYS).requiredTypes).toEqual(['ed25519', 'ml-dsa-44-cosignature']);
});

/** The last character of a hash in base64 carries two bits that decoders ignore. */
function spelledOtherwise(): Partial<EntryProof> {
  const [first, ...rest] = proof.inclusion.proof as [string, ...string[]];
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const next = alphabet[alphabet.indexOf(first.at(-2)!) + 1]!;
  return { inclusion: { ...proof.inclusion, proof: [`${first.slice(0, -2)}${next}=`, ...rest] } };
}
