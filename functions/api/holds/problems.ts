// What errors of holds are to a client.
import { BlockError } from '../../../core/block/error.ts';
import { BlockMissing, LedgerUnavailable, RequestNotIntact } from '../../../services/append/errors.ts';
import { HoldMismatch, HoldReleased, HoldUnknown } from '../../../services/hold/apply.ts';
import { HoldForeign } from '../../../services/hold/release.ts';
import { unexpected } from '../shared/http.ts';
import { Problem } from '../shared/problem.ts';

const RETRY = 'Send it again later, with the same Idempotency-Key.';

/** What an error of the domain is to a client over HTTP. */
export function holdProblem(error: unknown): Problem {
  if (error instanceof HoldMismatch) {
    return new Problem('idempotency-mismatch', 'The key was used for another hold. Nothing was changed.');
  }
  if (error instanceof HoldUnknown) return new Problem('not-found', 'There is no hold of this id.');
  if (error instanceof HoldForeign) {
    const who = `${error.role} applied the hold, and ${error.role} asks for its release.`;
    return new Problem('forbidden-role', who);
  }
  if (error instanceof HoldReleased) {
    return new Problem('already-released', `The hold was released at ${error.action.at}.`);
  }
  if (error instanceof LedgerUnavailable) {
    const { retryAfterSeconds } = error;
    const detail = `What was asked for is in force, and not yet recorded as an entry. ${RETRY}`;
    return new Problem('unavailable', detail, { retryAfterSeconds, cause: error });
  }
  if (error instanceof BlockMissing || error instanceof RequestNotIntact || error instanceof BlockError) {
    return new Problem('not-intact', 'What the ledger holds of this hold is missing or altered.', { cause: error });
  }
  return unexpected(error);
}
