// Reads a day from the command line.
import { CommandError, EXIT } from './exit.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day of the calendar as typed, YYYY-MM-DD in UTC. */
export function parseDay(option: string | undefined, flag: string): string | undefined {
  if (option === undefined) return undefined;
  const time = DAY.test(option) ? Date.parse(`${option}T00:00:00.000Z`) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(option)) return option;
  throw new CommandError(EXIT.usage, `${flag} takes a day such as 2026-03-01, got '${option}'`);
}
