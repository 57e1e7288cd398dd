/** Which categories a query can find anything of. */
import { CATEGORIES } from '../../core/catalog/categories.ts';
import type { Query } from '../../core/query/ast.ts';

/** Categories outside which nothing matches; undefined when the query does not bound them. */
export function categoriesOf(query: Query): readonly string[] | undefined {
  if (query.kind === 'field' && query.path.join('.') === 'category' && query.test.kind === 'equals') {
    const { value } = query.test;
    return [...CATEGORIES.keys()].filter((category) => category === value);
  }
  if (query.kind === 'and') {
    const bounds = query.of.map(categoriesOf).filter((bound) => bound !== undefined);
    return bounds.length === 0
      ? undefined
      : bounds.reduce((some, others) => some.filter((one) => others.includes(one)));
  }
  if (query.kind === 'or') {
    const bounds = query.of.map(categoriesOf);
    return bounds.includes(undefined) ? undefined : [...new Set(bounds.flatMap((bound) => bound!))];
  }
  return undefined;
}
