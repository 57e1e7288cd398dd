// Bundles of a sealer who writes whatever they like into what they sign: hashes, proofs and signatures fit all the same.
import { documentFile, FILES } from '../../core/bundle/files.ts';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { leafHash } from '../../core/chain.ts';
import { formatCheckpoint } from '../../core/checkpoint/body.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import type { JsonObject, JsonValue } from '../../core/json/value.ts';
import { CompactRange } from '../../core/merkle/compact.ts';
import { proveConsistency, proveInclusion } from '../../core/merkle/prove.ts';
import { encodeBase64 } from '../../core/note/base64.ts';
import { formatNote } from '../../core/note/note.ts';
import { MemoryNodes } from './memory-nodes.ts';
import { ORIGIN, type SealedTenant } from './sealed-tenant.ts';

type Files = Map<string, Uint8Array>;

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const parsed = (bytes: Uint8Array) => JSON.parse(textOf(bytes)) as JsonObject;
const encoded = (text: string) => new TextEncoder().encode(text);

/** What a sealer may write: called with each document and each digest, in the order in which they are written. */
export type Rewrite = (value: JsonObject) => JsonValue;

/** The files of a bundle of the tenant, rewritten from what digests name up to the signatures. */
export async function resealed(made: SealedTenant, files: Files, rewrite: Rewrite, seconds: number): Promise<Files> {
  const out = new Map(files);
  const refs = new Map<string, { sha256: string; bytes: number }>();
  const keep = (path: string, hash: string) => {
    const bytes = canonicalBytes(rewrite(withRefs(parsed(files.get(path)!), refs)));
    const ref = { sha256: toHex(sha256(bytes)), bytes: bytes.length };
    out.delete(path);
    out.set(documentFile(ref.sha256), bytes);
    refs.set(hash, ref);
  };
  const documents = [...files.keys()].filter((path) => path.startsWith('documents/'));
  const isContents = (path: string) => parsed(files.get(path)!).kind === 'contents';
  for (const path of documents.filter((one) => !isContents(one))) keep(path, path.slice(10, 74));
  for (const path of documents.filter(isContents)) keep(path, path.slice(10, 74));
  const leaves = await sealDigests(made, out, (digest) => rewrite(withRefs(digest, refs)));
  await signLog(made, out, leaves, seconds);
  return out;
}

/** References by hash, to what the hashes are now. */
function withRefs(value: JsonObject, refs: ReadonlyMap<string, { sha256: string; bytes: number }>): JsonObject {
  const visit = (one: JsonValue): JsonValue => {
    if (Array.isArray(one)) return one.map(visit);
    if (typeof one !== 'object' || one === null) return one;
    const ref = typeof one.sha256 === 'string' ? refs.get(one.sha256) : undefined;
    return Object.fromEntries(Object.entries({ ...one, ...ref }).map(([name, inner]) => [name, visit(inner)]));
  };
  return visit(value) as JsonObject;
}

async function sealDigests(made: SealedTenant, out: Files, rewrite: Rewrite): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = made.seals.flatMap(({ seal }) => [
    new Uint8Array(),
    ...[1, 2].map((other) => leafHash(Uint8Array.of(seal, other))),
  ]);
  const digests: { bytes: Uint8Array; index: number }[] = [];
  let previous: string | undefined;
  for (const { bytes, index } of made.digests) {
    const linked = previous === undefined ? parsed(bytes) : { ...parsed(bytes), previous };
    const written = canonicalBytes(rewrite(linked));
    leaves[index] = leafHash(written);
    previous = toHex(leaves[index]!);
    digests.push({ bytes: written, index });
  }
  const nodes = new MemoryNodes(leaves);
  const lines = digests.map(async ({ bytes, index }) => {
    const proof = (await proveInclusion(nodes, index, leaves.length)).map(encodeBase64);
    return `${textOf(canonicalBytes({ digest: textOf(bytes), index, proof }))}\n`;
  });
  out.set(FILES.digests, encoded((await Promise.all(lines)).join('')));
  return leaves;
}

async function signLog(made: SealedTenant, out: Files, leaves: readonly Uint8Array[], seconds: number): Promise<void> {
  const nodes = new MemoryNodes(leaves);
  const lines = made.seals.map(async ({ seal, size }) => {
    const proof = (await proveConsistency(nodes, size, leaves.length)).map(encodeBase64);
    const root = encodeBase64(rootOf(leaves.slice(0, size)));
    return `${textOf(canonicalBytes({ seal, size, root, proof }))}\n`;
  });
  out.set(FILES.seals, encoded((await Promise.all(lines)).join('')));
  const text = formatCheckpoint({ origin: ORIGIN, size: leaves.length, root: rootOf(leaves), extensions: [] });
  out.set(FILES.checkpoint, formatNote({ text, signatures: made.signers.map((one) => one.sign(text, seconds)) }));
}

function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const range = new CompactRange();
  for (const leaf of leaves) range.append(leaf);
  return range.root();
}
