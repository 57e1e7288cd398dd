// Whether a reader may see an entry.
import { type Candidate, compileQuery } from '../query/match.ts';
import type { Reader } from './reader.ts';

/** Whether an entry exists for the reader: its filter matches, and its plan reaches back so far. */
export function visibleTo({ filter, visibleFrom }: Reader): (candidate: Candidate) => boolean {
  const matches = compileQuery(filter);
  return (candidate) => Date.parse(candidate.entry.recordedAt) >= visibleFrom && matches(candidate);
}
