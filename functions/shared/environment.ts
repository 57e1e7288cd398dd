/** The environment is read when a function starts, once: a missing or senseless value stops it before any request. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function requiredText(environment: Environment, key: string): string {
  const value = environment[key];
  if (value === undefined || value === '') throw new EnvironmentError(`got no ${key}, want a value`);
  return value;
}

export function requiredCount(environment: Environment, key: string): number {
  const value = Number(requiredText(environment, key));
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new EnvironmentError(`got ${key} that is no positive integer`);
}

/** 'true' or 'false' or absent, which means false; anything else is a typing error that must not turn a check off. */
export function flag(environment: Environment, key: string): boolean {
  const value = environment[key] ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new EnvironmentError(`got ${key}=${value}, want true or false`);
}

/** A JSON object, or an empty one when the variable is absent. */
export function jsonObject(environment: Environment, key: string): Readonly<Record<string, unknown>> {
  const text = environment[key];
  if (text === undefined || text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EnvironmentError(`got ${key} that is not JSON`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new EnvironmentError(`got ${key} that is no JSON object`);
}
