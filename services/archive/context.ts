// What archiving needs, its limits, and the summary of one run.
import type { Compression } from '../../core/block/block.ts';
import type { ActiveHold } from '../../core/hold/match.ts';
import type { BlockReader } from '../append/port.ts';
import type { EvidenceFinding } from '../object-lock/evidence-recorder.ts';
import type { EvidenceStore, HoldableStore, LockedStore } from '../object-lock/port.ts';
import type { Chains, SegmentCodec } from './port.ts';

/** What a tenant's entries of a category are kept for: ISO 8601 duration or 'permanent'. */
export type RetentionPolicy = (tenant: string, category: string) => string;

/** What archiving needs. */
export interface ArchivePorts {
  readonly blocks: BlockReader;
  readonly store: LockedStore & Pick<HoldableStore, 'setHold'> & Pick<EvidenceStore, 'list' | 'folders'>;
  readonly chains: Chains;
  readonly codec: SegmentCodec;
  readonly compression: Compression;
  readonly retention: RetentionPolicy;
  /** The tenant's holds; what was applied moments ago may be missing, and is found by the hold's own sweep. */
  readonly holdsOf: (tenant: string) => Promise<readonly ActiveHold[]>;
  readonly now: () => Date;
  readonly limits?: Partial<ArchiveLimits>;
}

export interface ArchiveLimits {
  /** A window, and so a segment, is closed when it holds this much; one block more may come in before. */
  readonly windowEntries: number;
  readonly windowBytes: number;
}

/** A delivery unpacks to some 60 MB, which a window has three times over (rows, columns, file); filling gaps adds to it. */
export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = { windowEntries: 20_000, windowBytes: 8_000_000 };

/**
 * Chains of one invocation that are worked on at the same time. Of many quiet chains each has one entry, and a delivery of
 * a thousand is a thousand segments, each of which S3 answers in some 30 ms.
 */
export const CHAINS_AT_ONCE = 32;

/** Segments of one chain's window that are written at the same time; S3 answers one in some 30 ms. */
export const SEGMENTS_AT_ONCE = 4;

/** What one invocation did; filled as it goes, so that it is right also when it fails halfway. */
export class ArchiveSummary {
  segments = 0;
  entries = 0;
  /** Longest time from commit to archive, of what was archived. */
  lagMs: number | undefined;
  readonly findings: EvidenceFinding[] = [];
  /** Chains with positions that neither the archive nor the ledger has. */
  readonly gaps: { readonly chain: string; readonly from: number; readonly to: number }[] = [];

  archived(entries: number): void {
    this.segments++;
    this.entries += entries;
  }

  lag(ms: number): void {
    this.lagMs = Math.max(this.lagMs ?? 0, ms);
  }
}
