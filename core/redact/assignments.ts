// Finds secrets that are assigned to a name inside of a text.
import { isBootScript } from './markup.ts';
import { type NamedKind, secretNamed } from './names.ts';
import type { Range } from './ranges.ts';
import { isState } from './states.ts';

/** Names in front of a sign longer than this are no names. */
const MAX_NAME = 64;

const SIGN = /[=:]/g;
const NAME_END = /[A-Za-z0-9_.-]{2,64}$/;
const QUOTED = /\s{0,4}(\\?["'])/y;
const BARE = /[^\s&;,"'<>]+/y;
/** After a colon in prose stands a word, not a secret: “password: required”. */
const PLAIN_WORD = /^[A-Za-z]+[.!?]?$/;
/** A header's value goes to the end of its line. */
const HEADER = /(?:cookie|authorization)$/i;
const LINE = /[^\r\n"']+/y;
const SPACE = /[ \t]{0,4}/y;

/** `password=…`, `"apiKey": "…"`, `X-Api-Key: …` inside texts: query strings, forms, headers, JSON in JSON, logs. */
export function findAssignments(text: string): Range[] {
  const found: Range[] = [];
  let from = 0;
  for (const { index, 0: sign } of text.matchAll(SIGN)) {
    if (index < from) continue;
    const name = nameBefore(text, index);
    const kind = name === undefined ? undefined : secretNamed(name);
    if (name === undefined || kind === undefined) continue;
    const value = valueBehind(text, index + 1, sign === '=', HEADER.test(name));
    if (value === undefined) continue;
    if (!isSecretValue(text.slice(value.start, value.end), kind)) continue;
    found.push({ ...value, kind });
    from = value.end;
  }
  return found;
}

/** Beside a secret's name may stand how it stands (“expired”), or the public half of a pair of keys. */
export function isSecretValue(value: string, kind: NamedKind): boolean {
  if (kind === 'user-data') return isBootScript(value);
  return kind === 'card-code' || kind === 'one-time-code' || !(isState(value) || isAccessKeyId(value));
}

/** AWS's names of access keys: every investigation goes by them, and they open nothing. */
function isAccessKeyId(value: string): boolean {
  return /^A[KS]IA[A-Z0-9]{16}$/.test(value);
}

function nameBefore(text: string, sign: number): string | undefined {
  let end = sign;
  while (end > 0 && sign - end < 4 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  if (end > 0 && (text[end - 1] === '"' || text[end - 1] === "'")) end--;
  if (end > 0 && text[end - 1] === '\\') end--;
  const name = NAME_END.exec(text.slice(Math.max(0, end - MAX_NAME), end))?.[0];
  // `arn:aws:secretsmanager:…:secret:name` and paths have the word as a step of theirs.
  const before = name === undefined ? '' : text.charAt(end - name.length - 1);
  return text[sign] === ':' && (before === ':' || before === '/') ? undefined : name;
}

function valueBehind(
  text: string,
  at: number,
  assigned: boolean,
  header: boolean,
): { start: number; end: number } | undefined {
  QUOTED.lastIndex = at;
  const quote = QUOTED.exec(text)?.[1];
  if (quote !== undefined) {
    const start = QUOTED.lastIndex;
    const end = closingQuote(text, quote, start);
    return end > start ? { start, end } : undefined;
  }
  SPACE.lastIndex = at;
  const gap = SPACE.exec(text)?.[0].length ?? 0;
  if (assigned && gap > 1) return undefined;
  const expression = header && !assigned ? LINE : BARE;
  expression.lastIndex = at + gap;
  const bare = expression.exec(text)?.[0];
  if (bare === undefined || (!assigned && PLAIN_WORD.test(bare))) return undefined;
  return { start: at + gap, end: at + gap + bare.length };
}

/** A text that breaks off inside the quotation ends the value. */
function closingQuote(text: string, quote: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text.startsWith(quote, at)) return at;
    if (text[at] === '\\') at++;
  }
  return text.length;
}
