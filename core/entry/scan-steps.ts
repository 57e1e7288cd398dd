// The table of a stored entry, made into steps over bytes.

import { TENANT_PATTERN } from '../../names/patterns.ts';
import { MAX_NESTING } from '../limits.ts';
import { isIdentified } from './actor.ts';
import { isIpAddress } from './ip.ts';
import { jsonEnd, objectEnd } from './scan-json.ts';
import { Label, WORD_BYTES } from './scan-label.ts';
import type { Step } from './scan-step.ts';
import { hasAt, isDigit, numberEnd, stringEnd } from './scan-text.ts';
import { TIME_BYTES } from './scan-time.ts';
import { actionStep, idStep, traceStep } from './scan-words.ts';
import { ACTION_PATTERN, ACTOR_TYPES, ENTRY_ID_PATTERN, TRACE_ID_PATTERN } from './schema.ts';
import { type Member, type Shape, STORED_ENTRY, VERSION_TEXT } from './stored.ts';

const encode = (text: string) => new TextEncoder().encode(text);

const QUOTE = 0x22;
const COMMA = 0x2c;
const DOT = 0x2e;
const ZERO = 0x30;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const TRUE = encode('true');
const VERSION = encode(VERSION_TEXT);

/** Types of actors that have an id, quoted. */
const IDENTIFIED = ACTOR_TYPES.filter(isIdentified).map((type) => encode(`"${type}"`));

/** Needs a closer look. */
const UNSURE: Step = () => -1;

/** Steps for what texts alone do not say; by the path of a member. */
const NOTED: Readonly<Record<string, (step: Step) => Step>> = {
  occurredAt: (step) => (scan, at) => {
    const end = step(scan, at);
    scan.occurredAt = scan.clock.time;
    return end;
  },
  recordedAt: (step) => (scan, at) => {
    const end = step(scan, at);
    scan.recordedAt = scan.clock.time;
    return end;
  },
  late: (step) => (scan, at) => {
    scan.isLate = true;
    return step(scan, at);
  },
  'actor.id': (step) => (scan, at) => {
    scan.hasActorId = true;
    return step(scan, at);
  },
  'actor.type': (step) => (scan, at) => {
    scan.isIdentified = false;
    for (const type of IDENTIFIED) if (hasAt(scan.bytes, at, type)) scan.isIdentified = true;
    return step(scan, at);
  },
  redacted: () => UNSURE,
};

/** `depth`: containers around and including this one, if it is one. */
function stepOf(shape: Shape, path: string, depth: number): Step {
  switch (shape.kind) {
    case 'text':
      return textStep(shape.least, shape.most, shape.plain);
    case 'pattern':
      return PATTERNS.get(shape.pattern.source) ?? UNSURE;
    case 'one-of':
      return oneOfStep(shape.values);
    case 'number':
      return numberStep(shape.least, shape.most);
    case 'array':
      return arrayStep(stepOf(shape.of, path, depth + 1), shape.least, shape.most);
    case 'object':
      return objectStep(shape.members, path, depth);
    case 'time':
      return timeStep;
    case 'ip':
      return ipStep;
    case 'version':
      return wordStep(VERSION);
    case 'true':
      return wordStep(TRUE);
    case 'any':
      return (scan, at) => jsonEnd(scan, at, MAX_NESTING - depth + 1);
    case 'any-object':
      return (scan, at) => objectEnd(scan, at, MAX_NESTING - depth + 1);
  }
}

/** Known members, in their order, each once. */
function objectStep(members: readonly Member[], path: string, depth: number): Step {
  const fields = members.map(({ name, required, shape }) => {
    const place = path === '' ? name : `${path}.${name}`;
    const step = stepOf(shape, place, depth + 1);
    const noted = Object.hasOwn(NOTED, place) ? NOTED[place]!(step) : step;
    return { label: new Label(`"${name}":`), required, step: noted };
  });
  const least = fields.filter(({ required }) => required).length;
  return (scan, at) => {
    const { bytes, view } = scan;
    if (bytes[at] !== OPEN) return -1;
    if (bytes[at + 1] === CLOSE) return least === 0 ? at + 2 : -1;
    at++;
    let found = 0;
    for (let next = 0; ; ) {
      if (at + WORD_BYTES > bytes.length) return -1;
      const head = view.getInt32(at);
      while (next < fields.length && fields[next]!.label.head !== head && !fields[next]!.required) next++;
      const field = fields[next++];
      if (field === undefined) return -1;
      if (!field.label.isAt(view, at, head)) {
        if (field.required) return -1;
        continue;
      }
      if (field.required) found++;
      at = field.step(scan, at + field.label.length);
      if (at < 0) return -1;
      if (bytes[at] === CLOSE) return found === least ? at + 1 : -1;
      if (bytes[at++] !== COMMA) return -1;
    }
  };
}

