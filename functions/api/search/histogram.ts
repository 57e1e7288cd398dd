// Counts by time as their answer.
import type { Reader } from '../../../core/access/reader.ts';
import type { Gap } from '../../../core/gap/gap.ts';
import { boundariesOf, type Interval, intervalFor, slotsIn } from '../../../core/histogram/slots.ts';
import { Zone, ZoneError } from '../../../core/histogram/zone.ts';
import { countEntries } from '../../../services/histogram/count.ts';
import {
  HISTOGRAM_BY,
  type Histogram,
  type HistogramBy,
  type HistogramPorts,
} from '../../../services/histogram/port.ts';
import { beginningOf } from '../../../services/search/search.ts';
import { DEFAULT_SLOTS, MOST_SLOTS } from '../operations/histogram.ts';
import { Problem } from '../shared/problem.ts';
import { CLOCK_SLACK_MS } from './answer.ts';
import { type Asked, asReadBy } from './asked.ts';

export const DEFAULT_BY: HistogramBy = HISTOGRAM_BY[0];

/** A chart is looked at beside a page, and waits no longer. */
const BUDGET_MS = 3_000;

/** How the period is cut, as it was given. */
export interface Cut {
  readonly by: HistogramBy | undefined;
  readonly interval: Interval | undefined;
  readonly slots: number | undefined;
  readonly timeZone: string | undefined;
}

export interface HistogramAnswer {
  readonly body: string;
  /** All entries that were counted. */
  readonly counted: number;
  /** Epoch milliseconds: what was asked for, as far as it is visible. */
  readonly period: { readonly from: number; readonly to: number };
  readonly gaps: readonly Gap[];
}

/** Throws Problem invalid-query, and what countEntries throws. */
export async function answerHistogram(
  ports: HistogramPorts,
  reader: Reader,
  asked: Asked,
  { by = DEFAULT_BY, timeZone = 'UTC', ...cut }: Cut,
): Promise<HistogramAnswer> {
  const zone = zoneOf(timeZone);
  const now = ports.now();
  const hotFrom = now - ports.hotWindowMs;
  const to = asked.to ?? now + CLOCK_SLACK_MS;
  const wanted = Math.max(asked.from ?? (await begunAt(ports, reader, hotFrom)), Math.ceil(reader.visibleFrom));
  const from = Math.max(wanted, Math.ceil(hotFrom));
  const interval = intervalOf({ from, to }, cut);
  const query = asReadBy(asked, reader);
  const { tenant } = reader;
  const boundaries = from < to ? boundariesOf({ from, to }, interval, zone) : [];
  const counts =
    from < to ? await countEntries(ports, { tenant, query, boundaries, by, budgetMs: BUDGET_MS }) : NOTHING;
  const beyond = wanted < hotFrom && asked.from !== undefined ? { from: wanted, to: Math.min(to, from) } : undefined;
  const body = { by, interval, timeZone, ...bodyOf(counts, beyond), range: spanText({ from: Math.min(from, to), to }) };
  const counted = counts.byIndex + counts.byLedger;
  return { body: JSON.stringify(body), counted, period: { from: wanted, to }, gaps: counts.gaps };
}

const NOTHING: Histogram = { values: [], slots: [], uncounted: [], gaps: [], byIndex: 0, byLedger: 0 };

/** Who names no beginning asks from the tenant's first entry on, as far as it is in the hot window. */
async function begunAt(ports: HistogramPorts, { tenant }: Reader, hotFrom: number): Promise<number> {
  return Math.max((await beginningOf(ports, tenant)) ?? hotFrom, Math.ceil(hotFrom));
}

function zoneOf(name: string): Zone {
  try {
    return new Zone(name);
  } catch (cause) {
    if (!(cause instanceof ZoneError)) throw cause;
    const detail = 'The timeZone has to be the name of a time zone such as Asia/Kolkata, or an offset such as +05:30.';
    throw refusal('timeZone', 'not-allowed', detail);
  }
}

function intervalOf(
  span: { readonly from: number; readonly to: number },
  { interval, slots }: Omit<Cut, 'by' | 'timeZone'>,
) {
  if (interval === undefined) return intervalFor(span, slots ?? DEFAULT_SLOTS);
  if (slots !== undefined) throw refusal('slots', 'not-allowed', 'Give interval or slots: one follows from the other.');
  if (slotsIn(span, interval) <= MOST_SLOTS) return interval;
  const enough = intervalFor(span, MOST_SLOTS);
  const detail = `The interval makes more than ${MOST_SLOTS} slots of the range: it has to be ${enough} or longer, or the range shorter.`;
  throw refusal('interval', 'too-many', detail);
}

const refusal = (name: string, code: string, detail: string) =>
  new Problem('invalid-query', detail, { errors: [{ pointer: `/${name}`, code, detail }] });

interface Times {
  readonly from: number;
  readonly to: number;
}

function bodyOf({ values, slots, uncounted, gaps, byIndex, byLedger }: Histogram, beyond: Times | undefined) {
  return {
    slots: slots.map(({ counts, isExact, ...span }) => ({
      ...spanText(span),
      counts: Object.fromEntries(values.map((value, i) => [value, counts[i]!])),
      total: counts.reduce((sum, one) => sum + one, 0),
      exact: isExact,
    })),
    total: byIndex + byLedger,
    complete: beyond === undefined && slots.every(({ isExact }) => isExact),
    uncounted: uncounted.map(spanText),
    counted: { byIndex, byLedger },
    gaps,
    ...(beyond === undefined ? {} : { beyond: spanText(beyond) }),
  };
}

const spanText = ({ from, to }: Times) => ({ from: iso(from), to: iso(to) });

const iso = (time: number): string => new Date(time).toISOString();
