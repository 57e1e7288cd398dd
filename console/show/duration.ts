// A retention in words of the reader's language: `P2Y` is two years.
import { PERMANENT } from '../../core/catalog/retention.ts';
import { DURATION } from '../../names/time.ts';

const UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const;

/** `permanent`: the word for what never ends. What is no duration stays as it is. */
export function durationWords(retention: string, locale: string, permanent: string): string {
  if (retention === PERMANENT) return permanent;
  const parts = (DURATION.exec(retention) ?? []).slice(1).flatMap((digits, i) => {
    if (digits === undefined) return [];
    const options = { style: 'unit', unit: UNITS[i]!, unitDisplay: 'long' } as const;
    return [new Intl.NumberFormat(locale, options).format(Number(digits))];
  });
  return parts.length === 0 ? retention : new Intl.ListFormat(locale, { type: 'unit' }).format(parts);
}
