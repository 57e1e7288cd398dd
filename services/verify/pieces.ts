/** How a large tenant's check is divided among shards. */

import { segmentsPrefix } from '../../names/archive.ts';
import { chainTileKey } from '../../names/log.ts';
import { DAY_MS } from '../../names/time.ts';
import type { Piece } from './documents.ts';
import type { DigestRange } from './scope.ts';

/** What decides how a tenant is divided. None of it decides what is found: only how evenly the work is spread. */
export interface Divisible {
  readonly tenant: string;
  /** Numbers of the digests to check. */
  readonly range: DigestRange;
  /** Every chain of the newest digest, by number, with its size and how much of it the digests of the range sealed. */
  readonly chains: readonly { readonly chain: number; readonly size: number; readonly added: number }[];
  /** Categories under which there are segments. */
  readonly categories: readonly string[];
  /** Days on which the range's first and last digest were sealed. */
  readonly days: readonly [string, string];
  /** Everything that was ever sealed is looked at, and not only what is new. */
  readonly full: boolean;
}

/**
 * Looking at a key takes less than checking its entries: so many times the entries make a piece of one. A listing gives a
 * thousand keys in some 200 ms, a segment has some fifty entries where they come singly, a tile 256.
 */
const LISTS_WEIGHT = 200;
const OBJECTS_WEIGHT = 10;
const TILES_WEIGHT = 50;

const TILE_ENTRIES = 256;
/** The directories of C2SP tlog-tiles' paths. */
const GROUP = 1_000;

/** Pieces of some `pieceEntries` entries each. A piece of a chain is at least what one digest sealed of it. */
export function piecesOf(divisible: Divisible, pieceEntries: number): Piece[] {
  const { range, chains, full } = divisible;
  const added = chains.reduce((sum, one) => sum + one.added, 0);
  const parts = (entries: number, weight: number) => Math.max(1, Math.ceil(entries / (weight * pieceEntries)));
  return [
    { part: 'digests' },
    ...ranges(range, parts(added, LISTS_WEIGHT)).map((one): Piece => ({ part: 'lists', ...one })),
    ...chains.flatMap(({ chain, added: own }) =>
      ranges(range, parts(own, 1)).map((one): Piece => ({ part: 'chain', chain, ...one })),
    ),
    ...between(objectCuts(divisible, parts(added, OBJECTS_WEIGHT)), 'objects'),
    ...between(full ? documentCuts(divisible, (entries) => parts(entries, TILES_WEIGHT)) : [], 'documents'),
  ];
}

/** So many ranges of as many digests each, or one for each digest. */
function ranges({ first, last }: DigestRange, count: number): DigestRange[] {
  const digests = last - first + 1;
  const most = Math.min(count, digests);
  const begin = (i: number) => first + Math.floor((i * digests) / most);
  return Array.from({ length: most }, (_, i) => ({ first: begin(i), last: begin(i + 1) - 1 }));
}

/** Everything, cut at these keys: whatever a key is, it is in one of the pieces. */
function between(cuts: readonly string[], part: Piece['part']): Piece[] {
  const bounds = [undefined, ...new Set(cuts.toSorted()), undefined];
  return bounds.slice(1).map((to, i): Piece => {
    const from = bounds[i];
    return { part, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  });
}

/** At categories, and where that is too little at days. */
function objectCuts({ tenant, categories, days, full }: Divisible, count: number): string[] {
  if (count === 1) return [];
  const perCategory = full ? Math.ceil(count / Math.max(1, categories.length)) : 1;
  const [first, last] = days.map((day) => Date.parse(day)) as [number, number];
  return categories.flatMap((category) => {
    const prefix = segmentsPrefix(tenant, category);
    const cut = (i: number) => new Date(first + (i * (last + DAY_MS - first)) / perCategory).toISOString().slice(0, 10);
    return [prefix, ...Array.from({ length: perCategory - 1 }, (_, i) => `${prefix}day=${cut(i + 1)}`)];
  });
}

/** At chains, and inside of one at directories of its lowest tiles. */
function documentCuts({ tenant, chains }: Divisible, partsOf: (entries: number) => number): string[] {
  if (partsOf(chains.reduce((sum, { size }) => sum + size, 0)) === 1) return [];
  return chains.flatMap(({ chain, size }) => {
    const tiles = Math.ceil(size / TILE_ENTRIES);
    const parts = partsOf(size);
    return [chainTileKey(tenant, chain, ''), ...tileCuts(tiles, parts).map((cut) => chainTileKey(tenant, chain, cut))];
  });
}

/** `tile/0/x123`: the first directory, or the tile where there are none. */
function tileCuts(tiles: number, parts: number): string[] {
  let groups = tiles;
  let mark = '';
  for (; groups > GROUP; groups = Math.ceil(groups / GROUP)) mark = 'x';
  return Array.from({ length: parts - 1 }, (_, i) => {
    const group = Math.floor(((i + 1) * groups) / parts);
    return `tile/0/${mark}${String(group).padStart(3, '0')}`;
  });
}
