/**
 * From a definition to what the interpreter runs. It is given flat machines: a Map or Parallel state becomes a task whose
 * handler runs the flows inside (run.ts), because the interpreter goes on with queued items after one has failed, and gives
 * inner states another execution's context. What else differs from AWS in it is written around here, each with its reason.
 */
import { LONGEST_SECONDS } from './definition.ts';
import { type Flow, innerFlows, mapExpressions, type State, StateMachine } from './language.ts';

export interface Plan {
  readonly machine: StateMachine;
  /** Every state that a handler runs, by its name. */
  readonly steps: ReadonlyMap<string, Step>;
}

export type Step =
  | { readonly kind: 'task'; readonly resource: string; readonly state: State }
  | { readonly kind: 'map'; readonly item: Plan; readonly selects: boolean; readonly state: State }
  | { readonly kind: 'parallel'; readonly branches: readonly Plan[]; readonly state: State };

/** What the handler of a Map state is given. */
export interface MapInput {
  readonly items: unknown;
  readonly input: unknown;
  readonly concurrency: unknown;
}

/** Where the execution's facts are found: the interpreter overwrites `Execution`, with each run's own input and start. */
export const EXECUTION = 'Started';

/** No state of a definition can have this name, since names hold at most 80 characters. */
const SELECT = `select the item${' '.repeat(80)}`;

export function planOf(definition: Flow): Plan {
  return plan(definition, definition.TimeoutSeconds);
}

function plan(flow: Flow, timeout?: unknown): Plan {
  const steps = new Map<string, Step>();
  const states: Record<string, State> = {};
  for (const [name, state] of Object.entries(flow.States)) {
    const own = corrected(state);
    const step = stepOf(own);
    if (step) steps.set(name, step);
    states[name] = step ? asTask(own) : own;
  }
  const definition = { StartAt: flow.StartAt, States: states, ...(timeout !== undefined && limited(timeout)) };
  return { machine: new StateMachine(definition as never, { validationOptions: { noValidate: true } }), steps };
}

function limited(seconds: unknown): { TimeoutSeconds: number } {
  return { TimeoutSeconds: Math.min(Number(seconds), LONGEST_SECONDS) };
}

function stepOf(state: State): Step | undefined {
  if (state.Type === 'Task') return { kind: 'task', resource: String(state.Resource), state };
  if (state.Type === 'Parallel') {
    return { kind: 'parallel', branches: innerFlows(state).map((branch) => plan(branch)), state };
  }
  if (state.Type !== 'Map') return undefined;
  const selector = state.ItemSelector ?? state.Parameters;
  const flow = innerFlows(state)[0] as Flow;
  return {
    kind: 'map',
    item: plan(selector === undefined ? flow : selecting(selector, flow)),
    selects: selector !== undefined,
    state,
  };
}

/** Selecting an item's input is a state of its own, before the first of its flow. */
function selecting(selector: unknown, flow: Flow): Flow {
  const first = { Type: 'Pass', Parameters: selector, Next: flow.StartAt };
  return { StartAt: SELECT, States: { ...flow.States, [SELECT]: first } };
}

function asTask(state: State): State {
  const {
    Branches,
    ItemProcessor,
    Iterator: _,
    ItemSelector,
    ItemsPath,
    MaxConcurrency,
    MaxConcurrencyPath,
    Label: _label,
    ToleratedFailurePercentage: _tolerated,
    ...own
  } = state;
  // The interpreter's tasks end after a minute unless they say otherwise; AWS's run as long as they take.
  const unhurried = own.TimeoutSecondsPath === undefined ? limited(own.TimeoutSeconds ?? LONGEST_SECONDS) : {};
  if (state.Type !== 'Map') return { ...own, ...unhurried, Type: 'Task' };
  const concurrency =
    MaxConcurrencyPath === undefined ? { concurrency: MaxConcurrency ?? 0 } : { 'concurrency.$': MaxConcurrencyPath };
  const Parameters = { 'items.$': ItemsPath ?? '$', 'input.$': '$', ...concurrency };
  return { ...own, ...unhurried, Type: 'Task', Parameters };
}

function corrected(state: State): State {
  const moved = mapExpressions(state, (text) => text.replaceAll('$$.Execution.', () => `$$.${EXECUTION}.`));
  const own: Record<string, unknown> = { ...withoutWholeResultPath(moved) };
  if (own.Catch) own.Catch = (own.Catch as Record<string, unknown>[]).map(withoutWholeResultPath);
  if (own.Choices) own.Choices = (own.Choices as Record<string, unknown>[]).map(rightTypeTests);
  // A result that is false, 0, "" or null is taken for none; parameters aren't.
  if ('Result' in own && !own.Result) {
    own.Parameters = own.Result;
    delete own.Result;
  }
  return own as unknown as State;
}

/** `$`, the default, would be read as the name of a member. */
function withoutWholeResultPath(place: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { ResultPath, ...rest } = place;
  return ResultPath === undefined || ResultPath === '$' ? rest : { ...rest, ResultPath };
}

/** `IsPresent: false` and its like never hold; the negation of the true test does what they mean. */
function rightTypeTests(rule: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { Next, ...test } = rule;
  const next = Next === undefined ? {} : { Next };
  for (const [operator, operand] of Object.entries(test)) {
    if (operator.startsWith('Is') && operand === false) return { Not: { ...test, [operator]: true }, ...next };
    if (Array.isArray(operand)) return { [operator]: operand.map(rightTypeTests), ...next };
    if (operator === 'Not') return { Not: rightTypeTests(operand as Record<string, unknown>), ...next };
  }
  return { ...rule };
}
