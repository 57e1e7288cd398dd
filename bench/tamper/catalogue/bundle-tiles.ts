// Mutations of a bundle: tiles.
import { entriesFile, tileFile } from '../../../core/bundle/files.ts';
import { leafHash } from '../../../core/chain.ts';
import { HASH_BYTES, sha256 } from '../../../core/crypto.ts';
import type { BundleFiles } from '../bundles.ts';
import type { BundleMutation } from '../mutation.ts';
import { altered, at, type Change, inBundle } from './shape.ts';

/** In the newest seal and the tile that is not full; in the second full tile; in a segment that has expired. */
const [PARTIAL, FULL, EXPIRED] = [560, 340, 40];
/** What the newest seal added. */
const [NEW_FIRST, NEW_LAST] = [523, 627];
/** The seal that FULL is in: since part of it has expired, nothing smaller can prove itself. */
const [OLD_FIRST, OLD_LAST] = [302, 412];

const leafTile = (chain: number, position: number) => (files: BundleFiles) =>
  files.tileAt(chain, 0, Math.floor(position / 256));

function setLeaf(files: BundleFiles, position: number, hash: Uint8Array, chain = 0): void {
  const path = leafTile(chain, position)(files);
  const tile = files.get(path).slice();
  tile.set(hash, (position % 256) * HASH_BYTES);
  files.set(path, tile);
}

const otherHash = sha256(Uint8Array.of(7));
const flipLeaf =
  (position: number): Change =>
  (files) =>
    setLeaf(files, position, otherHash);

/** The entry edited, and its leaf with it, as somebody does who knows what is compared. */
const editWithLeaf = (position: number): Change => {
  return (files) => {
    const line = files.lineOf(0, position);
    const text = files.entries(0)[line]!.replace('Zoë', 'Eve');
    files.editEntries(0, (lines) => lines.with(line, text));
    setLeaf(files, position, leafHash(new TextEncoder().encode(text)));
  };
};

function swapLeaves(files: BundleFiles, position: number): void {
  const [one, other] = [files.leaf(0, position).slice(), files.leaf(0, position + 1).slice()];
  setLeaf(files, position, other);
  setLeaf(files, position + 1, one);
}

const NODES = 'chains/0/tile/1/000.p/2';

