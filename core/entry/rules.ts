// The rules of entries that a schema can't express.
import { CATALOG } from '../catalog/catalog.ts';
import { CATEGORIES } from '../catalog/categories.ts';
import { describeValue, missingMember } from '../json/schema.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.ts';
import { isIdentified } from './actor.ts';
import type { PrepareContext } from './context.ts';
import type { Fault } from './faults.ts';
import { isIpAddress } from './ip.ts';
import { parseTime } from './time.ts';

type Rule = (input: JsonObject, place: string, context: PrepareContext) => Fault[];

/**
 * What a schema can't say. The rules read a value that may also have faults of form, so that everything is reported at
 * once: a field of another type is the schema's matter and passes here.
 */
export function ruleFaults(input: JsonValue, place: string, context: PrepareContext): Fault[] {
  if (!isJsonObject(input)) return [];
  return RULES.flatMap((rule) => rule(input, place, context));
}

const RULES: readonly Rule[] = [occurredAt, category, actor, addresses];

function occurredAt({ occurredAt: value }: JsonObject, place: string, { now, limits }: PrepareContext): Fault[] {
  if (typeof value !== 'string') return [];
  const pointer = `${place}/occurredAt`;
  const time = parseTime(value);
  if (time === undefined) {
    return [
      { pointer, code: 'bad-time', message: `got ${describeValue(value)}, want an RFC 3339 time with its offset` },
    ];
  }
  const ahead = Math.ceil((time - now.getTime()) / 1_000);
  if (ahead <= limits.futureSeconds) return [];
  const limit = { name: 'futureSeconds', value: limits.futureSeconds, got: ahead } as const;
  const message = `got a time ${ahead} seconds ahead, want at most ${limits.futureSeconds}`;
  return [{ pointer, code: 'future-time', message, limit }];
}

function category({ action, category: chosen }: JsonObject, place: string, context: PrepareContext): Fault[] {
  const { strict, catalog = CATALOG } = context;
  const faults: Fault[] = [];
  const known = typeof action === 'string' ? catalog.get(action) : undefined;
  const pointer = `${place}/category`;
  if (typeof action === 'string' && known === undefined && strict) {
    faults.push({
      pointer: `${place}/action`,
      code: 'unknown-action',
      message: 'got an action that the catalog does not hold',
    });
  }
  if (typeof chosen === 'string' && !CATEGORIES.has(chosen)) {
    const wanted = `one of ${[...CATEGORIES.keys()].join(', ')}`;
    faults.push({
      pointer,
      code: 'unknown-category',
      message: `got a category that the catalog does not hold, want ${wanted}`,
    });
  } else if (strict && known !== undefined && typeof chosen === 'string' && chosen !== known.category) {
    const message = `got another category than the catalog has for this action, want ${known.category}`;
    faults.push({ pointer, code: 'wrong-category', message });
  } else if (chosen === undefined && typeof action === 'string' && known === undefined && !strict) {
    const message = 'got nothing, want a category: the catalog does not hold this action';
    faults.push({ pointer, code: 'missing-category', message });
  }
  return faults;
}

function actor({ actor: value }: JsonObject, place: string): Fault[] {
  if (!isJsonObject(value) || value.id !== undefined || !isIdentified(value.type)) return [];
  return [missingMember(`${place}/actor`, 'id')];
}

function addresses({ source }: JsonObject, place: string): Fault[] {
  if (!isJsonObject(source)) return [];
  const faults = addressFaults(source.ip, `${place}/source/ip`);
  const { forwardedFor } = source;
  if (!Array.isArray(forwardedFor)) return faults;
  return [...faults, ...forwardedFor.flatMap((ip, i) => addressFaults(ip, `${place}/source/forwardedFor/${i}`))];
}

function addressFaults(value: JsonValue | undefined, pointer: string): Fault[] {
  if (typeof value !== 'string' || isIpAddress(value)) return [];
  return [{ pointer, code: 'bad-address', message: `got ${describeValue(value)}, want an IPv4 or IPv6 address` }];
}
