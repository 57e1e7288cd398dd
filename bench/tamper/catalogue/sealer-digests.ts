// Mutations by somebody who can sign: digests.
import { FILES } from '../../../core/bundle/files.ts';
import { leafHash, nextLink } from '../../../core/chain.ts';
import { fromHex, HASH_BYTES, toHex } from '../../../core/crypto.ts';
import type { ChainHead, Digest } from '../../../core/documents/digest.ts';
import { CompactRange } from '../../../core/merkle/compact.ts';
import { checkpointKey } from '../../../names/log.ts';
import type { BundleFiles } from '../bundles.ts';
import type { BundleMutation } from '../mutation.ts';
import { altered, at, ofDigest, type Rewrite, resealed, WITHOUT_DIGEST, withHead } from './shape.ts';

const newest = (change: (digest: Digest, before: Digest) => Digest): Rewrite => {
  return (digests) => digests.with(-1, change(digests.at(-1)!, digests.at(-2)!));
};
export const headOf = (digest: Digest, chain: number) => digest.chains.find((one) => one.chain === chain)!;

/** The newest digest, sealed anew. */
export const SEALER_DIGESTS: readonly BundleMutation[] = [
  resealed(
    'chain-shrunk',
    'seals that a chain has become shorter',
    {
      verdict: 'altered',
      at: [{ ...ofDigest('chain-shrunk', 3), chain: 1 }],
      also: [
        { code: 'coverage-overlap', chain: 1 },
        { code: 'ends-early', chain: 1 },
        { code: 'body-inserted', chain: 1 },
        { code: 'body-repeated', chain: 1 },
        { code: 'skeleton-missing', chain: 1 },
      ],
    },
    newest((digest) => withHead(digest, 1, { size: 60 })),
  ),
  resealed(
    'chain-vanished',
    'seals that there never was a second chain',
    {
      verdict: 'altered',
      at: [{ ...ofDigest('chain-vanished', 3), chain: 1 }],
      also: [
        { code: 'ends-early', chain: 1 },
        { code: 'skeleton-missing', chain: 1 },
        { code: 'body-inserted', chain: 1 },
      ],
    },
    newest((digest) => ({ ...digest, chains: digest.chains.slice(0, 1) })),
  ),
  resealed(
    'chain-unchanged',
    'seals another root of a chain that got no entry',
    {
      verdict: 'altered',
      at: [{ ...ofDigest('chain-unchanged', 3), chain: 1 }],
      also: [
        { code: 'coverage-overlap', chain: 1 },
        { code: 'ends-early', chain: 1 },
        { code: 'skeleton-missing', chain: 1 },
        { code: 'body-inserted', chain: 1, first: 75 },
        { code: 'body-repeated', chain: 1, first: 75 },
      ],
    },
    newest((digest, before) => withHead(digest, 1, { ...headOf(before, 1), root: '00'.repeat(32) })),
  ),
  resealed(
    'chain-restarted',
    'seals a chain that begins anew, entries and hashes',
    altered(...[0, 25, 50, 75].map((first) => at('run-altered', first, first + 24, 1))),
    restart,
  ),
  resealed(
    'root-only',
    'seals another root',
    altered({ ...at('head-root', 75, 99, 1), digest: 3 }),
    newest((digest) => withHead(digest, 1, { root: '00'.repeat(32) })),
  ),
  resealed(
    'link-only',
    'seals another link',
    altered({ ...at('head-link', 75, 99, 1), digest: 3 }),
    newest((digest) => withHead(digest, 1, { link: '00'.repeat(32) })),
  ),
  resealed(
    'number-skipped',
    'leaves out a number',
    { verdict: 'missing', at: [ofDigest('digest-number', 4)] },
    (digests, files) => {
      files.edit(FILES.manifest, (text) => text.replace('"last":3', '"last":4'));
      return digests.with(-1, { ...digests.at(-1)!, number: 4 });
    },
  ),
  resealed(
    'number-repeated',
    'gives two digests one number',
    { verdict: 'missing', at: [ofDigest('digest-number', 2)], also: [{ code: 'ends-early' }] },
    newest((digest) => ({ ...digest, number: 2 })),
  ),
  resealed(
    'previous-forgotten',
    'names another digest as the one before',
    altered(ofDigest('digest-previous', 3)),
    newest((digest) => ({ ...digest, previous: '00'.repeat(32) })),
    { keepPrevious: true },
  ),
  resealed(
    'late',
    'seals a day late',
    { verdict: 'incomplete', at: [ofDigest('digest-late', 3)] },
    newest((digest) => ({ ...digest, sealedAt: '2026-03-06T00:10:00.000Z' })),
  ),
  resealed(
    'backdated',
    'seals that the seal was made before the one before',
    {
      verdict: 'altered',
      at: [ofDigest('digest-order', 3), ofDigest('digest-ahead', 2), ofDigest('event-ahead', 3)],
      also: [{ code: 'ends-early' }, { code: 'entry-ahead', digest: 3 }, { code: 'body-missing', chain: 0 }],
    },
    newest((digest) => ({ ...digest, sealedAt: '2026-03-03T12:00:00.000Z' })),
  ),
  resealed(
    'seal-number-back',
    'gives a seal an older number',
    {
      verdict: 'altered',
      at: [ofDigest('digest-order', 3), ofDigest('document-foreign', 3), { code: 'seals-inconsistent', seal: 3 }],
      also: WITHOUT_DIGEST,
    },
    newest((digest) => ({ ...digest, seal: 1 })),
  ),
  resealed(
    'for-another-log',
    'seals for another log',
    { verdict: 'altered', at: [ofDigest('digest-log', 3)], also: WITHOUT_DIGEST },
    newest((digest) => ({ ...digest, log: 'log.example/another' })),
  ),
  resealed(
    'at-another-time',
    'signs at another time than it seals',
    { verdict: 'truncated', at: [ofDigest('digest-not-newest', 3)] },
    newest((digest) => digest),
    { timestamp: Date.parse('2026-03-05T12:00:00.000Z') / 1_000 },
  ),
  {
    ...resealed(
      'entry-edited',
      'changes an entry of the newest seal and every hash over it, and signs again',
      altered({ code: 'checkpoint-forked', seal: 3 }),
      editEverything,
    ),
    known: ({ acme }) => acme.world.store.object(checkpointKey(3)).bytes,
    expected: { trusted: altered({ code: 'checkpoint-forked', tenant: 'acme', seal: 3 }) },
  },
];

