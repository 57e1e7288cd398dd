// Waiting for executions of state machines.
import { expect, test } from '@jest/globals';
import type { ExecutionView } from '../../../adapters/stepfunctions/executions.ts';
import { failureOf, type Machines, machineName, runToEnd } from '../../../cli/executions.ts';
import { CommandError } from '../../../cli/exit.ts';
import type { ProgressLine } from '../../../cli/progress-line.ts';

const ARN = 'arn:aws:states:eu-central-1:111122223333:execution:Indelible-Seal:1';

/** Step Functions with one state machine, whose execution is in each of the given states for one look. */
class FakeMachines implements Machines {
  readonly started: { machine: string; input: unknown }[] = [];
  readonly #states: ExecutionView[];

  constructor(states: readonly ExecutionView[]) {
    this.#states = [...states];
  }

  async find(name: string): Promise<string | undefined> {
    return name === 'Indelible-Seal' ? 'arn:machine' : undefined;
  }

  async start(machine: string, input: unknown): Promise<string> {
    this.started.push({ machine, input });
    return ARN;
  }

  async describe(execution: string): Promise<ExecutionView> {
    if (execution !== ARN) throw new Error(`no execution ${execution}`);
    return this.#states.length > 1 ? this.#states.shift()! : this.#states[0]!;
  }
}

class Line implements ProgressLine {
  readonly shown: string[] = [];
  stopped = 0;
  show(text: string): void {
    this.shown.push(text);
  }
  stop(): void {
    this.stopped++;
  }
}

function run(machines: Machines, more: Partial<Parameters<typeof runToEnd>[1]> = {}, line = new Line()) {
  return runToEnd(machines, { machine: 'Indelible-Seal', input: { a: 1 }, progress: line, pollMs: 1, ...more });
}

async function failure(promise: Promise<unknown>): Promise<CommandError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CommandError) return error;
  throw new Error('it did not fail with a message for the user', { cause: error });
}

test('starts the machine once and waits for what it answers', async () => {
  const machines = new FakeMachines([
    { status: 'RUNNING' },
    { status: 'RUNNING' },
    { status: 'SUCCEEDED', output: '{}' },
  ]);
  const line = new Line();
  expect(await run(machines, {}, line)).toEqual({ status: 'SUCCEEDED', output: '{}', arn: ARN });
  expect(machines.started).toEqual([{ machine: 'arn:machine', input: { a: 1 } }]);
  expect([line.shown.length, line.stopped]).toEqual([2, 1]);
});

test.each<[ExecutionView, string]>([
  [
    { status: 'FAILED', error: 'LogForked', cause: 'two checkpoints' },
    'the execution ended as FAILED, LogForked: two checkpoints',
  ],
  [{ status: 'FAILED', error: 'LogForked', cause: '' }, 'the execution ended as FAILED, LogForked'],
  [{ status: 'TIMED_OUT' }, `the execution ended as TIMED_OUT: ${ARN}`],
])('%j is said in one sentence', async (view, sentence) => {
  expect(failureOf(await run(new FakeMachines([view])))).toBe(sentence);
});

test('who stops waiting is told which execution goes on, and it is not stopped', async () => {
  const interruption = new AbortController();
  const line = new Line();
  line.show = () => interruption.abort();
  const stopped = await failure(run(new FakeMachines([{ status: 'RUNNING' }]), { signal: interruption.signal }, line));
  expect([stopped.exitCode, stopped.message]).toEqual([130, `no longer waiting; the execution goes on: ${ARN}`]);
  expect(line.stopped).toBe(1);
});

test('a stage that is not deployed is a usage error that says so', async () => {
  const refused = await failure(run(new FakeMachines([]), { machine: machineName('Staging', 'Seal') }));
  expect([refused.exitCode, refused.message]).toEqual([2, expect.stringContaining('no state machine Staging-Seal')]);
});

test('without Step Functions the address is said to be wrong', async () => {
  const machines = new FakeMachines([]);
  machines.find = async () => {
    throw new Error('connect ECONNREFUSED 127.0.0.1:4566');
  };
  const refused = await failure(run(machines));
  expect([refused.exitCode, refused.message]).toEqual([3, expect.stringMatching(/ECONNREFUSED.*--aws-url/)]);
});
