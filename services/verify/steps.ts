/** What the steps of the verification's state machine are given and answer. */
import type { VerifyVerdict } from '../../names/verify.ts';

export type VerifyMode = 'incremental' | 'full';

/** What an execution is started with. */
export interface VerifyRequest {
  /** 'incremental': what no passed report covers yet. 'full': everything from the beginning. */
  readonly mode: VerifyMode;
  /** Only this tenant, beside the digest log that all share. */
  readonly tenant?: string;
}

/** One version of one object that another step wrote. */
export interface StoredDocument {
  readonly key: string;
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** `request` is the execution's input, `execution` its name, `startedAt` its start: `$`, `$$.Execution.Name`, `.StartTime`. */
export interface PlanInput {
  readonly step: 'plan';
  readonly request: VerifyRequest;
  readonly execution: string;
  readonly startedAt: string;
}

export interface PlanOutput {
  /** Of the verification and its report; follows from the execution's name and start. */
  readonly id: string;
  readonly mode: VerifyMode;
  readonly plan: StoredDocument;
  /** What the Map goes over; never empty. */
  readonly shards: readonly number[];
}

/** `id` and `plan` as Plan answered, `shard` from the Map; `cursor` null in the first slice, then what the one before answered. */
export interface ShardInput {
  readonly step: 'shard';
  readonly id: string;
  readonly plan: StoredDocument;
  readonly shard: number;
  readonly cursor: ShardCursor | null;
}

/** Where a slice stopped. */
interface ShardCursor {
  /** The newest part of the shard's results; each names the one before. */
  readonly part: StoredDocument;
}

/** The loop ends when `done` is true. */
export interface ShardOutput {
  readonly shard: number;
  readonly done: boolean;
  readonly cursor: ShardCursor;
}

/** How a shard ended. One that failed for good may be caught, with ResultPath `$.error`, so that the others still count. */
export interface ShardEnd {
  readonly shard: number;
  readonly done?: boolean;
  readonly cursor?: ShardCursor | null;
  readonly error?: unknown;
}

/** Where telling the tenants stopped. */
interface FinalizeCursor {
  /** The whole report, which is written first. */
  readonly report: StoredDocument;
  /** The next of its tenants to be told. */
  readonly next: number;
}

/** `id` and `plan` as Plan answered, `results` from the Map; `cursor` null at first, then what the one before answered. */
export interface FinalizeInput {
  readonly step: 'conclude';
  readonly id: string;
  readonly plan: StoredDocument;
  readonly results: readonly ShardEnd[];
  readonly cursor: FinalizeCursor | null;
}

export type VerifyInput = PlanInput | ShardInput | FinalizeInput;

export interface FinalizeOutput {
  readonly id: string;
  /** The loop ends when this is true; else it is asked to go on at the cursor. */
  readonly done: boolean;
  readonly cursor: FinalizeCursor;
  readonly verdict: VerifyVerdict;
  readonly report: StoredDocument;
  /** The report for people, as far as an execution has room for it. */
  readonly text: string;
  /** JSON `{id, verdict, report, text}`, `report` being its key: a Fail state says nothing but its cause. */
  readonly cause: string;
}
