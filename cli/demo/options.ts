// What the command line asks of the demo.
import { awsUrl } from '../endpoints.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { CommandValues } from '../values.ts';

const DEFAULTS = { tenant: 'demo', seed: 'indelible', days: 30, entries: 1_500 } as const;
/** The cases need four weeks to be submitted, acknowledged and answered; a year says no more than that. */
const DAYS = { least: 28, most: 366 } as const;
/** A first look, not a load test. */
const MOST_ENTRIES = 100_000;
const MAX_SEED = 100;

export interface DemoOptions {
  readonly tenant: string;
  readonly seed: string;
  readonly days: number;
  readonly entries: number;
  /** Where the event bus is: undefined without one, `url` undefined for AWS itself. */
  readonly bus: { readonly url: URL | undefined } | undefined;
}

/** Throws a CommandError for what can't be. */
export function demoOptions(values: CommandValues, positionals: readonly string[]): DemoOptions {
  if (positionals.length > 0) throw new CommandError(EXIT.usage, `demo takes no arguments, got '${positionals[0]}'`);
  const seed = values.seed ?? DEFAULTS.seed;
  if (seed === '' || seed.length > MAX_SEED) {
    throw new CommandError(EXIT.usage, `--seed takes a text of 1 to ${MAX_SEED} characters`);
  }
  // A deployment's bus wants AWS credentials, which a token is not; so it is used there when it is asked for.
  const withBus = values.url === undefined || values['aws-url'] !== undefined;
  return {
    tenant: values.tenant ?? DEFAULTS.tenant,
    seed,
    days: whole('--days', values.days, DEFAULTS.days, DAYS.least, DAYS.most),
    entries: whole('--entries', values.entries, DEFAULTS.entries, 1, MOST_ENTRIES),
    bus: withBus ? { url: awsUrl(values['aws-url']) } : undefined,
  };
}

function whole(flag: string, option: string | undefined, usual: number, least: number, most: number): number {
  const value = Number(option ?? usual);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new CommandError(EXIT.usage, `${flag} takes a whole number from ${least} to ${most}, got '${option}'`);
}
