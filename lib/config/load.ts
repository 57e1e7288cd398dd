// Finds and reads the configuration of a stage.
import { readFileSync } from 'node:fs';
import { isObject, type JsonObject } from './reader.ts';
import { DEFAULTS, type StageConfig } from './stage.ts';
import { ConfigurationError, validateConfig } from './validate.ts';

/** CDK context key (`cdk synth -c indelible='{"hotWindow":"P30D"}'`, or an object in cdk.json). */
export const CONTEXT_KEY = 'indelible';

export interface ConfigSources {
  /** Path of a JSON file: the value of INDELIBLE_CONFIG. */
  readonly file?: string | undefined;
  /** An object, or the JSON text of one. */
  readonly context?: unknown;
}

/** Defaults, then the file, then the CDK context: the later wins, objects are merged, arrays and values replaced. */
export function loadConfig(sources: ConfigSources): StageConfig {
  const layers = [DEFAULTS, fromFile(sources.file), fromContext(sources.context)];
  return validateConfig(layers.reduce<JsonObject>(merge, {}));
}

function fromFile(file: string | undefined): JsonObject {
  if (file === undefined || file === '') return {};
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigurationError([`INDELIBLE_CONFIG: ${file} can't be read`], { cause });
  }
  return parsed(text, `INDELIBLE_CONFIG (${file})`);
}

function fromContext(context: unknown): JsonObject {
  if (context === undefined) return {};
  if (typeof context === 'string') return parsed(context, `context ${CONTEXT_KEY}`);
  if (isObject(context)) return context;
  throw new ConfigurationError([`context ${CONTEXT_KEY}: want a JSON object`]);
}

function parsed(text: string, origin: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError([`${origin}: not JSON: ${(cause as Error).message}`], { cause });
  }
  if (isObject(value)) return value;
  throw new ConfigurationError([`${origin}: want a JSON object`]);
}

function merge(under: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    merged[name] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}
