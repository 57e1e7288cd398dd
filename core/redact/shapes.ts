// Finds secrets by their shape.
import { findAssignments } from './assignments.ts';
import { CARD_GAP, findCards } from './cards.ts';
import { COMMAND_CUES, findCommands } from './commands.ts';
import { BASE64_PEM, findElements, findSecretManifests, isKeyFile, PEM_CUE } from './markup.ts';
import type { Range } from './ranges.ts';
import { TOKEN_CUES, TOKENS } from './tokens.ts';

interface Shape {
  readonly kind: string;
  /** Every match starts where its first character can't be the middle of a longer word, so searching stays linear. */
  readonly expression: RegExp;
  /** Group 1, when there is one, is the part that goes. */
  readonly confirm?: (match: string, text: string) => boolean;
}

const SHAPES: readonly Shape[] = [
  {
    kind: 'private-key',
    expression:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  { kind: 'private-key', expression: BASE64_PEM, confirm: isKeyFile },
  { kind: 'jwt', expression: /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*(?:\.[\w-]*){0,2}/g },
  { kind: 'aws-secret-key', expression: /(?<![\w/+=-])[A-Za-z0-9/+]{40}(?![\w/+=-])/g, confirm: isSecretKey },
  { kind: 'slack-webhook', expression: /hooks\.slack\.com\/services\/([A-Za-z0-9/]{20,255})/g },
  { kind: 'sas-signature', expression: /[?&;]sig=([A-Za-z0-9%+/_-]{20,255}={0,2})/gi },
  { kind: 'authorization', expression: /(?<![A-Za-z0-9])bearer[ \t]{1,4}[\w.~+/-]{8,}={0,2}/gi, confirm: isNoPhrase },
  { kind: 'authorization', expression: /(?<![A-Za-z0-9])basic[ \t]{1,4}[A-Za-z0-9+/]{4,}={0,2}/gi, confirm: isBasic },
  {
    kind: 'url-credentials',
    expression: /[a-z][a-z0-9+.-]{0,31}:\/\/([^\s/?#:@[\]"']{0,255}:[^\s/?#@[\]"']{1,255})@/gi,
  },
];

/** What most strings don't hold, so that the shapes are only tried where one of them can be. */
const CUES = new RegExp(`[=:]|eyJ|-----BEGIN|${PEM_CUE}|hooks\\.slack|bearer|basic|<\\/|${COMMAND_CUES}`, 'i');
/**
 * As many digits as the shortest card has, and 40 characters that may be a secret key, which holds capitals and small letters.
 * Either is only tried where its run begins: from each character of a long identifier on it would take most of the time.
 */
const RUNS = new RegExp(
  `(?<!\\d)\\d(?:${CARD_GAP}\\d){12}|(?<![A-Za-z0-9/+])(?=[a-z0-9/+]*[A-Z])(?=[A-Z0-9/+]*[a-z])[A-Za-z0-9/+]{40}`,
);
const MARKED = new RegExp(TOKEN_CUES);
const COMMANDS = new RegExp(COMMAND_CUES, 'i');

/** No shape is shorter. */
const SHORTEST = 8;

/** `known`: identifiers of this entry that a card's number may look like (core/redact/cards.ts). */
export function findShapes(text: string, known?: ReadonlySet<string>): Range[] {
  if (text.length < SHORTEST) return [];
  const found: Range[] = [];
  if (MARKED.test(text)) for (const token of TOKENS) if (text.includes(token.cue)) collect(text, token, found);
  if (isSuspicious(text)) search(text, known, found);
  return found;
}

/** False for a text in which no shape but a token's can be found. */
export function isSuspicious(text: string): boolean {
  return CUES.test(text) || RUNS.test(text);
}

/** Every shape but tokens. */
export function search(text: string, known: ReadonlySet<string> | undefined, found: Range[]): void {
  found.push(...findCards(text, known), ...findAssignments(text));
  if (COMMANDS.test(text)) found.push(...findCommands(text));
  if (text.includes('</')) found.push(...findElements(text));
  if (text.includes('Secret')) found.push(...findSecretManifests(text));
  for (const shape of SHAPES) collect(text, shape, found);
}

function collect(text: string, { kind, expression, confirm }: Shape, found: Range[]): void {
  for (const match of text.matchAll(expression)) {
    const whole = match[0];
    if (confirm !== undefined && !confirm(whole, text)) continue;
    const part = match[1] ?? whole;
    const start = match.index + (match[1] === undefined ? 0 : whole.lastIndexOf(part));
    found.push({ start, end: start + part.length, kind });
  }
}

const count = (text: string, expression: RegExp): number => text.match(expression)?.length ?? 0;

/**
 * 40 characters of Base64 that are neither a hexadecimal digest nor a path nor words. Identifiers are of letters and
 * digits, so one without a sign of Base64 is a secret only beside the access key that it belongs to.
 */
function isSecretKey(match: string, text: string): boolean {
  if (count(match, /\//g) > 2 || count(match, /\d/g) === 0) return false;
  if (count(match, /[A-Z]/g) < 5 || count(match, /[a-z]/g) < 5) return false;
  return /[+/]/.test(match) || /(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])/.test(text);
}

/** “bearer certificates” are words. */
function isNoPhrase(text: string): boolean {
  return !/\s[A-Za-z]?[a-z-]+[.]?$/.test(text);
}

/** RFC 7617: user, colon, password. */
function isBasic(text: string): boolean {
  const encoded = text.replace(/^\S+\s+/, '').replace(/=+$/, '');
  return encoded.length % 4 !== 1 && atob(encoded).includes(':');
}
