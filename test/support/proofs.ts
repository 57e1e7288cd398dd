// Proofs of entries, made by the book.
import { leafHash } from '../../core/chain.ts';
import { formatCheckpoint } from '../../core/checkpoint/body.ts';
import { toHex } from '../../core/crypto.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import { proveInclusion, treeRoot } from '../../core/merkle/prove.ts';
import { encodeBase64 } from '../../core/note/base64.ts';
import { formatNote } from '../../core/note/note.ts';
import type { EntryProof } from '../../core/proof/document.ts';
import { formatTlogProof } from '../../core/tlog-proof/proof.ts';
import { MemoryNodes } from './memory-nodes.ts';
import { smallEntry } from './sealed-parts.ts';
import { signer } from './signers.ts';

const ORIGIN = 'log.example/indelible';
const SIGNERS = [signer(ORIGIN, 'ed25519'), signer(ORIGIN, 'ml-dsa-44-cosignature')];
export const LOG_KEYS = SIGNERS.map(({ key }) => key);

const SEALED_AT = '2026-03-02T02:00:00.000Z';

export const entry = (position: number): Uint8Array =>
  smallEntry('acme', { id: `entry-${position}`, category: 'payment', recordedAt: '2026-03-01T12:00:00.000Z' });

interface Sealed {
  /** Of the chain, and how many other digests there are in the log before and behind. */
  readonly size: number;
  readonly before: number;
  readonly behind: number;
  readonly change?: Partial<Digest>;
}

/** Proofs of the entries of chain 3 of acme, made by the book: the tree, the digest, the log, the note. */
export async function sealed({ size, before, behind, change = {} }: Sealed) {
  const chain = new MemoryNodes(Array.from({ length: size }, (_, i) => leafHash(entry(i))));
  const root = await treeRoot(chain, size);
  const head = { chain: 3, size, root: toHex(root), link: '00'.repeat(32) };
  const digest = DIGEST.format({
    ...{ v: 1, kind: 'digest', log: ORIGIN, tenant: 'acme', number: 0, seal: 7, index: before },
    ...{ sealedAt: SEALED_AT, nextBy: '2026-03-03T03:00:00.000Z', plan: '11'.repeat(32) },
    ...{ chains: [{ ...head, chain: 0, size: 1 }, head], retention: { payment: 'P7Y' } },
    ...change,
  });
  const others = (count: number, what: string) =>
    Array.from({ length: count }, (_, i) => leafHash(new TextEncoder().encode(`${what} ${i}`)));
  const log = new MemoryNodes([...others(before, 'before'), leafHash(digest), ...others(behind, 'behind')]);
  const logSize = before + 1 + behind;
  const logRoot = await treeRoot(log, logSize);
  const hashes = await proveInclusion(log, before, logSize);
  const text = formatCheckpoint({ origin: ORIGIN, size: logSize, root: logRoot, extensions: [] });
  const checkpoint = formatNote({
    text,
    signatures: SIGNERS.map((one) => one.sign(text, Date.parse(SEALED_AT) / 1_000)),
  });
  const tlogProof = formatTlogProof({ extra: undefined, index: before, hashes, checkpoint });
  return async (position: number): Promise<EntryProof> => ({
    ...{ v: 1, kind: 'entry-proof', tenant: 'acme', chain: 3, position, leafHash: toHex(leafHash(entry(position))) },
    inclusion: {
      size,
      root: encodeBase64(root),
      proof: (await proveInclusion(chain, position, size)).map(encodeBase64),
    },
    digest: Buffer.from(digest).toString(),
    log: { index: before, size: logSize, root: encodeBase64(logRoot), proof: hashes.map(encodeBase64) },
    checkpoint: Buffer.from(checkpoint).toString(),
    tlogProof: Buffer.from(tlogProof).toString(),
  });
}
