// The deployment's limits, out of the environment.
import { DEFAULT_LIMITS, type Limits } from '../../core/limits.ts';
import { ENTRY } from '../../names/entry.ts';
import { type Environment, EnvironmentError, jsonObject } from './environment.ts';

function isLimit(name: string): name is keyof Limits {
  return Object.hasOwn(DEFAULT_LIMITS, name);
}

/** The deployment's limits. The defaults are what the format, a block, a transaction and Lambda can hold: it may go below. */
export function readLimits(environment: Environment): Limits {
  const limits = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(jsonObject(environment, ENTRY.limitsEnv))) {
    if (!isLimit(name))
      throw new EnvironmentError(`got a limit ${name}, want one of ${Object.keys(limits).join(', ')}`);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
      throw new EnvironmentError(`got a limit ${name} that is no positive integer`);
    }
    if (value > DEFAULT_LIMITS[name]) {
      throw new EnvironmentError(`got a limit ${name} of ${value}, want at most ${DEFAULT_LIMITS[name]}`);
    }
    limits[name] = value;
  }
  return limits;
}
