/** Asks the search for every value that every facet has in the ledger, and holds the answers against the ledger itself. */
import { FACETS } from '../../../names/index.ts';
import type { Runtime } from '../../e2e/runtime.ts';
import { expectEqual } from './check.ts';

/** What the runtime is told to index, and what it finds by reading the blocks of the period. */
export const INDEXED = ['actor', 'target', 'action', 'category', 'severity', 'outcome', 'ip'] as const;
const SCANNED = ['actor.type', 'actor.role', 'target.type', 'context.channel'];
const PATHS: readonly string[] = [...INDEXED.flatMap((facet): readonly string[] => FACETS[facet]), ...SCANNED];
const PAGE = 200;
const AT_ONCE = 4;

type Json = Readonly<Record<string, unknown>>;

interface Answer {
  readonly entries: readonly { readonly chain: number; readonly position: number }[];
  readonly cursor: string | null;
  readonly complete: boolean;
}

/** Places by the query that has to find exactly them. */
function questions(chains: ReadonlyMap<number, readonly Json[]>): Map<string, string[]> {
  const asked = new Map<string, string[]>();
  for (const [chain, entries] of chains) {
    for (const [position, entry] of entries.entries()) {
      const queries = PATHS.flatMap((path) =>
        [...new Set(valuesAt(entry, path.split('.')))].map((value) => `${path}:${quoted(value)}`),
      );
      for (const query of queries) {
        if (!asked.has(query)) asked.set(query, []);
        asked.get(query)!.push(`${chain}/${position}`);
      }
    }
  }
  return asked;
}

/** Through arrays, each item. */
function valuesAt(value: unknown, [name, ...rest]: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, name === undefined ? [] : [name, ...rest]));
  if (name === undefined) return typeof value === 'string' ? [value] : [];
  return typeof value === 'object' && value !== null ? valuesAt((value as Json)[name], rest) : [];
}

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** What the searches themselves recorded is no part of the question. */
const OTHERS = 'NOT category:audit_access';

export async function findAgain(
  runtime: Runtime,
  tenant: string,
  chains: ReadonlyMap<number, readonly Json[]>,
): Promise<number> {
  const asked = [...questions(chains)];
  const token = await runtime.token(tenant, 'compliance');
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let next = asked.pop(); next !== undefined; next = asked.pop()) {
      const [query, places] = next;
      const found = await search(runtime, token, `(${query}) AND ${OTHERS}`);
      expectEqual(`places of ${query}`, found.toSorted().join(' '), places.toSorted().join(' '));
    }
  });
  const count = asked.length;
  await Promise.all(lanes);
  return count;
}

async function search(runtime: Runtime, token: string, q: string): Promise<string[]> {
  const places: string[] = [];
  let cursor: string | null = null;
  do {
    const parameters: Record<string, string> = { q, limit: String(PAGE), ...(cursor === null ? {} : { cursor }) };
    const response = await fetch(`${runtime.url}/v1/entries?${new URLSearchParams(parameters)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (response.status !== 200) throw new Error(`${q}: ${response.status} ${await response.text()}`);
    const answer = (await response.json()) as Answer;
    places.push(...answer.entries.map(({ chain, position }) => `${chain}/${position}`));
    cursor = answer.cursor;
  } while (cursor !== null);
  return places;
}
