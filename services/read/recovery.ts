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

/** Blocks before a lost one that are tried, until one says from where on the archive has to continue. */
const MOST_BEFORE = 64;

type Entries = Map<number, ArchivedEntry>;

/**
 * Sealed positions come from the very versions that sealed lists name, each held against the leaf of the sealed tree. Others
 * have to continue the chain from a block before, or from the newest digest, and to lead to the block behind where there is
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
    const rows: Entries = new Map();
    let cursor = await this.#before(name, first, head);
    while (cursor.position <= last || (behind !== undefined && cursor.position < behind.position)) {
      const next = await stored.next(cursor);
      if (typeof next === 'string') break;
      for (const row of next) rows.set(row.position, row);
      const end = next.at(-1)!;
      cursor = { position: end.position + 1, link: end.link };
    }
    if (behind !== undefined) {
      const edge = rows.get(behind.position - 1);
      if (edge === undefined || !equalBytes(edge.link, behind.link)) return;
    }
    for (const position of positions) {
      const row = rows.get(position);
      if (row !== undefined) found.set(position, row);
    }
  }

  /** From where on the rows have to continue. */
  async #before(name: string, position: number, head: ChainHead | undefined): Promise<Cursor> {
    const sealed = { position: head?.size ?? 0, link: head === undefined ? genesisLink(name) : fromHex(head.link) };
    let below = position - 1;
    for (let tried = 0; tried < MOST_BEFORE && below >= sealed.position; tried++) {
      const block = await orNothing(() => this.#ports.blocks.blockBefore(name, below));
      if (block === undefined) return sealed;
      const end = block.position + block.count;
      if (end <= position && this.#isWhole(block)) return { position: end, link: block.link };
      below = block.position - 1;
    }
    return sealed;
  }

  /** The first whole block behind a position, and the link that it continues. */
  async #behind(name: string, position: number): Promise<Cursor | undefined> {
    for await (const { block } of this.#ports.fetcher.from(name, position + 1, 'asc')) {
      if (block !== undefined && this.#isWhole(block)) return { position: block.position, link: block.previousLink };
    }
    return undefined;
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

async function orNothing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (FAULTS.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

const FAULTS = [EvidenceFault, BuriedObject, TileError, BlockError];
