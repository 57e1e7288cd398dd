// What expiry needs of the archive, the log and the trail.
import type { RetentionPolicy } from '../archive/context.ts';
import type { SegmentCodec } from '../archive/port.ts';
import type { HoldEvents } from '../hold/events.ts';
import type { HoldableStore } from '../object-lock/port.ts';
import type { Recording } from '../record/record.ts';

/** The digest log as its newest public checkpoint vouches for it. */
export interface SealedLog {
  /** Number of the newest seal. */
  readonly seal: number;
  /** Everybody who has a digest in it, by name. */
  readonly tenants: readonly string[];
  /** The leaf at an index, proven to be the checkpoint's; undefined when the log has no such leaf or it can't be proven. */
  leafHash(index: number): Promise<Uint8Array | undefined>;
}

/** Why an object under an expired day is left where it is although nothing protects it. */
export type StrangeObject =
  /** Its key is no segment's. */
  | 'key'
  /** A delete marker. */
  | 'marker'
  /** No seal names this version. */
  | 'unnamed'
  /** What would say whether a seal names it is missing or altered. */
  | 'evidence';

export interface ExpiryFinding {
  readonly kind: StrangeObject;
  readonly key: string;
  readonly version?: string;
}

export interface ExpirePorts {
  readonly store: HoldableStore;
  readonly codec: SegmentCodec;
  readonly holds: Pick<HoldEvents, 'read' | 'grew'>;
  readonly retention: RetentionPolicy;
  readonly recording: Recording;
  /** Undefined while nothing is sealed. */
  readonly newestSeal: () => Promise<SealedLog | undefined>;
  readonly now: () => Date;
  readonly onFinding: (finding: ExpiryFinding) => void;
  /** A worker begins nothing new after this long. */
  readonly budgetMs: number;
  /** Segments that one tombstone names at most. */
  readonly tombstoneSegments?: number;
}
