/** Runs a plan: the interpreter goes from state to state, handlers do the tasks and whatever runs side by side. */

import type { RunOptions } from 'aws-local-stepfunctions';
import { demandSize, runtimeError, type StateError, stopped } from './errors.ts';
import { ExecutionAbortedError, ExecutionError, type Json } from './language.ts';
import type { MapInput, Plan, Step } from './plan.ts';

/** An inline Map runs about as many iterations at once on AWS when it sets no bound, or a higher one. */
const MOST_CONCURRENT = 40;

export interface Scope {
  /** The context object, without what the interpreter sets. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** Does what a Task state asks for; throws StateError. */
  readonly call: (resource: string, input: Json) => Promise<Json>;
}

/** The output; throws StateError, or what the interpreter throws when the run is aborted or timed out. */
export async function runPlan(plan: Plan, input: Json, scope: Scope): Promise<Json> {
  if (scope.signal.aborted) throw stopped();
  // The interpreter tries again at once what waits for its next attempt when it is aborted: handlers must know, too.
  const own = new AbortController();
  const signal = AbortSignal.any([scope.signal, own.signal]);
  const run = plan.machine.run(input as never, {
    context: scope.context,
    overrides: { taskResourceLocalHandlers: handlers(plan, { ...scope, signal }) },
  });
  signal.addEventListener('abort', run.abort, { once: true });
  const watched = firstOversize(run.eventLogs as AsyncIterable<Event>, () => own.abort());
  try {
    const output = (await run.result) as Json;
    const oversize = await watched;
    if (oversize) throw oversize;
    return output;
  } catch (error) {
    if (error instanceof ExecutionAbortedError) throw (await watched) ?? error;
    throw error instanceof ExecutionError ? error.cause : error;
  } finally {
    own.abort();
  }
}

interface Event {
  readonly type: string;
  readonly state?: { readonly name: string; readonly output?: unknown };
}

/** The events have to be taken anyway: untaken they would pile up, with every state's input, until the end. */
async function firstOversize(events: AsyncIterable<Event>, abort: () => void): Promise<StateError | undefined> {
  let oversize: StateError | undefined;
  for await (const { type, state } of events) {
    if (type !== 'StateExited' || oversize) continue;
    try {
      demandSize(state?.output, `output of ${state?.name}`);
    } catch (error) {
      oversize = error as StateError;
      abort();
    }
  }
  return oversize;
}

type Handlers = NonNullable<NonNullable<RunOptions['overrides']>['taskResourceLocalHandlers']>;

function handlers(plan: Plan, scope: Scope): Handlers {
  const entries = [...plan.steps].map(([name, step]) => {
    const handle = async (input: Json): Promise<Json> => {
      if (scope.signal.aborted) throw stopped();
      if (step.kind !== 'map') demandSize(input, `input of ${name}`, step.state);
      const output = await take(step, input, scope);
      demandSize(output, `result of ${name}`, step.state);
      return output;
    };
    return [name, handle];
  });
  return Object.fromEntries(entries) as Handlers;
}

async function take(step: Step, input: Json, scope: Scope): Promise<Json> {
  if (step.kind === 'task') return scope.call(step.resource, input);
  if (step.kind === 'parallel') {
    const runs = step.branches.map((branch) => (inner: Scope) => runPlan(branch, input, inner));
    return fork(runs, MOST_CONCURRENT, scope);
  }
  const { items, input: whole, concurrency } = input as unknown as MapInput;
  if (!Array.isArray(items)) throw runtimeError('A Map state needs a list of items.');
  if (!Number.isInteger(concurrency) || Number(concurrency) < 0)
    throw runtimeError('MaxConcurrency must be a whole number.');
  const runs = items.map((Value: Json, Index) => (inner: Scope) => {
    const context = { ...inner.context, Map: { Item: { Index, Value } } };
    return runPlan(step.item, step.selects ? (whole as Json) : Value, { ...inner, context });
  });
  return fork(runs, Math.min(Number(concurrency) || MOST_CONCURRENT, MOST_CONCURRENT), scope);
}

/** All outputs in order. The first failure stops the others, and those that have not begun never do. */
async function fork(
  runs: readonly ((scope: Scope) => Promise<Json>)[],
  concurrency: number,
  scope: Scope,
): Promise<Json[]> {
  const own = new AbortController();
  const inner = { ...scope, signal: AbortSignal.any([scope.signal, own.signal]) };
  const outputs: Json[] = [];
  const waiting = runs.entries();
  const work = async (): Promise<void> => {
    for (const [index, run] of waiting) {
      if (inner.signal.aborted) return;
      outputs[index] = await run(inner);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
    if (scope.signal.aborted) throw stopped();
    return outputs;
  } finally {
    own.abort();
  }
}
