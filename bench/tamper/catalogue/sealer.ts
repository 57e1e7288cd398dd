import { leafHash, nextLink } from '../../../core/chain.ts';
import { fromHex, HASH_BYTES, toHex } from '../../../core/crypto.ts';
import type { ChainHead, Digest } from '../../../core/documents/digest.ts';
import { CompactRange } from '../../../core/merkle/compact.ts';
import { checkpointKey } from '../../../names/log.ts';
import type { BundleFiles } from '../bundles.ts';
import type { BundleMutation, Expected, Place } from '../mutation.ts';
import { type ResealOptions, renamed, reseal } from '../reseal.ts';
import { at, inBundle, ofDigest, WITHOUT_DIGEST } from './shape.ts';

type Rewrite = (digests: readonly Digest[], files: BundleFiles) => readonly Digest[];

const altered = (...places: Place[]): Expected => ({ verdict: 'altered', at: places });

/** The newest seal made anew, under the log's own signatures: what was sealed before stays as it was. */
function resealed(name: string, does: string, expected: Expected, rewrite: Rewrite, options: ResealOptions = {}): BundleMutation {
  return inBundle(
    `resealed-${name}`,
    does,
    expected,
    (files, bundles) => reseal(files, bundles, (digests) => rewrite(digests, files), options),
    { attacker: 'sealer' },
  );
}

const newest = (change: (digest: Digest, before: Digest) => Digest): Rewrite => {
  return (digests) => digests.with(-1, change(digests.at(-1)!, digests.at(-2)!));
};
const head = (digest: Digest, chain: number, change: Partial<ChainHead>): Digest => ({
  ...digest,
  chains: digest.chains.map((one) => (one.chain === chain ? { ...one, ...change } : one)),
});
const headOf = (digest: Digest, chain: number) => digest.chains.find((one) => one.chain === chain)!;

