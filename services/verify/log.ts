// The digest log up to one published seal.
import { ProofError } from '../../core/merkle/error.ts';
import { proveConsistency, proveInclusion } from '../../core/merkle/prove.ts';
import { TileError } from '../../core/tiles/error.ts';
import { TileNodes } from '../../core/tiles/nodes.ts';
import type { LogHead } from '../../core/verify/evidence.ts';
import { DigestLog, type LoggedDigest } from '../log/digests.ts';
import type { PublishedSeal } from '../log/published.ts';
import type { EvidenceReader, OnForeign } from '../log/versions.ts';

/** Neighbours share tiles; those of a whole history would fill the memory with them. */
const USES_PER_CACHE = 256;

/** The digest log up to one published seal, for as many questions as there are. */
export class LogView {
  readonly published: PublishedSeal;
  readonly #store: EvidenceReader;
  readonly #onForeign: OnForeign;
  #log: DigestLog;
  #nodes: TileNodes;
  #uses = 0;

  constructor(store: EvidenceReader, published: PublishedSeal, onForeign: OnForeign) {
    this.#store = store;
    this.published = published;
    this.#onForeign = onForeign;
    [this.#log, this.#nodes] = this.#open();
  }

  get head(): LogHead {
    const { origin, size, root, log } = this.published.checkpoint;
    const timestamp = log.find(({ key }) => key.type === 'ml-dsa-44-cosignature')?.timestamp;
    return { origin, size, root, timestamp };
  }

  /** An inclusion proof to the head; one that proves nothing where the tiles can't make it. */
  inclusion(index: number): Promise<readonly Uint8Array[]> {
    this.#use();
    return provable(() => proveInclusion(this.#nodes, index, this.published.checkpoint.size));
  }

  /** That the head's log continues the one of `size`; a proof that proves nothing where the tiles can't make it. */
  consistency(size: number): Promise<readonly Uint8Array[]> {
    this.#use();
    return provable(() => proveConsistency(this.#nodes, size, this.published.checkpoint.size));
  }

  /** The digest that the seal made of the tenant, from the log itself: dearer than by its own key, and always right. */
  async find(seal: number, tenant: string): Promise<LoggedDigest | undefined> {
    this.#use();
    try {
      return await this.#log.find(seal, tenant);
    } catch (error) {
      if (error instanceof TileError) return undefined;
      throw error;
    }
  }

  #use(): void {
    this.#uses++;
    if (this.#uses % USES_PER_CACHE === 0) [this.#log, this.#nodes] = this.#open();
  }

  #open(): [DigestLog, TileNodes] {
    const { checkpoint } = this.published;
    const log = new DigestLog(this.#store, checkpoint, this.#onForeign);
    return [log, new TileNodes(log.tiles, checkpoint.size)];
  }
}

async function provable(prove: () => Promise<readonly Uint8Array[]>): Promise<readonly Uint8Array[]> {
  try {
    return await prove();
  } catch (error) {
    if (error instanceof TileError || error instanceof ProofError) return [];
    throw error;
  }
}
