// What has to follow a report, and by when (Directive (EU) 2019/1937, Article 9), with what met it.
import type { Row } from '../entries/use-entries.ts';
import { isAbout } from './summary.ts';

/** Actions of the catalog. */
export const REPORTED = 'case.report_submitted';
export const ACKNOWLEDGED = 'case.acknowledged';
export const ANSWERED = 'case.feedback_given';

const ACKNOWLEDGE_DAYS = 7;
const FEEDBACK_MONTHS = 3;
const DAY_MS = 86_400_000;

export interface Deadline {
  readonly name: 'acknowledgement' | 'feedback';
  /** Epoch milliseconds. */
  readonly due: number;
  /** The first entry that does what is due, in time or late. */
  readonly met: Row | undefined;
  /** `open`: not due yet. `missed`: nothing does it although it is due. */
  readonly standing: 'met' | 'late' | 'open' | 'missed';
}

/**
 * Of a record that was reported, as it stood at `now` (epoch milliseconds); none of others. The seven days count from the first report; the three
 * months from the acknowledgement, or from the end of the seven days where there was none until then.
 */
export function deadlinesOf(rows: readonly Row[], type: string, id: string, now: number): readonly Deadline[] {
  const done = rows.filter((row) => isAbout(row, type, id) && isDone(row));
  const first = (action: string): Row | undefined => done.find(({ entry }) => entry.action === action);
  const report = first(REPORTED);
  if (report === undefined) return [];
  const acknowledged = first(ACKNOWLEDGED);
  const acknowledgeBy = timeOf(report) + ACKNOWLEDGE_DAYS * DAY_MS;
  const from = acknowledged === undefined ? acknowledgeBy : Math.min(timeOf(acknowledged), acknowledgeBy);
  return [
    deadline('acknowledgement', acknowledgeBy, acknowledged, now),
    deadline('feedback', monthsAfter(from, FEEDBACK_MONTHS), first(ANSWERED), now),
  ];
}

function deadline(name: Deadline['name'], due: number, met: Row | undefined, now: number): Deadline {
  if (met !== undefined) return { name, due, met, standing: timeOf(met) <= due ? 'met' : 'late' };
  return { name, due, met, standing: now <= due ? 'open' : 'missed' };
}

/** The same day of a later month, or that month's last one. */
export function monthsAfter(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/** Whether something has to follow. */
export const isReport = (row: Row): boolean => row.entry.action === REPORTED && isDone(row);

/** What was tried and refused does not count. */
const isDone = ({ entry: { outcome } }: Row): boolean => outcome === 'success' || outcome === 'unknown';

const timeOf = ({ entry }: Row): number => Date.parse(entry.occurredAt);