export const BUNDLE_TILES: readonly BundleMutation[] = [
  inBundle(
    'leaf-altered',
    'changes a leaf hash; the entry itself proves what it was',
    altered(at('skeleton-altered', PARTIAL)),
    flipLeaf(PARTIAL),
  ),
  inBundle(
    'leaf-altered-full-tile',
    'changes a leaf hash of a full tile',
    altered(at('run-altered', OLD_FIRST, OLD_LAST)),
    flipLeaf(FULL),
  ),
  inBundle(
    'leaf-altered-expired',
    'changes the leaf hash of an entry that is gone',
    altered(at('run-altered', 0, 255), at('nodes-altered', 0, 255)),
    flipLeaf(EXPIRED),
  ),
  inBundle(
    'leaf-and-entry-altered',
    'changes an entry and its hash',
    altered(at('run-altered', NEW_FIRST, NEW_LAST)),
    editWithLeaf(PARTIAL),
  ),
  inBundle(
    'leaf-and-entry-altered-full-tile',
    'changes an entry and its hash in a full tile',
    altered(at('run-altered', OLD_FIRST, OLD_LAST)),
    editWithLeaf(FULL),
  ),
  inBundle(
    'leaf-entry-and-node-altered',
    'changes an entry, its hash and the node over them',
    altered({ code: 'run-altered', chain: 0 }),
    async (files, bundles) => {
      await editWithLeaf(FULL)(files, bundles);
      const nodes = files.get(NODES).slice();
      nodes.set(tileRootOf(files.get('chains/0/tile/0/001')), HASH_BYTES);
      files.set(NODES, nodes);
    },
  ),
  inBundle(
    'entries-swapped-with-leaves',
    'lets two neighbours and their hashes change places',
    altered(at('run-altered', NEW_FIRST, NEW_LAST)),
    (files) => {
      const line = files.lineOf(0, PARTIAL);
      files.editEntries(0, (lines) => lines.with(line, lines[line + 1]!).with(line + 1, lines[line]!));
      swapLeaves(files, PARTIAL);
    },
  ),
  inBundle(
    'leaves-swapped',
    'lets two leaf hashes change places',
    altered(at('skeleton-altered', PARTIAL, PARTIAL + 1)),
    (files) => swapLeaves(files, PARTIAL),
  ),
  inBundle(
    'node-altered',
    'changes an inner node',
    altered({ code: 'nodes-altered', chain: 0, first: 256, last: 511, object: /^tile\/1\/000/ }),
    (files) => {
      const nodes = files.get(NODES).slice();
      nodes[HASH_BYTES]! ^= 1;
      files.set(NODES, nodes);
    },
  ),
  inBundle(
    'node-tile-removed',
    'leaves out the inner nodes',
    { verdict: 'incomplete', at: [{ code: 'nodes-missing', chain: 0, object: /^tile\/1\/000/ }] },
    (files) => files.delete(NODES),
  ),
  inBundle(
    'leaf-tile-removed',
    'leaves out a full tile of leaf hashes',
    {
      verdict: 'incomplete',
      at: [{ code: 'skeleton-missing', chain: 0, first: 302, last: 412 }],
      also: [
        { code: 'skeleton-missing', chain: 0 },
        { code: 'nodes-missing', chain: 0 },
        { code: 'run-unproven', chain: 0, first: 0, last: 301 },
        { code: 'run-unproven', chain: 0, first: 302, last: 412 },
      ],
    },
    (files) => files.delete('chains/0/tile/0/001'),
  ),
  inBundle(
    'leaf-tile-shortened',
    'cuts a hash from a tile',
    { verdict: 'incomplete', at: [{ code: 'skeleton-missing', chain: 1 }], also: [] },
    (files) => {
      const path = leafTile(1, 0)(files);
      files.set(path, files.get(path).subarray(0, -HASH_BYTES));
    },
  ),
  inBundle(
    'leaf-tile-lengthened',
    'appends a hash to a tile',
    { verdict: 'incomplete', at: [{ code: 'skeleton-missing', chain: 1 }], also: [] },
    (files) => {
      const path = leafTile(1, 0)(files);
      files.set(path, Buffer.concat([files.get(path), otherHash]));
    },
  ),
  inBundle(
    'tiles-swapped',
    'lets two tiles change places',
    {
      verdict: 'altered',
      at: [at('run-altered', 0, 301), at('run-altered', OLD_FIRST, OLD_LAST)],
      also: [
        { code: 'nodes-altered', chain: 0 },
        { code: 'run-altered', chain: 0 },
        { code: 'body-repeated', chain: 0 },
      ],
    },
    (files) => {
      const [zero, one] = ['chains/0/tile/0/000', 'chains/0/tile/0/001'] as const;
      const [first, second] = [files.get(zero), files.get(one)];
      files.set(zero, second).set(one, first);
    },
  ),
  inBundle(
    'tile-added',
    'puts in an older partial tile that nothing needs',
    { refused: 'unnamed-file', path: tileFile(0, 'tile/0/002.p/12') },
    (files) =>
      files.set(tileFile(0, 'tile/0/002.p/12'), files.get(leafTile(0, PARTIAL)(files)).subarray(0, 12 * HASH_BYTES)),
  ),
  inBundle(
    'tail-cut-with-leaves',
    'leaves out the newest entries and their hashes',
    {
      verdict: 'missing',
      at: [
        at('body-missing', NEW_FIRST, NEW_LAST),
        at('skeleton-missing', 512, 522),
        at('skeleton-missing', NEW_FIRST, NEW_LAST),
      ],
    },
    (files) => {
      files.editEntries(0, (lines) => lines.slice(0, -3));
      const path = leafTile(0, PARTIAL)(files);
      const tile = files.get(path);
      files
        .delete(path)
        .set(tileFile(0, `tile/0/002.p/${tile.length / HASH_BYTES - 3}`), tile.subarray(0, -3 * HASH_BYTES));
    },
  ),
  inBundle(
    'chain-restarted-in-bundle',
    'begins a chain anew, entries and hashes, from its newest seal on',
    { verdict: 'altered', at: [{ code: 'run-altered', chain: 1 }], also: [] },
    (files) => {
      const lines = files.entries(1).slice(75);
      files.setLines(entriesFile(1), [...lines, ...lines, ...lines, ...lines]);
      const leaves = files.get(leafTile(1, 0)(files)).subarray(75 * HASH_BYTES);
      files.set(leafTile(1, 0)(files), Buffer.concat([leaves, leaves, leaves, leaves]));
    },
  ),
];

function tileRootOf(tile: Uint8Array): Uint8Array {
  let level = tile;
  while (level.length > HASH_BYTES) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2 * HASH_BYTES) {
      above.push(sha256(Uint8Array.of(1), level.subarray(i, i + 2 * HASH_BYTES)));
    }
    level = Buffer.concat(above);
  }
  return level;
}