export const SEALER: readonly BundleMutation[] = [
  resealed('chain-shrunk', 'seals that a chain has become shorter', { verdict: 'altered', at: [{ ...ofDigest('chain-shrunk', 3), chain: 1 }], also: [{ code: 'coverage-overlap', chain: 1 }, { code: 'ends-early', chain: 1 }, { code: 'body-inserted', chain: 1 }, { code: 'body-repeated', chain: 1 }, { code: 'skeleton-missing', chain: 1 }] }, newest((digest) => head(digest, 1, { size: 60 }))),
  resealed('chain-vanished', 'seals that there never was a second chain', { verdict: 'altered', at: [{ ...ofDigest('chain-vanished', 3), chain: 1 }], also: [{ code: 'ends-early', chain: 1 }, { code: 'skeleton-missing', chain: 1 }, { code: 'body-inserted', chain: 1 }] }, newest((digest) => ({ ...digest, chains: digest.chains.slice(0, 1) }))),
  resealed('chain-unchanged', 'seals another root of a chain that got no entry', { verdict: 'altered', at: [{ ...ofDigest('chain-unchanged', 3), chain: 1 }], also: [{ code: 'coverage-overlap', chain: 1 }, { code: 'ends-early', chain: 1 }, { code: 'skeleton-missing', chain: 1 }, { code: 'body-inserted', chain: 1, first: 75 }, { code: 'body-repeated', chain: 1, first: 75 }] }, newest((digest, before) => head(digest, 1, { ...headOf(before, 1), root: '00'.repeat(32) }))),
  resealed('chain-restarted', 'seals a chain that begins anew, entries and hashes', altered(...[0, 25, 50, 75].map((first) => at('run-altered', first, first + 24, 1))), restart),
  resealed('root-only', 'seals another root', altered({ ...at('head-root', 75, 99, 1), digest: 3 }), newest((digest) => head(digest, 1, { root: '00'.repeat(32) }))),
  resealed('link-only', 'seals another link', altered({ ...at('head-link', 75, 99, 1), digest: 3 }), newest((digest) => head(digest, 1, { link: '00'.repeat(32) }))),
  resealed('number-skipped', 'leaves out a number', { verdict: 'missing', at: [ofDigest('digest-number', 4)] }, newest((digest) => ({ ...digest, number: 4 }))),
  resealed('number-repeated', 'gives two digests one number', { verdict: 'missing', at: [ofDigest('digest-number', 2)], also: [{ code: 'ends-early' }] }, newest((digest) => ({ ...digest, number: 2 }))),
  resealed('previous-forgotten', 'names another digest as the one before', altered(ofDigest('digest-previous', 3)), newest((digest) => ({ ...digest, previous: '00'.repeat(32) })), { keepPrevious: true }),
  resealed('late', 'seals a day late', { verdict: 'incomplete', at: [ofDigest('digest-late', 3)] }, newest((digest) => ({ ...digest, sealedAt: '2026-03-06T00:10:00.000Z' }))),
  resealed('backdated', 'seals that the seal was made before the one before', { verdict: 'altered', at: [ofDigest('digest-order', 3)], also: [{ code: 'ends-early' }] }, newest((digest) => ({ ...digest, sealedAt: '2026-03-03T12:00:00.000Z' }))),
  resealed('seal-number-back', 'gives a seal an older number', { verdict: 'altered', at: [ofDigest('digest-order', 3), ofDigest('document-foreign', 3)], also: WITHOUT_DIGEST }, newest((digest) => ({ ...digest, seal: 1 }))),
  resealed('for-another-log', 'seals for another log', { verdict: 'altered', at: [ofDigest('digest-log', 3)], also: WITHOUT_DIGEST }, newest((digest) => ({ ...digest, log: 'log.example/another' }))),
  resealed('at-another-time', 'signs at another time than it seals', { verdict: 'truncated', at: [ofDigest('digest-not-newest', 3)] }, newest((digest) => digest), { timestamp: Date.parse('2026-03-05T12:00:00.000Z') / 1_000 }),
  resealed('position-nowhere', 'lists a position nowhere', { verdict: 'missing', at: [at('coverage-gap', 75, 75, 1)] }, (digests, files) =>
    renamed(files, digests, { list: (list) => (list.chain === 1 ? { ...list, segments: list.segments.map((one) => (one.first === 75 ? { ...one, positions: '76-94' } : one)) } : list) }),
  ),
  resealed('position-twice', 'lists a position in two segments', altered(at('coverage-overlap', 95, 95, 1)), (digests, files) =>
    renamed(files, digests, { list: (list) => (list.chain === 1 ? { ...list, segments: list.segments.map((one) => (one.first === 75 ? { ...one, positions: '75-95', last: 95 } : one)) } : list) }),
  ),
  resealed('list-short', 'lists less than it seals', { verdict: 'missing', at: [at('coverage-gap', 95, 99, 1)] }, (digests, files) =>
    renamed(files, digests, { list: (list) => (list.chain === 1 ? { ...list, through: 95, segments: list.segments.slice(0, 1) } : list) }),
  ),
  resealed('list-of-another-tenant', 'lists another tenant’s segments', { verdict: 'altered', at: [{ code: 'document-foreign', object: /^lists\/.*\/01-/ }] }, (digests, files) =>
    renamed(files, digests, { list: (list) => (list.chain === 1 ? { ...list, tenant: 'umbra' } : list) }),
  ),
  resealed('list-of-another-seal', 'lists the segments of another seal', { verdict: 'altered', at: [{ code: 'document-foreign', object: /^lists\/.*\/01-/ }] }, (digests, files) =>
    renamed(files, digests, { list: (list) => (list.chain === 1 ? { ...list, seal: 2 } : list) }),
  ),
  resealed('tombstone-early', 'buries what is kept for a month, and removes it', { verdict: 'altered', at: [{ code: 'early-expiry', tenant: 'acme', chain: 1, first: 25, last: 44 }, at('body-missing', 25, 44, 1)], also: [{ code: 'early-expiry', chain: 0 }, { code: 'body-missing', chain: 0 }] }, bury({ category: 'data_access', retention: 'P1D' })),
  resealed('tombstone-of-what-is-held', 'buries what is under legal hold, and removes it', { verdict: 'altered', at: [{ code: 'held-expiry', tenant: 'acme', chain: 0, first: 330, last: 409 }], also: [{ code: 'body-missing', chain: 0 }] }, bury({ category: 'error', retention: 'P1D' })),
  resealed('tombstone-of-a-planted-version', 'buries a version that no seal names, and removes the one that they do', { verdict: 'missing', at: [{ code: 'body-missing', tenant: 'acme', chain: 0 }] }, (digests, files) =>
    renamed(files, digests, { tombstone: (one) => ({ ...one, segments: one.segments.map((segment) => ({ ...segment, object: { ...segment.object, version: 'planted' } })) }) }),
  ),
  resealed('tombstone-of-another-hash', 'buries a version by another hash', { verdict: 'altered', at: [{ code: 'tombstone-foreign', tenant: 'acme', chain: 0 }, { code: 'body-missing', chain: 0 }] }, (digests, files) =>
    renamed(files, digests, { tombstone: (one) => ({ ...one, segments: one.segments.map((segment) => ({ ...segment, object: { ...segment.object, sha256: '00'.repeat(32) } })) }) }),
  ),
  resealed('tombstone-of-another-tenant', 'seals another tenant’s tombstone', { verdict: 'altered', at: [{ code: 'document-foreign', object: /^tombstones\// }, { code: 'body-missing', chain: 0 }] }, (digests, files) =>
    renamed(files, digests, { tombstone: (one) => ({ ...one, tenant: 'umbra' }) }),
  ),
  resealed('tombstone-counter-back', 'counts tombstones back', altered({ code: 'slot-number', tenant: 'acme', digest: 3 }), (digests, files) =>
    renamed(files, digests, { contents: (contents) => ({ ...contents, nextTombstone: 0 }) }),
  ),
  {
    ...resealed('entry-edited', 'changes an entry of the newest seal and every hash over it, and signs again', altered({ code: 'checkpoint-forked', seal: 3 }), editEverything),
    known: ({ acme }) => acme.world.store.object(checkpointKey(3)).bytes,
    expected: { trusted: altered({ code: 'checkpoint-forked', tenant: 'acme', seal: 3 }) },
  },
];

/** Whatever of the day before is of the category is named by the newest tombstone, and its bodies go. */
function bury({ category, retention }: { category: string; retention: string }): Rewrite {
  return (digests, files) => {
    const lists = files.documents('segments').map((path) => JSON.parse(files.text(path)));
    const segments = lists
      .filter((list) => list.seal === 1)
      .flatMap((list) => list.segments.map((segment: object) => ({ ...segment, chain: list.chain })))
      .filter((segment) => segment.category === category);
    const buried = segments.map(({ object, chain, day, first, last }) => ({ object, chain, day, first, last }));
    for (const { chain, positions } of segments) removeBodies(files, chain, positions);
    return renamed(files, digests, { tombstone: (one) => ({ ...one, category, retention, segments: buried }) });
  };
}

function removeBodies(files: BundleFiles, chain: number, positions: string): void {
  const wanted = positions.split(',').flatMap((run) => {
    const [first, last = first] = run.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  const lines = new Set(wanted.map((position) => files.lineOf(chain, position)));
  files.editEntries(chain, (all) => all.filter((_, i) => !lines.has(i)));
}

/** The second chain of entries that nobody recorded, with tiles, root and link that follow from them. */
function restart(digests: readonly Digest[], files: BundleFiles): readonly Digest[] {
  files.editEntries(1, (lines) => lines.map((line) => line.replace('Zoë', 'Eve')));
  return digests.with(-1, head(digests.at(-1)!, 1, rehash(files, 0, '')));
}

/** One value in the newest seal, and everything over it. */
function editEverything(digests: readonly Digest[], files: BundleFiles): readonly Digest[] {
  files.editEntries(1, (lines) => lines.with(90, lines[90]!.replace('Zoë', 'Eve')));
  return digests.with(-1, head(digests.at(-1)!, 1, rehash(files, 75, headOf(digests.at(-2)!, 1).link)));
}

/** Leaf hashes of the second chain's entries as they stand now, and the root and link that follow. */
function rehash(files: BundleFiles, from: number, linkBefore: string): Partial<ChainHead> {
  const leaves = files.entries(1).map((line) => leafHash(new TextEncoder().encode(line)));
  files.set(files.tileAt(1, 0, 0), Buffer.concat(leaves));
  const range = new CompactRange();
  for (const leaf of leaves) range.append(leaf);
  let link = linkBefore === '' ? new Uint8Array(HASH_BYTES) : fromHex(linkBefore);
  for (const leaf of leaves.slice(from)) link = nextLink(link, leaf);
  return { root: toHex(range.root()), link: toHex(link) };
}