/** The second chain of entries that nobody recorded, with tiles, root and link that follow from them. */
function restart(digests: readonly Digest[], files: BundleFiles): readonly Digest[] {
  files.editEntries(1, (lines) => lines.map((line) => line.replace('Zoë', 'Eve')));
  return digests.with(-1, withHead(digests.at(-1)!, 1, rehash(files, 0, '')));
}

/** One value in the newest seal, and everything over it. */
function editEverything(digests: readonly Digest[], files: BundleFiles): readonly Digest[] {
  files.editEntries(1, (lines) => lines.with(90, lines[90]!.replace('Zoë', 'Eve')));
  return digests.with(-1, withHead(digests.at(-1)!, 1, rehash(files, 75, headOf(digests.at(-2)!, 1).link)));
}

/** Leaf hashes of the second chain's entries as they stand now, and the root and link that follow. */
export function rehash(files: BundleFiles, from: number, linkBefore: string): Partial<ChainHead> {
  const leaves = files.entries(1).map((line) => leafHash(new TextEncoder().encode(line)));
  files.set(files.tileAt(1, 0, 0), Buffer.concat(leaves));
  const range = new CompactRange();
  for (const leaf of leaves) range.append(leaf);
  let link = linkBefore === '' ? new Uint8Array(HASH_BYTES) : fromHex(linkBefore);
  for (const leaf of leaves.slice(from)) link = nextLink(link, leaf);
  return { root: toHex(range.root()), link: toHex(link) };
}
