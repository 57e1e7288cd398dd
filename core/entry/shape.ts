/** Whether a value is built as an entry is, so that it can be searched and written down; of bytes that may be hostile. */
import { Compile } from 'typebox/schema';
import type { JsonValue } from '../json/value.ts';
import { EntrySchema } from './schema.ts';
import { isTime } from './time.ts';

/** Lengths and spellings, which redaction changes and nobody who reads an entry rests on. */
const OF_CONTENT: ReadonlySet<string> = new Set([
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'pattern',
  'format',
]);

/** The schema without those, as plain JSON Schema. A member of an entry may have such a name, but then it is an object. */
const SHAPE = JSON.parse(
  JSON.stringify(EntrySchema, (key, value) => (OF_CONTENT.has(key) && typeof value !== 'object' ? undefined : value)),
);

const shape = Compile(SHAPE);

/** The members that an entry has, of their types, and times that are times. */
export function hasShape(value: JsonValue): boolean {
  if (!shape.Check(value)) return false;
  const { occurredAt, recordedAt } = value as Readonly<Record<string, string>>;
  return [occurredAt, recordedAt].every((time) => isTime(time!));
}
