/**
 * The Amazon States Language as far as this runtime reads it, and the library that interprets it. Its CommonJS build is
 * asked for by name: the other one insists on a Lambda client, which is kept out (package.json, overrides) because every
 * task is local.
 */
import { createRequire } from 'node:module';
import type * as Library from 'aws-local-stepfunctions';

const library = createRequire(import.meta.url)('aws-local-stepfunctions') as typeof Library;

export const { StateMachine, ExecutionAbortedError, ExecutionError, ExecutionTimeoutError } = library;
export type StateMachine = Library.StateMachine;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Handler {
  readonly ErrorEquals: readonly string[];
  readonly [field: string]: unknown;
}

export interface State {
  readonly Type: string;
  readonly Retry?: readonly Handler[];
  readonly Catch?: readonly Handler[];
  readonly [field: string]: unknown;
}

/** A machine, a branch, or what is done with each item: states, and where they begin. */
export interface Flow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly [field: string]: unknown;
}

/** The flows inside a state. */
export function innerFlows(state: State): readonly Flow[] {
  if (state.Type === 'Parallel') return state.Branches as readonly Flow[];
  return state.Type === 'Map' ? [(state.ItemProcessor ?? state.Iterator) as Flow] : [];
}

/**
 * Applies `change` to each path and intrinsic function of a state, and to nothing that is only text. Flows inside are left
 * alone: they are states of their own.
 */
export function mapExpressions(state: State, change: (expression: string) => string): State {
  const { Result: constant, Branches, ItemProcessor, Iterator: iterator, ...own } = state;
  const inner = { Result: constant, Branches, ItemProcessor, Iterator: iterator };
  const kept = Object.entries(inner).filter(([, value]) => value !== undefined);
  return { ...(mapIn(own, change) as State), ...Object.fromEntries(kept) };
}

function mapIn(value: unknown, change: (expression: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapIn(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const isExpression = typeof item === 'string' && /(\.\$|Path|^Variable)$/.test(key) && key !== 'ResultPath';
      return [key, isExpression ? change(item) : mapIn(item, change)];
    }),
  );
}
