/** One run of a machine, as it is kept and shown; and how a run ended, in the words of the API. */
import { ExecutionAbortedError, ExecutionTimeoutError } from './language.ts';

export type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export const STATUSES: readonly Status[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

export interface Ending {
  readonly status: Exclude<Status, 'RUNNING'>;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface Execution extends Partial<Omit<Ending, 'status'>> {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  /** JSON text, as it was sent. */
  readonly input: string;
  readonly status: Status;
  /** Epoch milliseconds. */
  readonly startDate: number;
  readonly stopDate?: number;
}

/** The name that a Fail state without one is given. */
const NAMELESS = 'FailStateError';

/** Undefined when the run was aborted, which only whoever did it can explain. */
export function endingOf(error: unknown): Ending | undefined {
  if (error instanceof ExecutionAbortedError) return undefined;
  if (error instanceof ExecutionTimeoutError) return { status: 'TIMED_OUT', error: 'States.Timeout' };
  const { name, message: cause } = error instanceof Error ? error : new Error(String(error));
  if (name === NAMELESS) return { status: 'FAILED', cause };
  // What isn't an error of a state comes of a value that the interpreter did not expect.
  const ofState = error instanceof Error && 'isRetryable' in error;
  return { status: 'FAILED', error: ofState ? name : 'States.Runtime', cause };
}
