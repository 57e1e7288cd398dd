import { ALL } from '../query/ast.ts';
import { type Candidate, compileQuery } from '../query/match.ts';
import type { Reader } from './reader.ts';

/** Whether an entry exists for the reader: its filter matches, and its plan reaches back so far. */
export function visibleTo({ filter, visibleFrom }: Reader): (candidate: Candidate) => boolean {
  const matches = compileQuery(filter);
  return (candidate) => Date.parse(candidate.entry.recordedAt) >= visibleFrom && matches(candidate);
}

/** Nothing of the tenant's is hidden from the reader. */
export function seesAll({ filter, visibleFrom }: Reader): boolean {
  return filter.kind === ALL.kind && visibleFrom === 0;
}
