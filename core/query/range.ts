// Ranges of values in queries.
import { compareText } from '../../names/order.ts';
import type { FieldTest } from './ast.ts';
import { SEVERITY_ORDER } from './fields.ts';
import { isNumber } from './parse.ts';
import { type Span, spanOf } from './time.ts';

export type Range = Extract<FieldTest, { kind: 'range' }>;

/** How the bounds of a range are to be read, where the field's kind leaves it open. */
export function isNumeric({ low, high }: Range): boolean {
  return [low, high].every((bound) => bound === undefined || isNumber(bound.value));
}

/** Milliseconds from the first on, before the last; a day as a bound is the whole of it. */
export function timeRange({ low, high }: Range): Span {
  const from = low && spanOf(low.value)!;
  const to = high && spanOf(high.value)!;
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : low!.inclusive ? from.from : from.to,
    to: to === undefined ? Number.POSITIVE_INFINITY : high!.inclusive ? to.to : to.from,
  };
}

export function numberInRange({ low, high }: Range, value: number): boolean {
  if (low !== undefined && !(low.inclusive ? value >= Number(low.value) : value > Number(low.value))) return false;
  return high === undefined || (high.inclusive ? value <= Number(high.value) : value < Number(high.value));
}

export function textInRange({ low, high }: Range, value: string): boolean {
  const below = low === undefined ? 1 : compareText(value, low.value);
  const above = high === undefined ? -1 : compareText(value, high.value);
  return (below > 0 || (below === 0 && low!.inclusive)) && (above < 0 || (above === 0 && high!.inclusive));
}

/** Severities between the bounds, which are severities themselves (parse.ts). */
export function severitiesIn({ low, high }: Range): string[] {
  const rank = (value: string) => (SEVERITY_ORDER as readonly string[]).indexOf(value);
  const from = low === undefined ? 0 : rank(low.value) + (low.inclusive ? 0 : 1);
  const to = high === undefined ? SEVERITY_ORDER.length - 1 : rank(high.value) - (high.inclusive ? 0 : 1);
  return SEVERITY_ORDER.filter((_, i) => i >= from && i <= to);
}
