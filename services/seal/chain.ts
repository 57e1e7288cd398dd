// Seals a chain: checks its links, extends its tree, lists its segments.
import { chainName, genesisLink } from '../../core/chain.ts';
import { fromHex, toHex } from '../../core/crypto.ts';
import type { ChainHead } from '../../core/documents/digest.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { formatPositions, type PositionRun } from '../../core/documents/positions.ts';
import { SEGMENT_LIST } from '../../core/documents/segments.ts';
import { emptyRoot } from '../../core/merkle/hash.ts';
import { type Tile, TileBuilder } from '../../core/tiles/builder.ts';
import { tilePath } from '../../core/tiles/path.ts';
import { encodeTile } from '../../core/tiles/tile.ts';
import { chainTileKey, listKey } from '../../names/log.ts';
import { DEFAULT_ARCHIVE_LIMITS } from '../archive/context.ts';
import type { ArchiveRow } from '../archive/port.ts';
import type { Cursor } from '../archive/window.ts';
import { storedTiles } from '../log/tiles.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { EntryBounds, firstDay } from './bounds.ts';
import { CONTENT, type Sealing, type Versions } from './context.ts';
import { type Contradiction, OtherHistories } from './histories.ts';
import { type ListedSegment, SegmentMatcher } from './segment-matcher.ts';
import { ChainSource } from './source.ts';
import { ArchivedRows } from './stored.ts';

/** S3 answers a put in some 30 ms. */
export const OBJECTS_AT_ONCE = 16;

/** A step ends with the window in which it has come to so many segments: of a quiet chain, each holds a few entries. */
const STEP_SEGMENTS = 1_000;

/** Rows that are compared at once; each may be in a segment of its own. */
const WINDOW_ENTRIES = 2_000;

/** Which chain is sealed, and in what. */
export interface ChainPlace {
  readonly tenant: string;
  readonly chain: number;
  readonly seal: number;
  readonly sealedAt: string;
  /** How far the seal before has sealed it. */
  readonly sealed: number;
  /** When the newest seal was planned that sealed it as far as it went; undefined when there was none. */
  readonly since: string | undefined;
}

/** How far a chain is sealed, and the segments that straddle that place. */
export interface ChainPoint extends ChainHead {
  readonly open: readonly ListedSegment[];
}

export interface StepOutcome {
  readonly point: ChainPoint;
  /** Absent when there was nothing. */
  readonly list?: ObjectRef;
  /** Why it ended before where it should; undefined when it did not. */
  readonly ended: Ended | undefined;
}

/** Why a chain is not sealed on. */
interface Ended {
  readonly reason: string;
  readonly versions?: Versions;
}

export function emptyHead(tenant: string, chain: number): ChainHead {
  return { chain, size: 0, root: toHex(emptyRoot()), link: toHex(genesisLink(chainName(tenant, chain))) };
}

/**
 * Seals a chain from a point to before position `to`: extends its tree, writes its tiles, and lists which segment holds
 * each position. Everything that it writes follows from the chain and where it began, so doing it again changes nothing.
 */
export async function sealStep(
  sealing: Sealing,
  place: ChainPlace,
  from: ChainPoint,
  to: number,
): Promise<StepOutcome> {
  const step = await Step.open(sealing, place, from);
  const ended = await step.run(to);
  return { ...(await step.close()), ended };
}

class Step {
  readonly #sealing: Sealing;
  readonly #place: ChainPlace;
  readonly #from: ChainPoint;
  readonly #builder: TileBuilder;
  readonly #bounds: EntryBounds;
  readonly #stored: ArchivedRows;
  readonly #source: ChainSource;
  readonly #matcher: SegmentMatcher;
  readonly #held = new Map<ListedSegment, { first: number; last: number }[]>();
  #cursor: Cursor;

  private constructor(sealing: Sealing, place: ChainPlace, from: ChainPoint, builder: TileBuilder) {
    const name = chainName(place.tenant, place.chain);
    this.#sealing = sealing;
    this.#place = place;
    this.#from = from;
    this.#builder = builder;
    this.#bounds = new EntryBounds(place.tenant, place);
    const index = sealing.index(place.tenant, firstDay(place.since));
    const { sealed, since } = place;
    const histories = { chain: name, sealed, since, from: from.size, open: from.open };
    this.#stored = new ArchivedRows(name, index, sealing.ports);
    this.#source = new ChainSource(name, this.#stored, index, sealing.ports);
    const others = new OtherHistories(histories, index, sealing.ports);
    this.#matcher = new SegmentMatcher(name, from.open, this.#source, this.#stored, others, sealing);
    this.#cursor = { position: from.size, link: fromHex(from.link) };
  }

