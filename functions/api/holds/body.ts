// Bodies of holds and of their releases.
import type { Static } from 'typebox';
import type { HoldScope } from '../../../core/documents/hold.ts';
import { parseTime } from '../../../core/entry/time.ts';
import { DEFAULT_LIMITS } from '../../../core/limits.ts';
import { HOLD_OPERATIONS } from '../operations/holds.ts';
import { type BodyRules, bodyOf, emptyRange } from '../shared/body.ts';
import type { HttpEvent } from '../shared/http.ts';
import type { ProblemFault } from '../shared/problem.ts';

const RULES = {
  // A reason and a scope are some kilobytes.
  limits: { ...DEFAULT_LIMITS, bodyBytes: 65_536 },
  slug: 'invalid-hold',
  outcome: 'Nothing was changed.',
} satisfies BodyRules<never>;

type Scope = Static<typeof HOLD_OPERATIONS.applyHold.body>['scope'];

/** What POST /v1/holds takes. The scope has to be said, be it `{}`: nobody holds everything by leaving something out. */
export function readHold(event: HttpEvent): { readonly reason: string; readonly scope: HoldScope } {
  const { reason, scope } = bodyOf(event, HOLD_OPERATIONS.applyHold, {
    ...RULES,
    rules: ({ scope }) => rangeFaults(scope),
  });
  const { from, to, ...others } = scope;
  return {
    reason,
    scope: {
      ...others,
      ...(from === undefined ? {} : { from: exact(from) }),
      ...(to === undefined ? {} : { to: exact(to) }),
    },
  };
}

/** What POST /v1/holds/{id}/release takes. */
export function readRelease(event: HttpEvent): { readonly reason: string } {
  return bodyOf(event, HOLD_OPERATIONS.releaseHold, RULES);
}

function rangeFaults({ from, to }: Scope): ProblemFault[] {
  return from === undefined || to === undefined ? [] : emptyRange(parseTime(from)!, parseTime(to)!, '/scope/to');
}

/** As the format writes it. Precondition: a time, as the schema has it. */
const exact = (time: string): string => new Date(parseTime(time)!).toISOString();
