// One event of EventBridge becomes one entry.
import type { PreparedEntry } from '../../../core/entry/context.ts';
import { EntryRejected } from '../../../core/entry/faults.ts';
import { prepareEntry } from '../../../core/entry/prepare.ts';
import type { Ledger } from '../../../services/append/ledger.ts';
import { EVENT_OWNER } from '../../../services/append/owner.ts';
import type { Receipt } from '../../../services/append/request.ts';
import { type Observed, observe } from '../../../services/observe/map.ts';
import type { TenantRules } from '../../../services/observe/tenant.ts';
import type { Preparation } from '../../shared/preparation.ts';

export interface Observe {
  readonly ledger: Pick<Ledger, 'append'>;
  readonly rules: TenantRules;
  readonly preparation: Preparation;
  readonly now: () => Date;
  readonly newId: () => string;
}

/**
 * How much of an entry its original may take: most of it. Redaction lists what it removed, so a hostile event may grow
 * beyond the limit by its own redactions; then less is kept, and in the end nothing but what was mapped.
 */
const SHARES = [2 / 3, 1 / 4, 1 / 16, 0] as const;

/**
 * One event of the bus, recorded once however often it is delivered. Throws whatever went wrong: the event stays with
 * its invoker, which retries and then moves it to the dead-letter queue whole.
 */
export function observeEvents({ ledger, rules, preparation, now, newId }: Observe) {
  return async (event: unknown): Promise<readonly Receipt[]> => {
    const at = now();
    const prepare = ({ tenant, recorder, input, native }: Observed): PreparedEntry =>
      prepareEntry(input, {
        ...preparation,
        // The catalog is for what applications say of themselves; AWS names its own actions.
        strict: preparation.strict && native,
        tenant,
        recorder,
        now: at,
        newId,
      });
    const { observed, entry } = firstThatFits(event, rules, preparation, prepare);
    const { tenant, idempotencyKey: key, digest } = observed;
    return ledger.append({ tenant, entries: [entry], idempotency: { owner: EVENT_OWNER, key, digest } });
  };
}

function firstThatFits(
  event: unknown,
  rules: TenantRules,
  { limits }: Preparation,
  prepare: (observed: Observed) => PreparedEntry,
): { observed: Observed; entry: PreparedEntry } {
  for (const share of SHARES) {
    const observed = observe(event, rules, limits.nesting, Math.floor(limits.entryBytes * share));
    try {
      return { observed, entry: prepare(observed) };
    } catch (error) {
      if (observed.native || share === 0 || !(error instanceof EntryRejected && error.oversize)) throw error;
    }
  }
  throw new RangeError('unreachable: the last share returns or throws');
}
