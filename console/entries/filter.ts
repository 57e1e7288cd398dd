// A query as the filter's tokens, and the other way about: one tree of the search language stands behind both.
import { and, type FieldTest, not, or, type Query, type WildcardPart } from '../../core/query/ast.ts';
import { FIELDS, type Field, fieldAt } from '../../core/query/fields.ts';

/** How a token compares; `:` contains, `^` begins with. The components' own signs. */
export type Operator = '=' | '!=' | ':' | '!:' | '^' | '!^' | '>' | '>=' | '<' | '<=';

/** One condition. Without `propertyKey`, text that occurs anywhere in the entry. */
export interface Token {
  readonly propertyKey?: string;
  readonly operator: Operator;
  readonly value: string;
}

export interface TokenGroup {
  readonly operation: 'and' | 'or';
  readonly tokens: readonly Token[];
}

/** Tokens and groups of tokens, joined by one operation: what the filter can show. */
export interface Filter {
  readonly operation: 'and' | 'or';
  readonly tokens: readonly (Token | TokenGroup)[];
}

export const NO_FILTER: Filter = { operation: 'and', tokens: [] };

/** As a value behind `=`: that there is any. No entry has this value and means it: the language reads it so, too. */
export const ANY_VALUE = '*';

/** Operators that a field's values can be compared by, the usual one first. */
export const OPERATORS: Readonly<Record<Field['kind'], readonly Operator[]>> = {
  keyword: ['=', '!=', ':', '!:', '^', '!^'],
  text: [':', '!:', '^', '!^'],
  time: ['=', '!=', '>', '>=', '<', '<='],
  number: ['=', '!=', '>', '>=', '<', '<='],
  list: ['=', '!=', ':', '!:', '^', '!^'],
  json: ['=', '!=', ':', '!:', '^', '!^', '>', '>=', '<', '<='],
  group: ['=', '!='],
};

/** Severities have an order of their own. */
const ORDERED = 'severity';

/** Fields of the filter with their operators. */
export const FILTER_FIELDS: readonly { readonly name: string; readonly operators: readonly Operator[] }[] = [
  ...FIELDS.entries(),
].map(([name, { kind }]) => ({
  name,
  operators: name === ORDERED ? ['=', '!=', '>', '>=', '<', '<='] : OPERATORS[kind],
}));

export const isGroup = (token: Token | TokenGroup): token is TokenGroup => 'tokens' in token;

/** The query that the filter shows. Values are taken as they are: `parseQuery` of its text says which of them can't be. */
export function queryOfFilter({ operation, tokens }: Filter): Query {
  const join = operation === 'and' ? and : or;
  if (tokens.length === 0) return and();
  return join(
    ...tokens.map((token) =>
      isGroup(token) ? (token.operation === 'and' ? and : or)(...token.tokens.map(conditionOf)) : conditionOf(token),
    ),
  );
}

function conditionOf({ propertyKey, operator, value }: Token): Query {
  const negated = operator.startsWith('!');
  const sign = operator.replace('!', '');
  const condition: Query =
    propertyKey === undefined
      ? { kind: 'text', test: { kind: 'words', value } }
      : { kind: 'field', path: propertyKey.split('.'), test: testOf(fieldAt(propertyKey.split('.')), sign, value) };
  return negated ? not(condition) : condition;
}

function testOf(field: Field | undefined, sign: string, value: string): FieldTest {
  if (sign === '=') return value === ANY_VALUE ? { kind: 'exists' } : { kind: 'equals', value };
  if (sign === ':') {
    return field?.kind === 'text'
      ? { kind: 'equals', value }
      : { kind: 'wildcard', pattern: [{ any: 'run' }, value, { any: 'run' }] };
  }
  if (sign === '^') return { kind: 'wildcard', pattern: [value, { any: 'run' }] };
  const bound = { value, inclusive: sign.endsWith('=') };
  return { kind: 'range', ...(sign.startsWith('>') ? { low: bound } : { high: bound }) };
}

