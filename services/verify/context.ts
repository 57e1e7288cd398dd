// What a slice of a verification works on.
import type { CheckpointPolicy } from '../../core/checkpoint/open.ts';
import type { MutableTally } from '../../core/verify/tally.ts';
import type { OnForeign } from '../log/versions.ts';
import type { Collector } from './collector.ts';
import type { TenantDigests } from './digests.ts';
import type { DigestPlace, Progress, VerificationPart, VerificationPlan } from './documents.ts';
import type { DocumentsAhead } from './documents-ahead.ts';
import type { OnLiveFinding } from './finding.ts';
import type { SealedLists } from './lists.ts';
import type { LogView } from './log.ts';
import type { VerifyPorts } from './port.ts';
import type { Scope } from './scope.ts';
import type { VerifyMode } from './steps.ts';

/** What a slice works on, and what it has found. */
export interface Slice {
  readonly ports: VerifyPorts;
  readonly plan: VerificationPlan;
  readonly shard: number;
  readonly progress: Progress;
  readonly found: Collector;
  readonly checked: VerificationPart['checked'][number][];
  readonly isOver: () => boolean;
}

/** The log in the course of being checked. */
export interface LogContext {
  readonly ports: VerifyPorts;
  readonly plan: VerificationPlan;
  readonly policy: CheckpointPolicy;
  readonly view: LogView;
  readonly onForeign: OnForeign;
  readonly report: OnLiveFinding;
  readonly isOver: () => boolean;
}

/** A tenant in the course of being checked. */
export interface TenantContext {
  readonly ports: VerifyPorts;
  readonly mode: VerifyMode;
  readonly log: LogView;
  readonly digests: TenantDigests;
  readonly documents: DocumentsAhead;
  readonly lists: SealedLists;
  /** What of it is checked. */
  readonly scope: Scope;
  /** Digests behind this one are checked. */
  readonly after: DigestPlace | undefined;
  readonly tally: MutableTally;
  readonly notes: string[];
  readonly report: OnLiveFinding;
  /** Time is up: stop at the next place from which it can be gone on. */
  readonly isOver: () => boolean;
}
