// Which facets of the index bound what a query can match.
import type { Entry } from '../entry/schema.ts';
import type { Query } from './ast.ts';
import { fieldAt } from './fields.ts';
import { severitiesIn, timeRange } from './range.ts';
import { spanOf } from './time.ts';
import { itemsOf, valueAt } from './values.ts';

/** Facets by name: the fields whose values each indexes (names/index.ts). */
export type Facets = Readonly<Record<string, readonly string[]>>;

/** Which postings hold everything that a query matches, and more: whoever reads them asks the query itself again. */
export type Plan =
  /** No facet bounds it. */
  | { readonly kind: 'all' }
  /** Nothing can match. */
  | { readonly kind: 'none' }
  | { readonly kind: 'term'; readonly facet: string; readonly value: string }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Plan[] };

/** The plan over these facets. */
export function facetTerms(query: Query, facets: Facets): Plan {
  switch (query.kind) {
    case 'and':
      return intersection(query.of.map((one) => facetTerms(one, facets)));
    case 'or':
      return union(query.of.map((one) => facetTerms(one, facets)));
    case 'not':
      return query.of.kind === 'all' ? { kind: 'none' } : { kind: 'all' };
    case 'field':
      return term(query, facets);
    default:
      return { kind: 'all' };
  }
}

function term({ path, test }: Extract<Query, { kind: 'field' }>, facets: Facets): Plan {
  const name = path.join('.');
  const facet = Object.keys(facets).find((one) => facets[one]!.includes(name));
  if (facet === undefined) return { kind: 'all' };
  if (test.kind === 'equals') return { kind: 'term', facet, value: test.value };
  if (test.kind !== 'range' || name !== 'severity') return { kind: 'all' };
  return union(severitiesIn(test).map((value) => ({ kind: 'term', facet, value })));
}

function intersection(plans: readonly Plan[]): Plan {
  if (plans.some(({ kind }) => kind === 'none')) return { kind: 'none' };
  return (
    joined(
      'and',
      plans.filter(({ kind }) => kind !== 'all'),
    ) ?? { kind: 'all' }
  );
}

function union(plans: readonly Plan[]): Plan {
  if (plans.some(({ kind }) => kind === 'all')) return { kind: 'all' };
  return (
    joined(
      'or',
      plans.filter(({ kind }) => kind !== 'none'),
    ) ?? { kind: 'none' }
  );
}

function joined(kind: 'and' | 'or', of: readonly Plan[]): Plan | undefined {
  return of.length > 1 ? { kind, of } : of[0];
}

/** The values that an entry has for a facet, each once: what a term of the plan may name. */
export function facetValues(entry: Entry, fields: readonly string[]): string[] {
  const values = fields.flatMap((name) => {
    const field = fieldAt(name.split('.'));
    if (field?.kind === 'list') return itemsOf(entry, field);
    const value = valueAt(entry, name.split('.'));
    return typeof value === 'string' ? [value] : [];
  });
  return [...new Set(values)];
}

/** Epoch milliseconds outside of which nothing matches: from the first on, before the last. */
export function recordedWithin(query: Query): { readonly from: number; readonly to: number } {
  const spans = (query.kind === 'and' ? query.of : [query]).flatMap((one) => {
    if (one.kind !== 'field' || one.path.join('.') !== 'recordedAt') return [];
    if (one.test.kind === 'range') return [timeRange(one.test)];
    return one.test.kind === 'equals' ? [spanOf(one.test.value)!] : [];
  });
  return {
    from: Math.max(Number.NEGATIVE_INFINITY, ...spans.map(({ from }) => from)),
    to: Math.min(Number.POSITIVE_INFINITY, ...spans.map(({ to }) => to)),
  };
}
