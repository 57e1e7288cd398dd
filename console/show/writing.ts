// Times and numbers as the reader writes them.
import type { Language, Zone } from '../shell/choices.ts';

/** Tags of locales: the browser's own where it speaks the chosen language, so that a Briton's dates are British. */
export function localesOf(language: Language, spoken: readonly string[]): readonly string[] {
  const own = spoken.filter((tag) => tag.split('-')[0] === language);
  return [...own, language === 'hi' ? 'hi-IN' : 'en-GB'];
}

export interface Writing {
  /** `today, 14:02`, or the day and the time. */
  readonly near: (time: string, now: number) => string;
  /** To the millisecond, with the zone. */
  readonly full: (time: string, zone?: Zone) => string;
  readonly number: (value: number) => string;
  readonly locale: string;
}

/** What can't be read as a time is shown as it came. */
export function writing(locales: readonly string[], zone: Zone): Writing {
  const tags = [...locales];
  const own = (one: Zone): { timeZone?: string } => (one === 'utc' ? { timeZone: 'UTC' } : {});
  const day = new Intl.DateTimeFormat(tags, { dateStyle: 'medium', ...own(zone) });
  const clock = new Intl.DateTimeFormat(tags, { timeStyle: 'medium', ...own(zone) });
  const relative = new Intl.RelativeTimeFormat(tags, { numeric: 'auto' });
  const number = new Intl.NumberFormat(tags);
  const parts = {
    ...({ year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const),
    ...({ second: '2-digit', fractionalSecondDigits: 3, timeZoneName: 'short' } as const),
  };
  const fulls = {
    utc: new Intl.DateTimeFormat(tags, { ...parts, timeZone: 'UTC' }),
    local: new Intl.DateTimeFormat(tags, parts),
  };
  const read = (time: string, write: (date: Date) => string): string => {
    const date = new Date(time);
    return Number.isNaN(date.getTime()) ? time : write(date);
  };
  return {
    near: (time, now) =>
      read(time, (date) => {
        const days = [0, -1].find((ago) => day.format(date) === day.format(now + ago * 86_400_000));
        const which = days === undefined ? day.format(date) : relative.format(days, 'day');
        return `${which}, ${clock.format(date)}`;
      }),
    full: (time, other = zone) => read(time, (date) => fulls[other].format(date)),
    number: (value) => number.format(value),
    locale: tags[0]!,
  };
}
