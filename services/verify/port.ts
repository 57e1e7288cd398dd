// What a verification needs.
import type { Compression } from '../../core/block/block.ts';
import type { BlockReader } from '../append/port.ts';
import type { SegmentCodec } from '../archive/port.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import type { Recording } from '../record/record.ts';
import type { LogKeys } from '../seal/port.ts';

/** Where people are told that something is wrong. */
export interface Alerts {
  /** Durable when it returns; one that throws may have been sent. */
  publish(subject: string, message: string): Promise<void>;
}

export interface VerifyPorts {
  readonly store: EvidenceStore;
  readonly codec: SegmentCodec;
  readonly blocks: BlockReader;
  readonly compression: Compression;
  readonly keys: LogKeys;
  /** Of the digest log. */
  readonly origin: string;
  readonly now: () => Date;
  /** What reports are kept for: the retention of their category. */
  readonly reportRetention: string;
  readonly recording: Recording;
  readonly alerts: Alerts;
  readonly onOutcome: (outcome: 'passed' | 'failed' | 'incomplete') => void;
  /** Shards at most, beside the log's own, and entries of a piece; other than the defaults in tests alone. */
  readonly shards?: number;
  readonly pieceEntries?: number;
}
