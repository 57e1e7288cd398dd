// Signs a log anew over changed digests.
import { documentFile, FILES } from '../../core/bundle/files.ts';
import { leafHash } from '../../core/chain.ts';
import { formatCheckpoint } from '../../core/checkpoint/body.ts';
import { toHex } from '../../core/crypto.ts';
import { CONTENTS, type Contents } from '../../core/documents/contents.ts';
import { DIGEST, type Digest } from '../../core/documents/digest.ts';
import { SEGMENT_LIST, type SegmentList } from '../../core/documents/segments.ts';
import { TOMBSTONE, type Tombstone } from '../../core/documents/tombstone.ts';
import { CompactRange } from '../../core/merkle/compact.ts';
import { proveConsistency, proveInclusion } from '../../core/merkle/prove.ts';
import { formatNote } from '../../core/note/note.ts';
import { MemoryNodes } from '../../test/support/memory-nodes.ts';
import type { BundleFiles, Bundles } from './bundles.ts';
import { ORIGIN } from './world.ts';

export interface ResealOptions {
  /** Of the checkpoint's cosignature; otherwise that of the newest digest. */
  readonly timestamp?: number;
  /** Digests keep naming the one before as they did. */
  readonly keepPrevious?: boolean;
}

/** A log signed anew over digests that say what one likes: what only the deployment itself can do. */
export async function reseal(
  files: BundleFiles,
  { umbra, acme }: Bundles,
  change: (digests: readonly Digest[]) => readonly Digest[],
  { timestamp, keepPrevious = false }: ResealOptions = {},
): Promise<void> {
  const others = (await umbra.open()).digests;
  const leaves: Uint8Array[] = [];
  for (const { index, bytes } of [...files.digests, ...others]) leaves[index] = bytes;
  let previous: string | undefined;
  const digests = change(files.digests.map(({ bytes }) => DIGEST.parse(bytes))).map((digest) => {
    const linked = previous === undefined || keepPrevious ? digest : { ...digest, previous };
    leaves[digest.index] = DIGEST.format(linked);
    previous = toHex(leafHash(leaves[digest.index]!));
    return linked;
  });
  const hashes = leaves.map(leafHash);
  const nodes = new MemoryNodes(hashes);
  const size = leaves.length;
  files.setDigests(
    await Promise.all(
      digests.map(async ({ index }) => ({
        bytes: leaves[index]!,
        index,
        proof: await proveInclusion(nodes, index, size),
      })),
    ),
  );
  files.setSeals(
    await Promise.all(
      files.seals.map(async (seal) => ({
        ...{ seal: seal.seal, size: seal.size, root: rootOf(hashes.slice(0, seal.size)) },
        proof: await proveConsistency(nodes, seal.size, size),
      })),
    ),
  );
  const text = formatCheckpoint({ origin: ORIGIN, size, root: rootOf(hashes), extensions: [] });
  const seconds = timestamp ?? Math.floor(Date.parse(digests.at(-1)!.sealedAt) / 1_000);
  files.set(
    FILES.checkpoint,
    formatNote({ text, signatures: acme.world.signers.map((one) => one.sign(text, seconds)) }),
  );
}

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const range = new CompactRange();
  for (const hash of hashes) range.append(hash);
  return range.root();
}

interface Documents {
  readonly contents?: (contents: Contents) => Contents;
  readonly list?: (list: SegmentList) => SegmentList;
  readonly tombstone?: (tombstone: Tombstone) => Tombstone;
}

/** Changes what the newest digest names, and names it by its new hash. */
export function renamed(files: BundleFiles, digests: readonly Digest[], change: Documents): readonly Digest[] {
  const newest = digests.at(-1)!;
  const path = documentFile(newest.contents!.sha256);
  const contents = CONTENTS.parse(files.get(path));
  const changed = {
    ...contents,
    segments: contents.segments.map((ref) => rewritten(files, ref, SEGMENT_LIST, change.list)),
    tombstones: contents.tombstones.map((ref) => rewritten(files, ref, TOMBSTONE, change.tombstone)),
  };
  const ref = rewritten(
    files.set(path, CONTENTS.format(changed)),
    newest.contents!,
    CONTENTS,
    change.contents ?? ((one) => one),
  );
  return digests.with(-1, { ...newest, contents: ref });
}

function rewritten<Document>(
  files: BundleFiles,
  ref: Contents['segments'][number],
  codec: { parse(bytes: Uint8Array): Document; format(document: Document): Uint8Array },
  change: ((document: Document) => Document) | undefined,
): Contents['segments'][number] {
  if (change === undefined) return ref;
  const path = documentFile(ref.sha256);
  const bytes = codec.format(change(codec.parse(files.get(path))));
  files.delete(path);
  return { ...ref, sha256: files.addDocument(new TextDecoder().decode(bytes)), bytes: bytes.length };
}
