import { parsePointer } from '../../core/json/pointer.ts';
import type { Limits } from '../../core/limits.ts';
import type { CompiledPattern, RedactionPolicy } from '../../core/redact/policy.ts';
import { ENTRY } from '../../names/entry.ts';
import { type Environment, EnvironmentError, flag, jsonObject } from './environment.ts';
import { readLimits } from './limits.ts';

/** How this deployment turns what it is sent into entries. */
export interface Preparation {
  readonly strict: boolean;
  readonly redaction: RedactionPolicy;
  readonly limits: Limits;
}

export function readPreparation(environment: Environment): Preparation {
  return {
    strict: flag(environment, ENTRY.strictCatalogEnv),
    redaction: readRedaction(environment),
    limits: readLimits(environment),
  };
}

function readRedaction(environment: Environment): RedactionPolicy {
  const { patterns = [], pointers = [], ...others } = jsonObject(environment, ENTRY.redactionEnv);
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new EnvironmentError(`got ${ENTRY.redactionEnv} with ${other}, want patterns, pointers`);
  if (!Array.isArray(patterns) || !Array.isArray(pointers)) {
    throw new EnvironmentError(`got ${ENTRY.redactionEnv} whose patterns or pointers are no array`);
  }
  return { patterns: patterns.map(pattern), pointers: pointers.map(pointer) };
}

function pattern(value: unknown, index: number): CompiledPattern {
  const { name, pattern: source } = (value ?? {}) as { name?: unknown; pattern?: unknown };
  if (typeof name !== 'string' || name === '' || typeof source !== 'string' || source === '') {
    throw new EnvironmentError(`got redaction pattern ${index} without a name or a pattern`);
  }
  try {
    return { name, expression: new RegExp(source, 'gu') };
  } catch (cause) {
    throw new EnvironmentError(`got redaction pattern ${index} that is no regular expression`, { cause });
  }
}

function pointer(value: unknown, index: number): readonly string[] {
  const tokens = typeof value === 'string' ? parsePointer(value) : undefined;
  if (tokens !== undefined && tokens.length > 0) return tokens;
  throw new EnvironmentError(`got redaction pointer ${index} that is no RFC 6901 pointer into an entry`);
}
