// A naive parser of JSON, to compare with.
import { type JsonObject, type JsonValue, setMember } from '../../../core/json/value.ts';

const TOKEN = /[ \t\n\r]*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\]:,])/sy;
const BLANK = /[ \t\n\r]*$/y;

/**
 * RFC 8259 by tokens, as naive as can be; throws on anything else. JSON.parse reads the single tokens only: V8 13.6, of
 * Node 24, sometimes reads the member name `"\""` as a lone backslash, so it is no reference for whole texts.
 */
export function referenceParse(text: string): JsonValue {
  const tokens: string[] = [];
  for (let at = 0; ; at = TOKEN.lastIndex) {
    BLANK.lastIndex = at;
    if (BLANK.test(text)) break;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxError('no token');
    tokens.push(match[1]!);
  }
  const value = parseValue(tokens);
  if (tokens.length > 0) throw new SyntaxError('more than one value');
  return value;
}

function parseValue(tokens: string[]): JsonValue {
  const token = take(tokens);
  if (token === '[') return parseList(tokens, ']', () => parseValue(tokens));
  if (token !== '{') return JSON.parse(token) as JsonValue;
  const members = parseList(tokens, '}', () => {
    const name = take(tokens);
    if (!name.startsWith('"') || take(tokens) !== ':') throw new SyntaxError('no member');
    return [JSON.parse(name) as string, parseValue(tokens)] as const;
  });
  const object: JsonObject = {};
  for (const [name, value] of members) setMember(object, name, value);
  return object;
}

function parseList<T>(tokens: string[], end: string, parseItem: () => T): T[] {
  if (tokens[0] === end) {
    tokens.shift();
    return [];
  }
  const items = [parseItem()];
  for (let token = take(tokens); token !== end; token = take(tokens)) {
    if (token !== ',') throw new SyntaxError('no comma');
    items.push(parseItem());
  }
  return items;
}

function take(tokens: string[]): string {
  const token = tokens.shift();
  if (token === undefined) throw new SyntaxError('cut off');
  return token;
}
