/** Wildcards of policies: `*` is any run of characters, `?` any one. Linear in practice, never exponential. */

const ANY = -1;
const ONE = -2;

/** Character codes, with ANY and ONE for wildcards, so that characters from variables stay literal. */
export type Pattern = readonly number[];

/** Policy variables such as `${aws:PrincipalAccount}`; undefined when the request has no such key. */
export type Lookup = (key: string) => string | undefined;

const VARIABLE = /\$\{([^}]*)\}/g;
const DEFAULTED = /^\s*([^,\s]+)\s*,\s*'([^']*)'\s*$/;

/** Undefined when a variable has no value: such a pattern matches nothing. */
export function compile(text: string, lookup: Lookup | undefined): Pattern | undefined {
  const pattern: number[] = [];
  let from = 0;
  for (const match of lookup ? text.matchAll(VARIABLE) : []) {
    appendPattern(pattern, text.slice(from, match.index));
    const value = variable(match[1] ?? '', lookup!);
    if (value === undefined) return undefined;
    appendLiteral(pattern, value);
    from = match.index + match[0].length;
  }
  appendPattern(pattern, text.slice(from));
  return pattern;
}

/** `${*}`, `${?}` and `${$}` are the characters themselves; `${key, 'text'}` has a default. */
function variable(expression: string, lookup: Lookup): string | undefined {
  if (expression === '*' || expression === '?' || expression === '$') return expression;
  const defaulted = DEFAULTED.exec(expression);
  return defaulted ? (lookup(defaulted[1]!) ?? defaulted[2]) : lookup(expression.trim());
}

function appendPattern(pattern: number[], text: string): void {
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    pattern.push(character === '*' ? ANY : character === '?' ? ONE : text.charCodeAt(at));
  }
}

function appendLiteral(pattern: number[], text: string): void {
  for (let at = 0; at < text.length; at += 1) pattern.push(text.charCodeAt(at));
}

/** The greedy match that goes back to the last `*` only: O(pattern × text) at worst. */
export function matches(pattern: Pattern, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const code = pattern[inPattern];
    if (code === ANY) {
      star = inPattern++;
      resume = at;
    } else if (code === ONE || code === text.charCodeAt(at)) {
      inPattern += 1;
      at += 1;
    } else if (star >= 0) {
      inPattern = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === ANY) inPattern += 1;
  return inPattern === pattern.length;
}

const COLON = 58;
const ARN_PARTS = 6;

/** ARNs are compared part by part: a wildcard never reaches over a colon, except in the last part, which may hold colons. */
export function matchesArn(pattern: Pattern, arn: string): boolean {
  if (pattern.length === 1 && pattern[0] === ANY) return true;
  const wanted = splitPattern(pattern);
  const parts = splitArn(arn);
  return wanted.length === parts.length && wanted.every((part, index) => matches(part, parts[index]!));
}

function splitPattern(pattern: Pattern): Pattern[] {
  const parts: number[][] = [[]];
  for (const code of pattern) {
    if (code === COLON && parts.length < ARN_PARTS) parts.push([]);
    else parts.at(-1)!.push(code);
  }
  return parts;
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= ARN_PARTS ? parts : [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}
