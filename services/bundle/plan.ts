// Decides what goes into a bundle: which digests, chains and documents.
import { parseCheckpoint } from '../../core/checkpoint/body.ts';
import { CONTENTS } from '../../core/documents/contents.ts';
import { type ChainHead, DIGEST, type Digest } from '../../core/documents/digest.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { SEGMENT_LIST } from '../../core/documents/segments.ts';
import { parseNote } from '../../core/note/note.ts';
import { type AheadBound, readAhead } from '../verify/read-ahead.ts';
import { Cuts } from './cuts.ts';
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
  /** Where its bodies are asked for in parts. */
  readonly cuts: Cuts;
}

/** There is nothing that a bundle could be made of. */
export class NothingSealed extends Error {
  override readonly name = 'NothingSealed';
  readonly code = 'nothing-sealed';
}

/** Reads the digests once to find where the bundle begins, and what the tree of each chain is at both ends. */
export async function planBundle(source: BundleSource, { from }: Period, cuts = () => new Cuts()): Promise<BundlePlan> {
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
      return { chain: head.chain, size: head.size, from: begin, through: begin, cuts: cuts() };
    }),
  };
}

/** Documents under way or read and not written yet: most have some kilobytes, some lists many megabytes. */
const DOCUMENTS_AHEAD: AheadBound = { requests: 8, bytes: 64 * 1024 * 1024 };

/**
 * What digests name, each document once and with its bytes, some read before their turn; moves the ends of the chains'
 * scopes over what the period needs. With `placesOnly`, those alone that say where entries are.
 */
export async function* namedDocuments(
  source: BundleSource,
  plan: BundlePlan,
  { to }: Period,
  placesOnly = false,
): AsyncGenerator<{ ref: ObjectRef; bytes: Uint8Array }> {
  const read = (ref: ObjectRef) => source.document(ref);
  const digests = readAhead(digestsFrom(source, plan.first), {
    bound: DOCUMENTS_AHEAD,
    bytesOf: ({ contents }) => contents?.bytes ?? 0,
    read: async ({ contents }) => contents && read(contents),
  });
  const documents = {
    bound: DOCUMENTS_AHEAD,
    bytesOf: ({ ref }: Named) => ref.bytes,
    read: async ({ ref, bytes }: Named) => bytes ?? read(ref),
  };
  for await (const { item, value: bytes } of readAhead(namedBy(digests, placesOnly), documents)) {
    const { ref, digest, isList } = item;
    if (bytes === undefined) continue;
    yield { ref, bytes };
    if (isList) widen(digest, plan, bytes, to);
  }
}

interface Named {
  readonly digest: Digest;
  readonly ref: ObjectRef;
  readonly isList: boolean;
  /** Of contents, which are read to know the others. */
  readonly bytes?: Uint8Array;
}

async function* digestsFrom(source: BundleSource, first: number): AsyncGenerator<Digest> {
  for await (const { bytes } of source.digests(first)) yield DIGEST.parse(bytes);
}

async function* namedBy(
  digests: AsyncIterable<{ readonly item: Digest; readonly value: Uint8Array | undefined }>,
  placesOnly: boolean,
): AsyncGenerator<Named> {
  const named = new Set<string>();
  const isNew = ({ sha256 }: ObjectRef) => !named.has(sha256) && named.add(sha256);
  for await (const { item: digest, value: bytes } of digests) {
    if (digest.contents === undefined || bytes === undefined) continue;
    const { segments, tombstones, holds } = CONTENTS.parse(bytes);
    if (isNew(digest.contents)) yield { digest, ref: digest.contents, isList: false, bytes };
    for (const ref of segments) if (isNew(ref)) yield { digest, ref, isList: true };
    for (const ref of placesOnly ? [] : [...tombstones, ...holds]) if (isNew(ref)) yield { digest, ref, isList: false };
  }
}

function widen(digest: Digest, plan: BundlePlan, bytes: Uint8Array, to: string | undefined): void {
  const list = SEGMENT_LIST.parse(bytes);
  const { chain } = list;
  if (to !== undefined && !list.segments.some(({ day }) => day <= to)) return;
  const scope = plan.chains.find((one) => one.chain === chain);
  scope?.cuts.add(list);
  const size = digest.chains.find((head) => head.chain === chain)?.size;
  if (scope !== undefined && size !== undefined) scope.through = Math.max(scope.through, size);
}
