/** Failures as states know them: a name, which Retry and Catch look for, and a cause. */
import type { Handler, State } from './language.ts';

/** The interpreter looks for `name`, `message`, `isRetryable` and `isCatchable`. */
export class StateError extends Error {
  override readonly name: string;
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;
  constructor(name: string, cause: string, handled: { retry: boolean; catch: boolean } = { retry: true, catch: true }) {
    super(cause);
    this.name = name;
    this.isRetryable = handled.retry;
    this.isCatchable = handled.catch;
  }
}

const TERMINAL = { retry: false, catch: false };

export function runtimeError(cause: string): StateError {
  return new StateError('States.Runtime', cause, TERMINAL);
}

/** Ends a state whose run is over already. */
export function stopped(): StateError {
  return new StateError('States.Runtime', 'The execution has ended.', TERMINAL);
}

/** "The maximum input or output size for a task, state, or execution", as UTF-8. */
export const MOST_BYTES = 262_144;

const DATA_LIMIT = 'States.DataLimitExceeded';

/** States.ALL does not catch it, so that only a state that names it can. */
export function demandSize(value: unknown, what: string, state?: State): void {
  const size = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (size <= MOST_BYTES) return;
  const names = (handlers: readonly Handler[] = []) =>
    handlers.some(({ ErrorEquals }) => ErrorEquals.includes(DATA_LIMIT));
  const cause = `The ${what} has ${size} bytes, over the limit of ${MOST_BYTES}.`;
  throw new StateError(DATA_LIMIT, cause, { retry: names(state?.Retry), catch: names(state?.Catch) });
}
