// Checks what seals promise, computed again the slow way.
import { expect } from '@jest/globals';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { zstd } from '../../adapters/zstd.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { chainName, genesisLink, leafHash, nextLink } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import { CONTENTS, type Contents } from '../../core/documents/contents.ts';
import type { Digest } from '../../core/documents/digest.ts';
import { parsePositions } from '../../core/documents/positions.ts';
import { SEGMENT_LIST, type SegmentList } from '../../core/documents/segments.ts';
import { treeRoot } from '../../core/merkle/prove.ts';
import { TileNodes } from '../../core/tiles/nodes.ts';
import { tilePath } from '../../core/tiles/path.ts';
import { treeShape } from '../../core/tiles/shape.ts';
import { decodeTile } from '../../core/tiles/tile.ts';
import { chainTileKey } from '../../names/log.ts';
import { latestSeal, openSeal } from '../../services/log/published.ts';
import { readDocument } from '../../services/log/referenced.ts';
import { storedTiles } from '../../services/log/tiles.ts';
import { NaiveTree } from './naive-tree.ts';
import type { Deployment } from './sealing.ts';

/** What every chain really holds. */
function entriesOf({ history }: Deployment, chain: string): Uint8Array[] {
  return (history.get(chain) ?? []).flatMap((block) => decodeBlock(block, zstd).entries);
}

/** Links of the positions, in order. */
function linksOf(chain: string, entries: readonly Uint8Array[]): string[] {
  let link = genesisLink(chain);
  return entries.map((bytes) => {
    link = nextLink(link, leafHash(bytes));
    return toHex(link);
  });
}

/**
 * Everything that seals promise, of every seal that is published, computed again the slow way from what was committed:
 * roots, links, where each position is, tiles, and the order of digests. Returns how far each chain is sealed.
 */
export async function expectTrueSeals(deployment: Deployment): Promise<Record<string, number>> {
  const log = await deployment.log();
  const latest = await latestSeal(log);
  if (latest === undefined) return {};
  const leaves: Uint8Array[] = [];
  let before = new Map<string, Digest>();
  for (let seal = 0; seal <= latest.seal; seal++) {
    const published = (await openSeal(seal, log))!;
    const digests = new Map<string, Digest>();
    for await (const { index, bytes, digest } of published.log.ofSeal(seal)) {
      expect({ index, seal: digest.seal }).toEqual({ index: leaves.length, seal });
      leaves.push(bytes);
      await expectTrueDigest(deployment, before.get(digest.tenant), digest, leaves);
      digests.set(digest.tenant, digest);
    }
    for (const tenant of before.keys()) expect(digests.has(tenant)).toBe(true);
    const root = new NaiveTree(leaves).root(0, leaves.length);
    expect([published.checkpoint.size, toHex(published.checkpoint.root)]).toEqual([leaves.length, toHex(root)]);
    before = digests;
  }
  const heads = [...before].flatMap(([tenant, { chains }]) =>
    chains.map(({ chain, size }) => [chainName(tenant, chain), size] as const),
  );
  return Object.fromEntries(heads.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function expectTrueDigest(
  deployment: Deployment,
  before: Digest | undefined,
  digest: Digest,
  leaves: readonly Uint8Array[],
): Promise<void> {
  const previous = before === undefined ? undefined : toHex(leafHash(leaves[before.index]!));
  expect([digest.number, digest.previous]).toEqual([before === undefined ? 0 : before.number + 1, previous]);
  expect(digest.sealedAt > (before?.sealedAt ?? '')).toBe(true);
  const contents = digest.contents && (await readDocument(deployment.store, CONTENTS, digest.contents));
  const lists = await listsOf(deployment, contents);
  for (const { chain, size, root, link } of digest.chains) {
    const name = chainName(digest.tenant, chain);
    const entries = entriesOf(deployment, name).slice(0, size);
    const from = before?.chains.find((head) => head.chain === chain)?.size ?? 0;
    expect([name, entries.length, size >= from]).toEqual([name, size, true]);
    expect([name, root, link]).toEqual([
      name,
      toHex(new NaiveTree(entries).root(0, size)),
      linksOf(name, entries).at(-1),
    ]);
    await expectLists(
      deployment,
      name,
      lists.filter((list) => list.chain === chain),
      { from, size },
    );
    await expectTiles(deployment, digest.tenant, chain, entries);
  }
  expect(lists.every(({ chain }) => digest.chains.some((head) => head.chain === chain))).toBe(true);
}

async function listsOf({ store }: Deployment, contents: Contents | undefined): Promise<SegmentList[]> {
  return Promise.all((contents?.segments ?? []).map((ref) => readDocument(store, SEGMENT_LIST, ref)));
}

/** Each new position in exactly one segment version, which holds its entry. */
async function expectLists(
  deployment: Deployment,
  chain: string,
  lists: readonly SegmentList[],
  { from, size }: { readonly from: number; readonly size: number },
): Promise<void> {
  const entries = entriesOf(deployment, chain);
  const links = linksOf(chain, entries);
  const seen: number[] = [];
  let next = from;
  for (const list of lists) {
    expect(list.from).toBe(next);
    next = list.through;
    for (const { object, category, day, positions, first, last } of list.segments) {
      const bytes = await deployment.store.fetch(object.key, object.version);
      // What has expired can't be looked at any more.
      const rows = bytes && new Map((await parquetSegments.decode(bytes)).map((row) => [row.position, row]));
      if (rows !== undefined) expect([Math.min(...rows.keys()), Math.max(...rows.keys())]).toEqual([first, last]);
      for (const run of parsePositions(positions)) {
        for (let position = run.first; position <= run.last; position++) {
          expect(position >= list.from && position < list.through).toBe(true);
          seen.push(position);
          const entry = JSON.parse(Buffer.from(entries[position]!).toString());
          expect([entry.category, entry.recordedAt.slice(0, 10)]).toEqual([category, day]);
          if (rows === undefined) continue;
          expect(toHex(rows.get(position)!.bytes)).toBe(toHex(entries[position]!));
          expect(toHex(rows.get(position)!.link)).toBe(links[position]);
        }
      }
    }
  }
  expect(next).toBe(size);
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size - from }, (_, i) => from + i));
}

/** The tree that was sealed can be proven from: every tile of it is there, and the current versions are the right ones. */
async function expectTiles(
  deployment: Deployment,
  tenant: string,
  chain: number,
  entries: readonly Uint8Array[],
): Promise<void> {
  const size = entries.length;
  const root = new NaiveTree(entries).root(0, size);
  const tiles = storedTiles(deployment.store, (path) => chainTileKey(tenant, chain, path), { size, root });
  expect(toHex(await treeRoot(new TileNodes(tiles, size), size))).toBe(toHex(root));
  for (const { level, full, partial } of treeShape(size).filter((shape) => shape.level === 0)) {
    const widths = [...Array.from({ length: full }, () => 256), ...(partial > 0 ? [partial] : [])];
    for (const [index, width] of widths.entries()) {
      const hashes = decodeTile((await tiles.read(tilePath({ level, index, width })))!, width);
      const want = entries.slice(index * 256, index * 256 + width).map(leafHash);
      expect(hashes.map(toHex)).toEqual(want.map(toHex));
    }
  }
}