function arrayStep(step: Step, least: number, most: number): Step {
  return (scan, at) => {
    const { bytes } = scan;
    if (bytes[at] !== OPEN_ARRAY) return -1;
    if (bytes[at + 1] === CLOSE_ARRAY) return least === 0 ? at + 2 : -1;
    at++;
    for (let count = 1; count <= most; count++) {
      at = step(scan, at);
      if (at < 0) return -1;
      if (bytes[at] === CLOSE_ARRAY) return count < least ? -1 : at + 1;
      if (bytes[at++] !== COMMA) return -1;
    }
    return -1;
  };
}

/** A text has at most as many code points as bytes. */
function textStep(least: number, most: number, isPlain: boolean): Step {
  return (scan, at) => {
    if (scan.bytes[at] !== QUOTE) return -1;
    const end = stringEnd(scan, at + 1, isPlain);
    const length = end - at - 1;
    return end < 0 || length < least || length > most ? -1 : end + 1;
  };
}

function wordStep(word: Uint8Array): Step {
  return ({ bytes }, at) => (hasAt(bytes, at, word) ? at + word.length : -1);
}

function oneOfStep(values: readonly string[]): Step {
  const byFirst: Uint8Array[][] = Array.from({ length: 256 }, () => []);
  for (const value of values) byFirst[value.charCodeAt(0)]!.push(encode(`"${value}"`));
  return ({ bytes }, at) => {
    for (const value of byFirst[bytes[at + 1] ?? 0]!) if (hasAt(bytes, at, value)) return at + value.length;
    return -1;
  };
}

function numberStep(least: number, most: number): Step {
  return ({ bytes }, at) => {
    const end = numberEnd(bytes, at);
    if (end < 0) return -1;
    const value = Number(latin(bytes, at, end));
    return value >= least && value <= most ? end : -1;
  };
}

const timeStep: Step = (scan, at) => (Number.isNaN(scan.clock.read(scan, at)) ? -1 : at + TIME_BYTES);

const tenantStep: Step = ({ bytes, tenant }, at) => (hasAt(bytes, at, tenant) ? at + tenant.length : -1);

/** Behind four decimals without leading zeros; −1 where there are none. */
function ipv4End(bytes: Uint8Array, at: number): number {
  for (let octet = 0; octet < 4; octet++) {
    if (octet > 0 && bytes[at++] !== DOT) return -1;
    const begin = at;
    let value = 0;
    for (; isDigit(bytes[at]!) && at < begin + 3; at++) value = 10 * value + bytes[at]! - ZERO;
    if (at === begin || value > 255 || (bytes[begin] === ZERO && at > begin + 1)) return -1;
  }
  return at;
}

/** A longer spelling than any address has. */
const LONGEST_IP = 48;

const ipStep: Step = (scan, at) => {
  const { bytes } = scan;
  if (bytes[at] !== QUOTE) return -1;
  const behind = ipv4End(bytes, at + 1);
  if (bytes[behind] === QUOTE) return behind + 1;
  const end = stringEnd(scan, at + 1, true);
  if (end < 0 || end - at > LONGEST_IP) return -1;
  return isIpAddress(latin(bytes, at + 1, end)) ? end + 1 : -1;
};

const PATTERNS: ReadonlyMap<string, Step> = new Map([
  [new RegExp(ENTRY_ID_PATTERN).source, idStep],
  [new RegExp(TENANT_PATTERN).source, tenantStep],
  [new RegExp(ACTION_PATTERN).source, actionStep],
  [new RegExp(TRACE_ID_PATTERN).source, traceStep],
]);

const latin = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode.apply(undefined, bytes.subarray(from, to) as unknown as number[]);

/** Where an entry ends. What its members say together is for the caller to compare. */
export const entryStep: Step = stepOf(STORED_ENTRY, '', 1);
