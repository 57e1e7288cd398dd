// Decides what goes into a bundle: which digests, chains and documents.
import { parseCheckpoint } from '../../core/checkpoint/body.ts';
import { CONTENTS } from '../../core/documents/contents.ts';
import { type ChainHead, DIGEST, type Digest } from '../../core/documents/digest.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { SEGMENT_LIST } from '../../core/documents/segments.ts';
import { parseNote } from '../../core/note/note.ts';
import type { BundleSource } from './source.ts';

/** Days, UTC, both included; without one, from the beginning or to the end. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

/** Which digests a bundle has whole, and which positions of each chain. */
export interface BundlePlan {
  readonly log: string;
  readonly first: number;
  readonly last: number;
  readonly firstSeal: number;
  readonly chains: readonly ChainScope[];
}

export interface ChainScope {
  readonly chain: number;
  readonly size: number;
  readonly from: number;
  through: number;
}

/** There is nothing that a bundle could be made of. */
export class NothingSealed extends Error {
  override readonly name = 'NothingSealed';
  readonly code = 'nothing-sealed';
}

/** Reads the digests once to find where the bundle begins, and what the tree of each chain is at both ends. */
export async function planBundle(source: BundleSource, { from }: Period): Promise<BundlePlan> {
  let anchor: Digest | undefined;
  let first: Digest | undefined;
  let last: Digest | undefined;
  for await (const { bytes } of source.digests(0)) {
    last = DIGEST.parse(bytes);
    if (first === undefined && from !== undefined && last.sealedAt < `${from}T00:00:00.000Z`) anchor = last;
    else first ??= last;
  }
  if (first === undefined || last === undefined) {
    throw new NothingSealed(from === undefined ? 'no digest was sealed yet' : `no digest was sealed since ${from}`);
  }
  const { origin } = parseCheckpoint(parseNote(source.checkpoint).text);
  const begins = (head: ChainHead) => anchor?.chains.find(({ chain }) => chain === head.chain)?.size ?? 0;
  return {
    ...{ log: origin, first: first.number, last: last.number, firstSeal: first.seal },
    chains: last.chains.map((head) => {
      const begin = begins(head);
      return { chain: head.chain, size: head.size, from: begin, through: begin };
    }),
  };
}

/** What a digest names, each with its bytes; moves the ends of the chains' scopes over what the period needs. */
export async function* namedDocuments(
  digest: Digest,
  source: BundleSource,
  plan: BundlePlan,
  { to }: Period,
): AsyncGenerator<{ ref: ObjectRef; bytes: Uint8Array }> {
  if (digest.contents === undefined) return;
  const contents = await source.document(digest.contents);
  if (contents === undefined) return;
  yield { ref: digest.contents, bytes: contents };
  const { segments, tombstones, holds } = CONTENTS.parse(contents);
  for (const ref of segments) {
    const bytes = await source.document(ref);
    if (bytes === undefined) continue;
    yield { ref, bytes };
    widen(digest, plan, bytes, to);
  }
  for (const ref of [...tombstones, ...holds]) {
    const bytes = await source.document(ref);
    if (bytes !== undefined) yield { ref, bytes };
  }
}

function widen(digest: Digest, plan: BundlePlan, bytes: Uint8Array, to: string | undefined): void {
  const { chain, segments } = SEGMENT_LIST.parse(bytes);
  if (to !== undefined && !segments.some(({ day }) => day <= to)) return;
  const scope = plan.chains.find((one) => one.chain === chain);
  const size = digest.chains.find((head) => head.chain === chain)?.size;
  if (scope !== undefined && size !== undefined) scope.through = Math.max(scope.through, size);
}