/** The filter that shows a query; undefined for one that says more than a filter can. */
export function filterOfQuery(query: Query): Filter | undefined {
  if (query.kind === 'all') return NO_FILTER;
  const operation = query.kind === 'or' ? 'or' : 'and';
  const of = query.kind === 'and' || query.kind === 'or' ? query.of : [query];
  const tokens: (Token | TokenGroup)[] = [];
  for (const one of of) {
    const shown = tokensOf(one, operation);
    if (shown === undefined) return undefined;
    tokens.push(...shown);
  }
  return { operation, tokens };
}

/** Of one part of a query. A range with two ends is two tokens, where both have to hold anyway. */
function tokensOf(query: Query, operation: 'and' | 'or'): readonly (Token | TokenGroup)[] | undefined {
  if (query.kind === 'and' || query.kind === 'or') {
    const tokens = query.of.map((one) => tokensOf(one, query.kind));
    if (tokens.some((one) => one === undefined || one.some(isGroup))) return undefined;
    return [{ operation: query.kind, tokens: tokens.flat() as Token[] }];
  }
  const bounds = query.kind === 'field' && query.test.kind === 'range' ? query.test : undefined;
  if (bounds?.low !== undefined && bounds.high !== undefined) {
    const { low, high } = bounds;
    const name = (query as Extract<Query, { kind: 'field' }>).path.join('.');
    const pair: Token[] = [
      { propertyKey: name, operator: low.inclusive ? '>=' : '>', value: low.value },
      { propertyKey: name, operator: high.inclusive ? '<=' : '<', value: high.value },
    ];
    return operation === 'and' ? pair : [{ operation: 'and', tokens: pair }];
  }
  const token = query.kind === 'not' ? negated(tokenOf(query.of)) : tokenOf(query);
  return token === undefined ? undefined : [token];
}

function negated(token: Token | undefined): Token | undefined {
  if (token === undefined || !['=', ':', '^'].includes(token.operator)) return undefined;
  return { ...token, operator: `!${token.operator}` as Operator };
}

function tokenOf(query: Query): Token | undefined {
  if (query.kind === 'text') {
    return query.test.kind === 'words' ? { operator: ':', value: query.test.value } : undefined;
  }
  if (query.kind !== 'field') return undefined;
  const shown = comparisonOf(fieldAt(query.path), query.test);
  return shown && { propertyKey: query.path.join('.'), ...shown };
}

function comparisonOf(field: Field | undefined, test: FieldTest): Omit<Token, 'propertyKey'> | undefined {
  switch (test.kind) {
    case 'exists':
      return { operator: '=', value: ANY_VALUE };
    case 'equals':
      if (test.value === ANY_VALUE) return undefined;
      return { operator: field?.kind === 'text' ? ':' : '=', value: test.value };
    case 'wildcard':
      return patternOf(field, test.pattern);
    case 'range':
      if (test.low !== undefined) return { operator: test.low.inclusive ? '>=' : '>', value: test.low.value };
      if (test.high !== undefined) return { operator: test.high.inclusive ? '<=' : '<', value: test.high.value };
      return undefined;
    case 'regex':
      return undefined;
  }
}

/** `*text*` and `text*`; other patterns are for who writes them. */
function patternOf(field: Field | undefined, parts: readonly WildcardPart[]): Omit<Token, 'propertyKey'> | undefined {
  const [first, second, third] = parts;
  const isRun = (part: WildcardPart | undefined): boolean => typeof part === 'object' && part.any === 'run';
  if (parts.length === 2 && typeof first === 'string' && isRun(second)) return { operator: '^', value: first };
  const contains = parts.length === 3 && isRun(first) && typeof second === 'string' && isRun(third);
  return contains && field?.kind !== 'text' ? { operator: ':', value: second } : undefined;
}
