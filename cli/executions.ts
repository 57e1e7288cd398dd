// Starts an execution of a state machine and waits for its end.
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExecutionView, StateMachines } from '../adapters/stepfunctions/executions.ts';
import { awsUrl } from './endpoints.ts';
import { CommandError, EXIT } from './exit.ts';
import { type ProgressLine, progressLine } from './progress-line.ts';
import type { CommandValues } from './values.ts';

/** What a command needs of Step Functions. */
export interface Machines {
  find(name: string): Promise<string | undefined>;
  start(machine: string, input: unknown): Promise<string>;
  describe(execution: string): Promise<ExecutionView>;
}

export interface ExecutionOptions {
  /** Name of the state machine. */
  readonly machine: string;
  readonly input: unknown;
  readonly progress: ProgressLine;
  /** Aborted by whoever no longer wants to wait; the execution goes on. */
  readonly signal?: AbortSignal;
  readonly pollMs?: number;
}

/** Often enough to feel prompt, seldom enough for Step Functions' quota of 15 calls a second. */
const POLL_MS = 1_000;

const DEFAULT_STAGE = 'Indelible';

/** State machines are named by their stage (lib/config/stage.ts). */
export function machineName(stage: string | undefined, name: string): string {
  return `${stage ?? DEFAULT_STAGE}-${name}`;
}

export interface EndedExecution extends ExecutionView {
  readonly arn: string;
}

/** Runs a state machine of the stage to its end. Ctrl-C ends the waiting, not the execution. */
export async function execute(values: CommandValues, name: string, input: unknown): Promise<EndedExecution> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  try {
    return await runToEnd(new StateMachines(awsUrl(values['aws-url'])), {
      machine: machineName(values.stage, name),
      input,
      progress: progressLine(process.stderr),
      signal: interruption.signal,
    });
  } finally {
    process.off('SIGINT', interrupt);
  }
}

/** Starts a state machine and waits for its end, whatever that is. */
export async function runToEnd(
  machines: Machines,
  { machine, input, progress, signal, pollMs = POLL_MS }: ExecutionOptions,
): Promise<EndedExecution> {
  const arn = await reached(() => machines.find(machine));
  if (arn === undefined) {
    throw new CommandError(
      EXIT.usage,
      `there is no state machine ${machine}; name the stage that is deployed with --stage`,
    );
  }
  const execution = await reached(() => machines.start(arn, input));
  try {
    return await untilEnd(machines, execution, progress, signal, pollMs);
  } finally {
    progress.stop();
  }
}

async function untilEnd(
  machines: Machines,
  execution: string,
  progress: ProgressLine,
  signal: AbortSignal | undefined,
  pollMs: number,
): Promise<EndedExecution> {
  const begun = Date.now();
  for (;;) {
    const found = await reached(() => machines.describe(execution));
    if (found.status !== 'RUNNING') return { ...found, arn: execution };
    progress.show(`running for ${Math.round((Date.now() - begun) / 1000)} s`);
    await waited(pollMs, signal, execution);
  }
}

async function waited(pollMs: number, signal: AbortSignal | undefined, execution: string): Promise<void> {
  try {
    await sleep(pollMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    throw new CommandError(EXIT.interrupted, `no longer waiting; the execution goes on: ${execution}`, {
      cause: error,
    });
  }
}

/** What an execution that did not succeed says, in one sentence. */
export function failureOf({ status, error, cause, arn }: EndedExecution): string {
  const why = [error, cause].filter((part) => part !== undefined && part !== '').join(': ');
  return why === '' ? `the execution ended as ${status}: ${arn}` : `the execution ended as ${status}, ${why}`;
}

async function reached<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { message } = error as Error;
    throw new CommandError(
      EXIT.unreachable,
      `Step Functions could not be asked: ${message}; check --aws-url and your credentials`,
      {
        cause: error,
      },
    );
  }
}
