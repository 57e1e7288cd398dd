/**
 * The syntax tree of the search language (docs/search.md). One tree has two targets that agree on the same entries: a
 * predicate over decoded entries (match.ts) and a condition for Athena (sql.ts).
 */
export type Query =
  /** Every entry. */
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly of: readonly Query[] }
  | { readonly kind: 'or'; readonly of: readonly Query[] }
  | { readonly kind: 'not'; readonly of: Query }
  /** A condition on the value, or on any of the values, at a path of the entry: `['actor', 'id']`. */
  | { readonly kind: 'field'; readonly path: readonly string[]; readonly test: FieldTest }
  /** One of `related` is this record. Only filters say it: the language's conditions may each be met by another item. */
  | { readonly kind: 'related'; readonly type: string; readonly id: string }
  /** Free text over everything that the entry holds. */
  | { readonly kind: 'text'; readonly test: TextTest };

export type TextTest =
  | { readonly kind: 'words'; readonly value: string }
  | { readonly kind: 'wildcard'; readonly pattern: readonly WildcardPart[] }
  | { readonly kind: 'regex'; readonly source: string };

export type FieldTest =
  | { readonly kind: 'equals'; readonly value: string }
  | { readonly kind: 'wildcard'; readonly pattern: readonly WildcardPart[] }
  | { readonly kind: 'regex'; readonly source: string }
  /** The bounds as written; which order they mean is the field's. At least one is there. */
  | { readonly kind: 'range'; readonly low?: Bound; readonly high?: Bound }
  /** `field:*`: there is a value. */
  | { readonly kind: 'exists' };

export interface Bound {
  readonly value: string;
  readonly inclusive: boolean;
}

/** Literal text, `*` for any run of characters, `?` for one. */
export type WildcardPart = string | { readonly any: 'run' | 'one' };

export const ALL: Query = { kind: 'all' };

/** Matched by no entry. */
export const NONE: Query = { kind: 'not', of: ALL };

export function and(...queries: readonly Query[]): Query {
  const of = queries.flatMap((query) => (query.kind === 'and' ? query.of : query.kind === 'all' ? [] : [query]));
  if (of.length === 0) return ALL;
  return of.length === 1 ? of[0]! : { kind: 'and', of };
}

export function or(...queries: readonly Query[]): Query {
  const of = queries.flatMap((query) => (query.kind === 'or' ? query.of : [query]));
  if (of.length === 0) return NONE;
  return of.length === 1 ? of[0]! : { kind: 'or', of };
}

export function not(query: Query): Query {
  return query.kind === 'not' ? query.of : { kind: 'not', of: query };
}

/** `actor.id` is this value, exactly. */
export function equals(field: string, value: string): Query {
  return { kind: 'field', path: field.split('.'), test: { kind: 'equals', value } };
}

/** One of `related` has this type and this id. */
export function relatesTo(type: string, id: string): Query {
  return and({ kind: 'related', type, id }, equals('related.id', id));
}
