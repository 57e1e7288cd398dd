// Positions that the ledger has lost, from the archive.

import type { Compression } from '../../core/block/block.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { BlockError } from '../../core/block/error.ts';
import { chainName, genesisLink } from '../../core/chain.ts';
import { equalBytes, fromHex } from '../../core/crypto.ts';
import type { ChainHead } from '../../core/documents/digest.ts';
import { TileError } from '../../core/tiles/error.ts';
import { readTile } from '../../core/tiles/reader.ts';
import { TILE_WIDTH } from '../../core/tiles/shape.ts';
import { DAY_MS } from '../../names/time.ts';
import type { BlockReader } from '../append/port.ts';
import type { SegmentCodec } from '../archive/port.ts';
import type { Cursor } from '../archive/window.ts';
import { BuriedObject } from '../log/versions.ts';
import { dayOf } from '../object-lock/lock-dates.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import { chainTiles, headOf } from '../prove/chain.ts';
import { TenantDigests } from '../prove/digests.ts';
import { EvidenceFault } from '../prove/error.ts';
import type { ServedLog } from '../prove/log.ts';
import { sealedRuns } from '../prove/runs.ts';
import type { SegmentBodies } from '../prove/segments.ts';
import { SegmentIndex } from '../seal/segment-index.ts';
import { ArchivedRows } from '../seal/stored.ts';
import type { ArchivedEntry, BlockFetcher, Recovery } from '../search/port.ts';

export interface RecoveryPorts {
  readonly log: Pick<ServedLog, 'newest'>;
  readonly store: EvidenceStore;
  readonly segments: SegmentBodies;
  readonly codec: SegmentCodec;
  readonly blocks: BlockReader;
  readonly fetcher: Pick<BlockFetcher, 'from'>;
  readonly compression: Compression;
  readonly now: () => Date;
}

/** Blocks that are tried on either side of a lost one, until the archive leads from one to the other. */
const MOST_TRIED = 64;

type Entries = Map<number, ArchivedEntry>;

/**
 * Sealed positions come from the very versions that sealed lists name, each held against the leaf of the sealed tree. Others
 * have to continue the chain from a block before, or from the newest digest, and to lead to a block behind where there is
 * one. Evidence that is damaged itself gives nothing: verification says so.
 */
export class ArchiveRecovery implements Recovery {
  readonly #ports: RecoveryPorts;

  constructor(ports: RecoveryPorts) {
    this.#ports = ports;
  }

  async entries(
    tenant: string,
    chain: number,
    positions: readonly number[],
  ): Promise<ReadonlyMap<number, ArchivedEntry>> {
    const found: Entries = new Map();
    const head = await orNothing(() => this.#sealed(tenant, chain, positions, found));
    const size = head?.size ?? 0;
    const open = positions.filter((position) => position >= size);
    if (open.length > 0) await orNothing(() => this.#unsealed(tenant, chain, open, head, found));
    return found;
  }

  async #sealed(tenant: string, chain: number, positions: readonly number[], found: Entries) {
    const { log, store, segments } = this.#ports;
    const published = await log.newest();
    if (published === undefined) return undefined;
    const digests = new TenantDigests(tenant, published, store);
    const newest = await digests.newest();
    const head = newest && headOf(newest.digest, chain);
    if (newest === undefined || head === undefined) return undefined;
    const wanted = new Set(positions.filter((position) => position < head.size));
    if (wanted.size === 0) return { ...head, sealedAt: newest.digest.sealedAt };
    const [from, last] = [Math.min(...wanted), Math.max(...wanted)];
    const tiles = chainTiles(store, tenant, head);
    for await (const run of sealedRuns(store, digests, chain, from)) {
      if (run.first > last) break;
      const inRun = [...wanted].filter((position) => position >= run.first && position <= run.last);
      const rows = inRun.length === 0 ? undefined : await segments.of(run.segment);
      for (const position of inRun) {
        const row = rows?.get(position);
        if (row === undefined) continue;
        const leaves = await readTile(tiles, 0, Math.floor(position / TILE_WIDTH), head.size);
        if (equalBytes(leaves[position % TILE_WIDTH]!, row.leafHash)) found.set(position, row);
      }
    }
    return { ...head, sealedAt: newest.digest.sealedAt };
  }

  async #unsealed(
    tenant: string,
    chain: number,
    positions: readonly number[],
    head: (ChainHead & { readonly sealedAt: string }) | undefined,
    found: Entries,
  ): Promise<void> {
    const name = chainName(tenant, chain);
    const [first, last] = [positions[0]!, positions.at(-1)!];
    const since = head === undefined ? undefined : dayOf(new Date(Date.parse(head.sealedAt) - DAY_MS));
    const { store, codec } = this.#ports;
    const stored = new ArchivedRows(name, new SegmentIndex(tenant, since, store), { store, codec });
    const behind = await this.#behind(name, last);
    for await (const before of this.#before(name, first, head)) {
      const rows = await leading(stored, before, last, behind);
      if (rows === undefined) continue;
      for (const position of positions) {
        const row = rows.get(position);
        if (row !== undefined) found.set(position, row);
      }
      return;
    }
  }

