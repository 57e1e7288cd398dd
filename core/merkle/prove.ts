// Makes proofs of inclusion and of consistency.
import { ProofError } from './error.ts';
import { checkHash, foldRight } from './hash.ts';
import { consistencyPath, inclusionPath, type NodeId, nodesOf, type Span } from './path.ts';
import { checkSize } from './size.ts';

/**
 * Where hashes of perfect subtrees come from. Asked once a proof for all that it needs, so that a source over tiles
 * can fetch them side by side. Answers in the order asked, one hash each; throws when it can't. A source may lie: the
 * proof then does not verify.
 */
export interface NodeSource {
  nodes(ids: readonly NodeId[]): Promise<readonly Uint8Array[]>;
}

export function proveInclusion(source: NodeSource, index: number, size: number): Promise<Uint8Array[]> {
  return hashSpans(source, inclusionPath(index, size));
}

export function proveConsistency(source: NodeSource, older: number, newer: number): Promise<Uint8Array[]> {
  const { seed, siblings } = consistencyPath(older, newer);
  return hashSpans(source, seed === undefined ? siblings : [seed, ...siblings]);
}

/** The root of the source's first `size` leaves, which may be fewer than it has. */
export async function treeRoot(source: NodeSource, size: number): Promise<Uint8Array> {
  checkSize(size);
  return (await hashSpans(source, [{ begin: 0, end: size }]))[0]!;
}

async function hashSpans(source: NodeSource, spans: readonly Span[]): Promise<Uint8Array[]> {
  const wanted = spans.map(nodesOf);
  const ids = wanted.flat();
  const hashes = ids.length === 0 ? [] : await source.nodes(ids);
  if (hashes.length !== ids.length) {
    throw new ProofError('node', `got ${hashes.length} hashes from the source, want ${ids.length}`);
  }
  for (const hash of hashes) checkHash(hash, 'a node');
  let taken = 0;
  return wanted.map(({ length }) => {
    taken += length;
    return foldRight(hashes.slice(taken - length, taken));
  });
}
