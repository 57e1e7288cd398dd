// Who reads, as every operation that reads entries is given it.
import type { Recorder } from '../entry/schema.ts';
import type { Query } from '../query/ast.ts';

/** Who reads, and what of the tenant's entries exists for them. Made from a verified token by the policy (policy.ts). */
export interface Reader {
  readonly tenant: string;
  /** The token's subject. */
  readonly subject: string;
  readonly role: string;
  /** How the read is recorded. */
  readonly recorder: Recorder;
  /** ANDed into everything: what it does not match is not there for this reader. */
  readonly filter: Query;
  /** Epoch milliseconds: what was recorded before is not visible under the tenant's plan. */
  readonly visibleFrom: number;
  /** Whether the tenant's plan lets entries be exported. */
  readonly mayDownload: boolean;
}