  /** From where on the rows may continue: the nearest first, since any of the blocks may have been put there. */
  async *#before(name: string, position: number, head: ChainHead | undefined): AsyncGenerator<Cursor, void, undefined> {
    const sealed = { position: head?.size ?? 0, link: head === undefined ? genesisLink(name) : fromHex(head.link) };
    let below = position - 1;
    for (let tried = 0; tried < MOST_TRIED && below >= sealed.position; tried++) {
      const block = await orNothing(() => this.#ports.blocks.blockBefore(name, below));
      if (block === undefined) break;
      const end = block.position + block.count;
      if (end <= position && this.#isWhole(block)) yield { position: end, link: block.link };
      below = block.position - 1;
    }
    yield sealed;
  }

  /** Where whole blocks behind a position begin, and the links that they continue. */
  async #behind(name: string, position: number): Promise<readonly Cursor[]> {
    const found: Cursor[] = [];
    for await (const { block } of this.#ports.fetcher.from(name, position + 1, 'asc')) {
      if (block === undefined || !this.#isWhole(block)) continue;
      found.push({ position: block.position, link: block.previousLink });
      if (found.length === MOST_TRIED) break;
    }
    return found;
  }

  #isWhole(block: Parameters<typeof decodeBlock>[0]): boolean {
    try {
      decodeBlock(block, this.#ports.compression);
      return true;
    } catch (error) {
      if (error instanceof BlockError) return false;
      throw error;
    }
  }
}

/**
 * Rows of the archive that continue the chain at the cursor, up to `last` at least, and on to one of the blocks behind; as far
 * as there are any, where there is none. Undefined where they don't lead to one.
 */
async function leading(
  stored: ArchivedRows,
  cursor: Cursor,
  last: number,
  behind: readonly Cursor[],
): Promise<Entries | undefined> {
  const rows: Entries = new Map();
  let next = cursor;
  for (const goal of behind.length === 0 ? [{ position: last + 1, link: undefined }] : behind) {
    while (next.position < goal.position) {
      const read = await stored.next(next);
      if (typeof read === 'string') return goal.link === undefined && rows.size > 0 ? rows : undefined;
      for (const row of read) rows.set(row.position, row);
      const end = read.at(-1)!;
      next = { position: end.position + 1, link: end.link };
    }
    const edge = goal.position === cursor.position ? cursor : rows.get(goal.position - 1);
    if (goal.link === undefined || (edge !== undefined && equalBytes(edge.link, goal.link))) return rows;
  }
  return undefined;
}

async function orNothing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (FAULTS.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

const FAULTS = [EvidenceFault, BuriedObject, TileError, BlockError];
