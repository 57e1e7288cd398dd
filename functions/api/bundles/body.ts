// Bodies of requests for bundles.
import type { JsonObject } from '../../../core/json/value.ts';
import { DEFAULT_LIMITS } from '../../../core/limits.ts';
import type { Period } from '../../../services/bundle/plan.ts';
import { BUNDLE_OPERATIONS } from '../operations/bundles.ts';
import { bodyOf } from '../shared/body.ts';
import type { HttpEvent } from '../shared/http.ts';
import type { ProblemFault } from '../shared/problem.ts';

export interface BundleBody {
  readonly period: Period;
  /** As it was sent. */
  readonly request: JsonObject;
}

/** What POST /v1/bundles takes. Throws Problem invalid-export, which names every fault. */
export function readBundleBody(event: HttpEvent): BundleBody {
  const request = bodyOf(event, BUNDLE_OPERATIONS.startBundle, {
    // Two days.
    limits: { ...DEFAULT_LIMITS, bodyBytes: 4_096 },
    ...{ slug: 'invalid-export', outcome: 'Nothing was exported.' },
    rules: ({ from, to }) => [...dayFaults('/from', from), ...dayFaults('/to', to), ...rangeFaults(from, to)],
  });
  const { from, to } = request;
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return { period, request: request as JsonObject };
}

function dayFaults(pointer: string, day: string | undefined): ProblemFault[] {
  if (day === undefined || isDay(day)) return [];
  return [{ pointer, code: 'bad-format', detail: 'got a day that no calendar has, want one such as 2026-03-31' }];
}

/** A parsed date that has another day than it was made of has rolled over. */
function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00.000Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function rangeFaults(from: string | undefined, to: string | undefined): ProblemFault[] {
  if (from === undefined || to === undefined || from <= to) return [];
  return [{ pointer: '/to', code: 'empty-range', detail: 'got a last day before the first, want from before to' }];
}
