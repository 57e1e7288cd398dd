import { DEFAULT_LIMITS, type Limits, MAX_BATCH_BYTES, MAX_BATCH_ENTRIES, MAX_ENTRY_BYTES } from '../../core/limits.ts';
import { ENTRY } from '../../names/entry.ts';
import { type Environment, EnvironmentError, jsonObject } from './environment.ts';

/** The parser and the canonical form recurse; no deployment may let a body exhaust the stack. */
const MAX_CONFIGURED_NESTING = 500;

/** What the format, a block and a transaction can hold at most: a deployment may only go below. */
const CEILINGS: Partial<Limits> = {
  entryBytes: MAX_ENTRY_BYTES,
  batchEntries: MAX_BATCH_ENTRIES,
  batchBytes: MAX_BATCH_BYTES,
  nesting: MAX_CONFIGURED_NESTING,
};

function isLimit(name: string): name is keyof Limits {
  return Object.hasOwn(DEFAULT_LIMITS, name);
}

/** The deployment's limits: the defaults with what the environment overrides. */
export function readLimits(environment: Environment): Limits {
  const limits = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(jsonObject(environment, ENTRY.limitsEnv))) {
    if (!isLimit(name))
      throw new EnvironmentError(`got a limit ${name}, want one of ${Object.keys(limits).join(', ')}`);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
      throw new EnvironmentError(`got a limit ${name} that is no positive integer`);
    }
    const ceiling = CEILINGS[name];
    if (ceiling !== undefined && value > ceiling) {
      throw new EnvironmentError(`got a limit ${name} of ${value}, want at most ${ceiling}`);
    }
    limits[name] = value;
  }
  return limits;
}
