// Texts and action codes of events as entries take them.
import { ACTION_PATTERN, MAX_ACTION } from '../../core/entry/schema.ts';
import type { JsonValue } from '../../core/json/value.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the entry's fields refuse
const CONTROL = /[\u0000-\u001f\u007f]+/g;

/**
 * A value as the entry's text fields take it: well-formed, without control characters, at most `max` code points.
 * Undefined for anything else than a string that says something. Nothing is lost by it: the original is kept.
 */
export function plainText(value: JsonValue | undefined, max: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.toWellFormed().replace(CONTROL, ' ').trim();
  if (text === '') return undefined;
  return text.length <= max ? text : [...text].slice(0, max).join('').trimEnd();
}

/** Members that are undefined are left out, since an entry has no undefined members. */
export function defined<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

/** `GetBucketPolicy` → `get_bucket_policy`, `DescribeDBInstances` → `describe_db_instances`. */
function snakeCase(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
}

const MAX_NOUN = 60;
const ACTION = new RegExp(ACTION_PATTERN);

/** Always a valid action code; a name without a Latin letter or digit becomes `event`. */
export function actionCode(noun: string, verb: string): string {
  const subject = snakeCase(noun).slice(0, MAX_NOUN).replace(/_+$/, '') || 'event';
  const safe = /^[a-z]/.test(subject) ? subject : `x_${subject}`.slice(0, MAX_NOUN);
  const code = `${safe}.${snakeCase(verb) || 'event'}`.slice(0, MAX_ACTION).replace(/_+$/, '');
  return ACTION.test(code) ? code : `${safe}.event`;
}
