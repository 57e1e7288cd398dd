// Reads the entries of sealed segments.
import { sha256, toHex } from '../../core/crypto.ts';
import { type SegmentCodec, SegmentFault, type SegmentRow } from '../archive/port.ts';
import type { EvidenceReader } from '../log/versions.ts';
import type { ListedSegment } from './lists.ts';

/** Of entries that are kept unpacked: pages of one export come back to the same segments. */
const KEPT_BYTES = 128 * 1024 * 1024;

/** Entries by position, with their hashes. */
export type BodiesByPosition = ReadonlyMap<number, SegmentRow>;

interface Kept {
  readonly bodies: Promise<BodiesByPosition | undefined>;
  bytes: number;
}

export interface SegmentPorts {
  readonly store: EvidenceReader;
  readonly codec: SegmentCodec;
  /** Told of a segment that has other bytes than those that were sealed. */
  readonly onAltered: (segment: ListedSegment) => void;
  /** Of entries that are kept for later answers; 0 for who reads each segment once. */
  readonly keptBytes?: number;
}

/** The entries of sealed segments, each fetched by the version that was sealed and unpacked once for several answers. */
export class SegmentBodies {
  readonly #ports: SegmentPorts;
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(ports: SegmentPorts) {
    this.#ports = ports;
  }

  /** Undefined when the segment is gone or is not what was sealed. What has expired is gone from memory too. */
  async of(segment: ListedSegment): Promise<BodiesByPosition | undefined> {
    const { key, version, sha256: digest } = segment.object;
    const name = `${key}@${version}@${digest}`;
    const known = this.#kept.get(name);
    if (known !== undefined && (await this.#ports.store.find(key, version)) === undefined) {
      this.#forget(name, known);
      return undefined;
    }
    const kept = this.#kept.get(name) ?? this.#open(name, segment);
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    return kept.bodies;
  }

  #open(name: string, segment: ListedSegment): Kept {
    const kept: Kept = { bodies: this.#read(segment), bytes: 0 };
    kept.bodies.then(
      (bodies) => this.#settle(name, kept, bodies),
      () => this.#forget(name, kept),
    );
    return kept;
  }

  async #read(segment: ListedSegment): Promise<BodiesByPosition | undefined> {
    const { store, codec, onAltered } = this.#ports;
    const { key, version, sha256: digest } = segment.object;
    const bytes = await store.fetch(key, version);
    if (bytes === undefined) return undefined;
    const rows = toHex(sha256(bytes)) === digest ? await decoded(codec, bytes) : undefined;
    if (rows === undefined) onAltered(segment);
    return rows && new Map(rows.map((row) => [row.position, row]));
  }

  #settle(name: string, kept: Kept, bodies: BodiesByPosition | undefined): void {
    if (bodies === undefined) this.#forget(name, kept);
    if (bodies === undefined || this.#kept.get(name) !== kept) return;
    for (const { bytes } of bodies.values()) kept.bytes += bytes.length;
    this.#bytes += kept.bytes;
    for (const [oldest, one] of this.#kept) {
      if (this.#bytes <= (this.#ports.keptBytes ?? KEPT_BYTES)) return;
      this.#forget(oldest, one);
    }
  }

  #forget(name: string, kept: Kept): void {
    if (this.#kept.get(name) !== kept) return;
    this.#kept.delete(name);
    this.#bytes -= kept.bytes;
  }
}

async function decoded(codec: SegmentCodec, bytes: Uint8Array): Promise<readonly SegmentRow[] | undefined> {
  try {
    return await codec.decode(bytes);
  } catch (error) {
    if (error instanceof SegmentFault) return undefined;
    throw error;
  }
}
