import { findAssignments } from './assignments.ts';
import { findCards } from './cards.ts';
import type { Range } from './ranges.ts';

interface Shape {
  readonly kind: string;
  /** Every match starts where its first character can't be the middle of a longer word, so searching stays linear. */
  readonly expression: RegExp;
  /** Group 1, when there is one, is the part that goes. */
  readonly confirm?: (match: string) => boolean;
}

const SHAPES: readonly Shape[] = [
  {
    kind: 'private-key',
    expression:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  { kind: 'jwt', expression: /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*(?:\.[\w-]*){0,2}/g },
  { kind: 'aws-access-key', expression: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  {
    kind: 'aws-secret-key',
    expression: /(?<![\w/+=-])[A-Za-z0-9/+]{40}(?![\w/+=-])/g,
    confirm: isMixed,
  },
  { kind: 'github-token', expression: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{22,255})/g },
  { kind: 'gitlab-token', expression: /(?<![A-Za-z0-9])glpat-[\w-]{20,255}/g },
  { kind: 'slack-token', expression: /(?<![A-Za-z0-9])(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,255}/g },
  { kind: 'slack-webhook', expression: /hooks\.slack\.com\/services\/([A-Za-z0-9/]{20,255})/g },
  {
    kind: 'stripe-key',
    expression: /(?<![A-Za-z0-9])(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,255}|whsec_[\w+/=]{16,255})/g,
  },
  { kind: 'google-api-key', expression: /(?<![A-Za-z0-9])AIza[\w-]{35}/g },
  { kind: 'npm-token', expression: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/g },
  { kind: 'api-key', expression: /(?<![A-Za-z0-9_-])(?:sk-[\w-]{20,255}|SG\.[\w-]{16,64}\.[\w-]{16,64})/g },
  { kind: 'authorization', expression: /(?<![A-Za-z0-9])bearer[ \t]{1,4}[\w.~+/-]{8,}={0,2}/gi, confirm: isNoPhrase },
  { kind: 'authorization', expression: /(?<![A-Za-z0-9])basic[ \t]{1,4}[A-Za-z0-9+/]{4,}={0,2}/gi, confirm: isBasic },
  {
    kind: 'url-credentials',
    expression: /[a-z][a-z0-9+.-]{0,31}:\/\/([^\s/?#:@[\]"']{0,255}:[^\s/?#@[\]"']{1,255})@/gi,
  },
];

/** One pass that most strings fail, so that the shapes are only tried where one of them can be. */
const SUSPICIOUS =
  /[=:]|\d(?:[ \u00a0\u2007\u2009\u202f\u2010-\u2015-]?\d){12}|eyJ|-----BEGIN|A[KS]IA|[A-Za-z0-9/+]{40}|gh[pousr]_|github_pat_|glpat-|xox|xapp-|hooks\.slack|[sr]k_|whsec_|AIza|npm_|sk-|SG\.|bearer|basic/i;

/** No shape is shorter. */
const SHORTEST = 8;

export function findShapes(text: string): Range[] {
  if (text.length < SHORTEST || !SUSPICIOUS.test(text)) return [];
  const found = [...findCards(text), ...findAssignments(text)];
  for (const shape of SHAPES) collect(text, shape, found);
  return found;
}

function collect(text: string, { kind, expression, confirm }: Shape, found: Range[]): void {
  for (const match of text.matchAll(expression)) {
    const whole = match[0];
    if (confirm !== undefined && !confirm(whole)) continue;
    const part = match[1] ?? whole;
    const start = match.index + (match[1] === undefined ? 0 : whole.lastIndexOf(part));
    found.push({ start, end: start + part.length, kind });
  }
}

const count = (text: string, expression: RegExp): number => text.match(expression)?.length ?? 0;

/** 40 characters of Base64 that are neither a hexadecimal digest nor a path nor words. */
function isMixed(text: string): boolean {
  if (count(text, /\//g) > 2 || count(text, /\d/g) === 0) return false;
  return count(text, /[A-Z]/g) >= 5 && count(text, /[a-z]/g) >= 5;
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