  static async open(sealing: Sealing, place: ChainPlace, from: ChainPoint): Promise<Step> {
    const { size, root } = from;
    if (size === 0) return new Step(sealing, place, from, TileBuilder.empty());
    const keyOf = (path: string) => chainTileKey(place.tenant, place.chain, path);
    const tiles = storedTiles(sealing.ports.store, keyOf, { size, root: fromHex(root) }, sealing.onForeign);
    return new Step(sealing, place, from, await TileBuilder.resume(tiles, size, fromHex(root)));
  }

  async run(to: number): Promise<Ended | undefined> {
    let ended: Ended | undefined;
    while (this.#cursor.position < to && ended === undefined && this.#held.size < STEP_SEGMENTS) {
      ended = await this.#window(to);
    }
    for (const fault of this.#source.faults) this.#sealing.summary.ledger.push(fault);
    return ended;
  }

  async close(): Promise<Omit<StepOutcome, 'ended'>> {
    const { position, link } = this.#cursor;
    if (position === this.#from.size) return { point: this.#from };
    await this.#keepTiles(this.#builder.partial());
    const head = { chain: this.#from.chain, size: position, root: toHex(this.#builder.root()), link: toHex(link) };
    return { point: { ...head, open: this.#matcher.open(position) }, list: await this.#keepList(position) };
  }

  /** Files a window of rows and takes them into the tree, as far as nothing disputes them. */
  async #window(to: number): Promise<Ended | undefined> {
    const rows = await this.#read(to);
    if (typeof rows === 'string') return { reason: rows };
    const newest = rows.at(-1)!;
    const disputed = await this.#matcher.match(rows, { position: newest.position + 1, link: newest.link });
    for (const row of rows) {
      if (disputed === undefined || row.position < disputed.position) this.#take(row);
    }
    await this.#keepTiles(this.#builder.takeFull());
    this.#stored.forget(this.#cursor.position);
    if (disputed === undefined || disputed.position > newest.position) return undefined;
    return { reason: disputed.reason, versions: versionsOf(disputed) };
  }

  #take(row: ArchiveRow): void {
    this.#builder.append(row.leafHash);
    this.#cursor = { position: row.position + 1, link: row.link };
    this.#sealing.summary.entries++;
    const segment = this.#matcher.segmentOf(row);
    const runs = this.#held.get(segment) ?? [];
    this.#held.set(segment, runs);
    const run = runs.at(-1);
    if (run?.last === row.position - 1) run.last = row.position;
    else runs.push({ first: row.position, last: row.position });
  }

  async #read(to: number): Promise<readonly ArchiveRow[] | string> {
    const limits = { ...DEFAULT_ARCHIVE_LIMITS, windowEntries: WINDOW_ENTRIES, ...this.#sealing.ports.limits };
    const { windowEntries, windowBytes } = limits;
    const rows: ArchiveRow[] = [];
    let bytes = 0;
    for (let cursor = this.#cursor; cursor.position < to && rows.length < windowEntries && bytes < windowBytes; ) {
      const next = await this.#source.next(cursor);
      if (typeof next === 'string') return rows.length > 0 ? rows : next;
      for (const row of next) {
        if (row.position === to) break;
        const fault = this.#bounds.faultOf(row);
        if (fault !== undefined) return rows.length > 0 ? rows : fault;
        rows.push(row);
        bytes += row.bytes.length;
      }
      const newest = rows.at(-1)!;
      cursor = { position: newest.position + 1, link: newest.link };
    }
    return rows;
  }

  async #keepTiles(tiles: readonly Tile[]): Promise<void> {
    const { tenant, chain, sealedAt } = this.#place;
    await inParallel(tiles, OBJECTS_AT_ONCE, async ({ level, index, hashes }) => {
      const key = chainTileKey(tenant, chain, tilePath({ level, index, width: hashes.length }));
      await this.#sealing.keep(key, encodeTile(hashes), CONTENT.tile, sealedAt);
    });
  }

  #keepList(through: number): Promise<ObjectRef> {
    const { tenant, chain, seal, sealedAt } = this.#place;
    const from = this.#from.size;
    const segments = [...this.#held].map(
      ([{ object, category, day, first, last }, runs]: [ListedSegment, PositionRun[]]) => ({
        ...{ object, category, day, first, last },
        positions: formatPositions(runs),
      }),
    );
    segments.sort((a, b) => a.first - b.first);
    const list = SEGMENT_LIST.format({ v: 1, kind: 'segments', tenant, chain, seal, from, through, segments });
    return this.#sealing.keep(listKey(tenant, seal, chain, from), list, CONTENT.document, sealedAt);
  }
}

function versionsOf({ leafHash, others }: Contradiction): Versions {
  return {
    ...(leafHash === undefined ? {} : { leafHash: toHex(leafHash) }),
    others: others.map(({ position, leafHash: other, object: { key, version } }) => ({
      ...{ position, leafHash: toHex(other), key, version },
    })),
  };
}
