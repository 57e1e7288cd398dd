/**
 * State machines and their executions.
 *
 * Promise: an execution is on disk (fsync) before its start is answered, and ends once: whatever ran when the process died
 * runs again from its beginning at the next start. A result is shown once it is on disk.
 */
import { randomUUID } from 'node:crypto';
import { Refusal } from '../aws/refusal.ts';
import { messageOf } from '../failure.ts';
import { persistently } from '../persistently.ts';
import type { RuntimeContext } from '../template/provisioner.ts';
import { type Ending, type Execution, endingOf } from './execution.ts';
import { demandInput, demandName } from './input.ts';
import type { Json } from './language.ts';
import { EXECUTION, type Plan } from './plan.ts';
import { runPlan } from './run.ts';
import type { ExecutionStore } from './store.ts';
import { callTask } from './tasks.ts';

export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly plan: Plan;
  readonly createdAt: number;
  readonly revisionId: string;
  /** Told of each end, once it is on disk. */
  readonly ended: (execution: Execution) => void;
}

interface StartRequest {
  readonly machineArn: string;
  readonly name?: string;
  readonly input: string;
}

interface RunningExecution {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

export class StateMachines {
  readonly #context: RuntimeContext;
  readonly #store: ExecutionStore;
  readonly #machines = new Map<string, Machine>();
  readonly #accepting = new Map<string, { readonly input: string; readonly accepted: Promise<Execution> }>();
  readonly #runs = new Map<string, RunningExecution>();
  /** Calls that tasks made; some outlive their execution. */
  readonly #calls = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();
  #suspended = false;

  constructor(context: RuntimeContext, store: ExecutionStore) {
    this.#context = context;
    this.#store = store;
  }

  add(machine: Machine): void {
    this.#machines.set(machine.arn, machine);
  }

  get all(): readonly Machine[] {
    return [...this.#machines.values()];
  }

  machine(arn: string): Machine {
    const machine = this.#machines.get(arn);
    if (!machine) throw new Refusal(400, 'StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  execution(arn: string): Execution {
    const execution = this.#store.get(arn);
    if (!execution) throw new Refusal(400, 'ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  executions(machineArn: string): readonly Execution[] {
    return this.#store.ofMachine(this.machine(machineArn).arn);
  }

  /** The same name with the same input is the same execution while it runs, and refused ever after. */
  async start({ machineArn, name = randomUUID(), input }: StartRequest): Promise<Execution> {
    demandName(name);
    demandInput(input);
    const machine = this.machine(machineArn);
    const arn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const accepting = this.#accepting.get(arn);
    const known = accepting ?? this.#store.get(arn);
    if (known) {
      const runs = accepting !== undefined || this.#store.get(arn)?.status === 'RUNNING';
      if (!runs || known.input !== input) {
        throw new Refusal(400, 'ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      }
      return accepting ? accepting.accepted : this.execution(arn);
    }
    const startDate = this.#context.clock.now();
    const execution: Execution = { arn, machineArn, name, input, status: 'RUNNING', startDate };
    const accepted = this.#store.put(execution).then(() => execution);
    this.#accepting.set(arn, { input, accepted });
    try {
      await accepted;
    } finally {
      this.#accepting.delete(arn);
    }
    // While the runtime stops, what is accepted is left for the next start.
    if (!this.#suspended) this.#begin(execution, machine);
    return execution;
  }

  async abort(arn: string, reason: Omit<Ending, 'status'>): Promise<Execution> {
    const execution = this.execution(arn);
    if (execution.status !== 'RUNNING') return execution;
    const ending = { ...reason, status: 'ABORTED' } as const;
    const run = this.#runs.get(arn);
    if (!run) await this.#end(execution, ending);
    run?.abort.abort(ending);
    await run?.done;
    return this.execution(arn);
  }

  /** Runs what an earlier run of the runtime left running. */
  async resume(): Promise<void> {
    for (const execution of this.#store.running) {
      const machine = this.#machines.get(execution.machineArn);
      if (machine && !this.#runs.has(execution.arn)) this.#begin(execution, machine);
      if (!machine) {
        this.#context.warn('stepfunctions', 'an execution was ended: the template no longer has its state machine', {
          execution: execution.arn,
        });
        await this.#end(execution, { status: 'ABORTED', cause: 'The template no longer has the state machine.' });
      }
    }
  }

  /** Stops what runs, which stays RUNNING on disk, and waits for the calls that are under way. */
  async suspend(): Promise<void> {
    this.#suspended = true;
    this.#stopping.abort();
    const runs = [...this.#runs.values()];
    for (const { abort } of runs) abort.abort();
    await Promise.all(runs.map(({ done }) => done));
    await Promise.allSettled(this.#calls);
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #begin(execution: Execution, machine: Machine): void {
    const abort = new AbortController();
    const done = this.#run(execution, machine, abort.signal)
      .catch((error: unknown) => {
        this.#context.warn('stepfunctions', 'an execution could not be ended and runs again at the next start', {
          execution: execution.arn,
          error: messageOf(error),
        });
      })
      .finally(() => this.#runs.delete(execution.arn));
    this.#runs.set(execution.arn, { abort, done });
  }

  async #run(execution: Execution, machine: Machine, signal: AbortSignal): Promise<void> {
    const input = JSON.parse(execution.input) as Json;
    const task = {
      context: this.#context,
      roleArn: machine.roleArn,
      start: (request: StartRequest) => this.start(request),
    };
    const scope = {
      context: contextObject(execution, machine, input),
      signal,
      call: (resource: string, parameters: Json) => this.#track(callTask(resource, parameters, task)),
    };
    let ending: Ending | undefined;
    try {
      ending = { status: 'SUCCEEDED', output: JSON.stringify(await runPlan(machine.plan, input, scope)) };
    } catch (error) {
      ending = endingOf(error);
    }
    if (signal.aborted) ending = this.#suspended ? undefined : (signal.reason as Ending);
    if (ending) await this.#end(execution, ending);
  }

  async #end(execution: Execution, ending: Ending): Promise<void> {
    const ended = { ...execution, ...ending, stopDate: this.#context.clock.now() };
    const about = { context: this.#context, part: 'stepfunctions', what: `the end of ${execution.arn}` };
    const signal = this.#stopping.signal;
    // A stop leaves it as running, so that it runs again at the next start.
    if (!(await persistently(() => this.#store.put(ended), { ...about, signal }))) return;
    this.#machines.get(execution.machineArn)?.ended(ended);
  }

  #track<T>(call: Promise<T>): Promise<T> {
    const tracked = call.finally(() => this.#calls.delete(tracked));
    this.#calls.add(tracked);
    return tracked;
  }
}

/** The start stays what it was when an execution runs again, as its name does. */
function contextObject(execution: Execution, machine: Machine, Input: Json): Record<string, unknown> {
  const StartTime = new Date(execution.startDate).toISOString();
  return {
    [EXECUTION]: { Id: execution.arn, Input, Name: execution.name, RoleArn: machine.roleArn, StartTime },
    StateMachine: { Id: machine.arn, Name: machine.name },
  };
}
