// Bodies of requests: JSON with one reading, as the schema of the operation has it.
import type { Static, TSchema } from 'typebox';
import { JsonFault } from '../../../core/json/fault.ts';
import { parseJson } from '../../../core/json/parse.ts';
import { MAX_FAULTS } from '../../../core/json/schema.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import type { Limits } from '../../../core/limits.ts';
import type { HttpEvent } from './http.ts';
import { malformed } from './malformed.ts';
import { Problem, type ProblemFault, type ProblemSlug } from './problem.ts';
import { requestFaults } from './schema.ts';

/** `{"entries": [...]}` is around the entries of a batch; other bodies are as deep as one. */
const LEVELS_AROUND = 2;

/** RFC 9110 §8.3: type and subtype without regard to case; UTF-8 is the one encoding of JSON (RFC 8259 §8.1). */
const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i;

export interface BodyRules<T> {
  readonly limits: Limits;
  /** What a body is that is JSON and not what was asked for. */
  readonly slug: ProblemSlug;
  /** What became of the request then: `Nothing was saved.` */
  readonly outcome: string;
  /** What the schema can't say: its descriptions name these rules. They read a body that satisfies it. */
  readonly rules?: (body: T) => readonly ProblemFault[];
}

/**
 * The body as the operation's schema types it. Throws what readBody throws, and Problem of the given slug with every fault,
 * by a pointer into the body.
 */
export function bodyOf<T extends TSchema>(
  event: HttpEvent,
  { body: schema }: { readonly body: T },
  { limits, slug, outcome, rules = () => [] }: BodyRules<Static<T>>,
): Static<T> {
  const body = readBody(event, limits);
  const different = requestFaults(schema, body);
  const faults = different.length > 0 ? different : rules(body as Static<T>);
  if (faults.length > 0) throw new Problem(slug, outcome, { errors: faults.slice(0, MAX_FAULTS) });
  return body as Static<T>;
}

/** Of times in milliseconds: the range that holds nothing, as a fault of the member that was given. */
export function emptyRange(from: number, to: number, pointer: string): ProblemFault[] {
  if (from < to) return [];
  return [{ pointer, code: 'empty-range', detail: 'got a range that ends before it begins, want from before to' }];
}

/** The parsed body. Throws Problem: unsupported-media-type, too-large, malformed-json. */
export function readBody(event: HttpEvent, limits: Limits): JsonValue {
  const { headers, body = '' } = event;
  const type = headers['content-type']?.trim();
  if (type === undefined || !JSON_TYPE.test(type)) {
    throw new Problem('unsupported-media-type', 'Send the header content-type: application/json, in UTF-8.');
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    throw new Problem('unsupported-media-type', 'Send the body without a content-encoding.');
  }
  const sent = event.isBase64Encoded === true ? Buffer.from(body, 'base64') : body;
  const got = Buffer.byteLength(sent);
  if (got > limits.bodyBytes) {
    const limit = { name: 'bodyBytes', value: limits.bodyBytes, got };
    throw new Problem('too-large', `The body has ${got} bytes, the limit is ${limits.bodyBytes}.`, { limit });
  }
  if (wasReplaced(sent, got, headers['content-length'])) {
    const fault = { pointer: '', code: 'invalid-utf8', detail: 'got a byte sequence that is not UTF-8' };
    throw new Problem('malformed-json', fault.detail, { errors: [fault] });
  }
  return parsed(sent, limits.nesting);
}

/** What is no JSON text with one reading is the client's, on whichever route: it is said where, and rings no alarm. */
function parsed(sent: Buffer | string, nesting: number): JsonValue {
  try {
    return parseJson(sent, { maxDepth: nesting + LEVELS_AROUND });
  } catch (error) {
    if (error instanceof JsonFault) throw malformed(error, { name: 'nesting', value: nesting });
    throw error;
  }
}

/**
 * A gateway that hands the body on as text has put U+FFFD for what was not UTF-8, of more bytes than it stands for: what
 * would be recorded is not what was sent. A body that really holds the character has the length that it says.
 */
function wasReplaced(sent: Buffer | string, got: number, length: string | undefined): boolean {
  return typeof sent === 'string' && length !== undefined && Number(length) < got && sent.includes('\ufffd');
}
