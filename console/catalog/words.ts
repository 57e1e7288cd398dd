// Words of the catalog: which actions fit what somebody typed, and durations as people say them.

/** What is looked at of an action. */
export interface Described {
  readonly action: string;
  readonly category: string;
  readonly description: string;
  readonly sources: readonly string[];
}

/** Those that have every word somewhere, whatever the case; all of them where none was typed. */
export function fitting<T extends Described>(actions: readonly T[], text: string): readonly T[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return actions;
  return actions.filter(({ action, category, description, sources }) => {
    const all = [action, category, description, ...sources].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

const UNITS = { Y: 'year', M: 'month', W: 'week', D: 'day' } as const;
const TIMES = { H: 'hour', M: 'minute', S: 'second' } as const;
const DURATION = /^P(?=.)((?:\d+[YMWD])*)(?:T((?:\d+[HMS])+))?$/;

/** An ISO 8601 duration such as `P7Y` in words; undefined for `permanent`. What is neither is shown as it is. */
export function durationIn(text: string, locale: string): string | undefined {
  if (text === 'permanent') return undefined;
  const [, days, times = ''] = DURATION.exec(text) ?? [];
  if (days === undefined) return text;
  const parts = [...partsIn(days, UNITS, locale), ...partsIn(times, TIMES, locale)];
  return new Intl.ListFormat(locale, { type: 'unit', style: 'long' }).format(parts);
}

function partsIn(text: string, units: Readonly<Record<string, string>>, locale: string): string[] {
  return [...text.matchAll(/(\d+)([A-Z])/g)].map(([, count, letter]) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: units[letter!]!, unitDisplay: 'long' }).format(Number(count)),
  );
}
