// Whether a value is a stored entry of docs/format.md, "Entry": the slow reader, which the fast one is held against.
import { DAY_MS } from '../../names/time.ts';
import { parsePointer } from '../json/pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.ts';
import { LATE_AFTER_SECONDS } from '../limits.ts';
import { isRemoved } from '../redact/layout.ts';
import { isMarker, MARKER, marker } from '../redact/marker.ts';
import { isIdentified } from './actor.ts';
import { isIpAddress } from './ip.ts';
import { ENTRY_VERSION } from './schema.ts';
import { type Member, type Shape, STORED_ENTRY } from './stored.ts';
import { parseExactTime } from './time.ts';

/** An entry can't say that it happened later than so long after it was recorded. */
const MAX_AHEAD_MS = DAY_MS;
const LATE_AFTER_MS = LATE_AFTER_SECONDS * 1_000;

/** Every member in its form, and what several members say together. */
export function isStoredEntry(entry: JsonValue): entry is JsonObject {
  return fits(entry, STORED_ENTRY) && isJsonObject(entry) && agrees(entry);
}

function fits(value: JsonValue, shape: Shape): boolean {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string' && fitsText(value, shape);
    case 'pattern':
      return typeof value === 'string' && value.length <= shape.most && shape.pattern.test(value);
    case 'one-of':
      return typeof value === 'string' && shape.values.includes(value);
    case 'number':
      return typeof value === 'number' && value >= shape.least && value <= shape.most;
    case 'array':
      return Array.isArray(value) && fitsArray(value, shape);
    case 'object':
      return isJsonObject(value) && fitsMembers(value, shape.members);
    case 'time':
      return typeof value === 'string' && parseExactTime(value) !== undefined;
    case 'ip':
      return typeof value === 'string' && (isMarker(value) || isIpAddress(value));
    case 'version':
      return value === ENTRY_VERSION;
    case 'true':
      return value === true;
    case 'any':
      return true;
    case 'any-object':
      return isJsonObject(value);
  }
}

function fitsText(value: string, { least, most, plain }: Shape & { readonly kind: 'text' }): boolean {
  if (value.length < least || (plain && hasControl(value))) return false;
  return value.length <= most || [...value].length <= most || value.search(MARKER) >= 0;
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}

function fitsArray(value: readonly JsonValue[], { least, most, of }: Shape & { readonly kind: 'array' }): boolean {
  return value.length >= least && value.length <= most && value.every((item) => fits(item, of));
}

function fitsMembers(value: JsonObject, members: readonly Member[]): boolean {
  let known = 0;
  for (const { name, required, shape } of members) {
    if (!Object.hasOwn(value, name)) {
      if (required) return false;
      continue;
    }
    known++;
    if (!fits(value[name]!, shape)) return false;
  }
  return known === Object.keys(value).length;
}

/** Whether times in milliseconds fit each other; false where one is no number. */
export function isTimely(occurredAt: number, recordedAt: number, isLate: boolean): boolean {
  const behind = recordedAt - occurredAt;
  return behind >= -MAX_AHEAD_MS && behind > LATE_AFTER_MS === isLate;
}

function agrees(entry: JsonObject): boolean {
  const { occurredAt, recordedAt, late, actor, redacted } = entry;
  const [occurred, recorded] = [parseExactTime(occurredAt as string)!, parseExactTime(recordedAt as string)!];
  if (!isTimely(occurred, recorded, late === true)) return false;
  const { type, id } = actor as { type: string; id?: string };
  if (id === undefined && isIdentified(type)) return false;
  return ((redacted ?? []) as { pointer: string; kind: string }[]).every((one) => isRedaction(one, entry));
}

/** The place holds the marker, or its own name does, or it is one of those that redaction removes. */
function isRedaction({ pointer, kind }: { pointer: string; kind: string }, entry: JsonObject): boolean {
  const path = parsePointer(pointer);
  if (path === undefined || path.length === 0) return false;
  let value: JsonValue | undefined = entry;
  for (const token of path) {
    value = memberOf(value, token);
    if (value === undefined) return isRemoved(path);
  }
  const text = marker(kind);
  return !isRemoved(path) && (path.at(-1)!.includes(text) || (typeof value === 'string' && value.includes(text)));
}

function memberOf(value: JsonValue, token: string): JsonValue | undefined {
  if (Array.isArray(value)) return INDEX.test(token) ? value[Number(token)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
}

const INDEX = /^(?:0|[1-9]\d*)$/;
