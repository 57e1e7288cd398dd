// A tenant's evidence as the archive has it, up to one seal.
import type { ObjectRef } from '../../core/documents/fields.ts';
import { formatVerifierKey } from '../../core/note/key.ts';
import { TileError } from '../../core/tiles/error.ts';
import { tilePath } from '../../core/tiles/path.ts';
import type { TileReader } from '../../core/tiles/reader.ts';
import type { TileId } from '../../core/tiles/shape.ts';
import type { SealedDigest, SealHead } from '../../core/verify/evidence.ts';
import type { BundleSource } from '../bundle/source.ts';
import { type LogPorts, openSeal } from '../log/published.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { streamBodies } from '../prove/bodies.ts';
import { chainTiles, headOf } from '../prove/chain.ts';
import { type KnownDigests, TenantDigests } from '../prove/digests.ts';
import { documentBytes } from '../prove/document.ts';
import { EvidenceFault } from '../prove/error.ts';
import type { KnownLists } from '../prove/lists.ts';
import { provenDigests, provenSeals } from '../prove/pages.ts';
import type { SegmentBodies } from '../prove/segments.ts';
import { firstUnsealed, tombstonesFrom } from '../prove/tombstones.ts';

/** Tiles of a run that are read at the same time: each is small and a round trip or two away. */
const TILES_AT_ONCE = 32;

export interface StoredPorts {
  readonly log: { ports(): Promise<LogPorts> };
  readonly segments: SegmentBodies;
  /** Told of a tile of which nothing that is stored leads to the sealed root. */
  readonly onAbsentTile: (tile: { readonly tenant: string; readonly chain: number; readonly path: string }) => void;
  /** What earlier steps of this process read. */
  readonly digests?: KnownDigests;
  readonly lists?: KnownLists;
}

/**
 * The evidence of one tenant under the checkpoint of one seal, read where it lies. Tiles and digests are only such that lead to the
 * checkpoint, documents and segments only such as a digest names; what is not there like that is left out.
 */
export class StoredSource implements BundleSource {
  readonly tenant: string;
  readonly checkpoint: Uint8Array;
  readonly keys: Uint8Array;
  readonly #ports: StoredPorts;
  readonly #log: LogPorts;
  readonly #digests: TenantDigests;

  private constructor(tenant: string, note: Uint8Array, ports: StoredPorts, log: LogPorts, digests: TenantDigests) {
    this.tenant = tenant;
    this.checkpoint = note;
    this.keys = new TextEncoder().encode(log.policy.logKeys.map((key) => `${formatVerifierKey(key)}\n`).join(''));
    this.#ports = ports;
    this.#log = log;
    this.#digests = digests;
  }

  /** Throws EvidenceFault where the seal's checkpoint is not there. */
  static async open(ports: StoredPorts, tenant: string, seal: number): Promise<StoredSource> {
    const log = await ports.log.ports();
    const published = await openSeal(seal, log);
    if (published === undefined) throw new EvidenceFault(`the checkpoint of seal ${seal} is not there`);
    const digests = new TenantDigests(tenant, published, log.store, ports.digests);
    return new StoredSource(tenant, published.note, ports, log, digests);
  }

  async *digests(from: number): AsyncGenerator<SealedDigest> {
    for (let after = before(from); ; ) {
      const { digests, next } = await provenDigests(this.#digests, after);
      yield* digests;
      if (next === undefined) return;
      after = next;
    }
  }

  async *seals(from: number): AsyncGenerator<SealHead> {
    const newest = await this.#digests.newest();
    if (newest === undefined) return;
    // Each seal makes one digest of every tenant.
    const { number, seal } = newest.digest;
    for (let after = before(Math.max(0, number - (seal - from))); ; ) {
      const { seals, next } = await provenSeals(this.#digests, this.#log, after);
      yield* seals;
      if (next === undefined) return;
      after = next;
    }
  }

  async *unsealed(): AsyncGenerator<ObjectRef> {
    const { store } = this.#log;
    const from = await firstUnsealed(store, this.#digests);
    for await (const { ref } of tombstonesFrom(store, this.tenant, from)) yield ref;
  }

  document(ref: ObjectRef): Promise<Uint8Array | undefined> {
    return documentBytes(this.#log.store, ref);
  }

  /** Proven together: what leads from them to the sealed root is read once. */
  async tiles(chain: number, run: readonly TileId[]): Promise<readonly (Uint8Array | undefined)[]> {
    const newest = await this.#digests.newest();
    const head = newest && headOf(newest.digest, chain);
    if (head === undefined) return run.map(() => undefined);
    const reader = chainTiles(this.#log.store, this.tenant, head);
    const tiles: (Uint8Array | undefined)[] = run.map(() => undefined);
    await inParallel([...run.entries()], TILES_AT_ONCE, async ([i, tile]) => {
      tiles[i] = await this.#genuine(reader, chain, tilePath(tile));
    });
    return tiles;
  }

  /** What an absent tile means is for the verifier to say; that it is absent, the operator has to know. */
  async #genuine(reader: TileReader, chain: number, path: string): Promise<Uint8Array | undefined> {
    try {
      return await reader.read(path);
    } catch (error) {
      if (!(error instanceof TileError)) throw error;
      this.#ports.onAbsentTile({ tenant: this.tenant, chain, path });
      return undefined;
    }
  }

  bodies(chain: number, from: number, through: number): AsyncIterable<Uint8Array> {
    const { segments, lists } = this.#ports;
    const ports = { store: this.#log.store, segments, ...(lists === undefined ? {} : { lists }) };
    return streamBodies(ports, this.#digests, chain, from, through);
  }
}

const before = (number: number): number | undefined => (number === 0 ? undefined : number - 1);
