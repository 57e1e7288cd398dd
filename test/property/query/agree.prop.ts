// The predicate and the SQL of a query select the same entries.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parquetSegments } from '../../../adapters/parquet/segment.ts';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { leafHash } from '../../../core/chain.ts';
import type { Entry } from '../../../core/entry/schema.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import { type Query, relatesTo } from '../../../core/query/ast.ts';
import { type Candidate, compileQuery } from '../../../core/query/match.ts';
import { toSql } from '../../../core/query/sql.ts';
import { TRINO_MACROS } from '../../../local/athena/trino.ts';
import { candidates, queries, relations } from '../../support/queries.ts';

/** Runs take as long as queries do: each is one statement over one small file. */
const RUNS = Number(process.env.QUERY_RUNS ?? 40);
const QUERIES_A_RUN = 12;

let folder: string;
let duckdb: DuckDBConnection;
let loads = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-query-'));
  duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  for (const macro of TRINO_MACROS) await duckdb.run(macro);
});
afterAll(() => {
  duckdb.closeSync();
  rmSync(folder, { recursive: true });
});

/** A segment as the archive writes it, under the names of the table that Athena has over it. */
async function load(all: readonly Candidate[]): Promise<void> {
  // A name of its own: DuckDB takes a file that was written again within its clock's tick for the one it has cached.
  const file = join(folder, `segment-${loads++}.parquet`);
  const link = new Uint8Array(32);
  const rows = all.map(({ entry, bytes }, position) => ({
    ...{
      position,
      entry,
      bytes,
      leafHash: leafHash(bytes),
      link,
      previousLink: link,
      day: entry.recordedAt.slice(0, 10),
    },
  }));
  writeFileSync(file, parquetSegments.encode(0, rows));
  const categories = `SELECT unnest(${list(all.map(({ entry }) => entry.id))}) AS id, unnest(${list(all.map(({ entry }) => entry.category))}) AS category`;
  await duckdb.run(`CREATE OR REPLACE TABLE segments AS
    SELECT s.*, 'acme' AS tenant, c.category FROM read_parquet('${file}') s JOIN (${categories}) c USING (id)`);
}

const list = (values: readonly string[]): string => `[${values.map((value) => `'${value}'`).join(', ')}]`;

async function selected(condition: string): Promise<string[]> {
  const reader = await duckdb.runAndReadAll(`SELECT id FROM segments WHERE ${condition}`);
  return reader
    .getRowsJson()
    .map(([id]) => String(id))
    .toSorted();
}

test('the predicate and the SQL select the same entries', async () => {
  await fc.assert(
    fc.asyncProperty(
      candidates(12),
      fc.array(fc.oneof({ weight: 9, arbitrary: queries }, relations), {
        minLength: QUERIES_A_RUN,
        maxLength: QUERIES_A_RUN,
      }),
      async (all, asked) => {
        await load(all);
        for (const query of asked) {
          const matches = compileQuery(query);
          const matched = all.filter(matches).map(({ entry }) => entry.id);
          const sql = toSql(query);
          expect({ query, sql, found: await selected(sql) }).toEqual({ query, sql, found: matched.toSorted() });
        }
      },
    ),
    { numRuns: RUNS },
  );
});

test('both find a relation in one item only, whatever the texts in it', async () => {
  const odd = ['case', 'c-1', 'c"1', '\\', '","type":"case', '"id":"c-1"', 'Σ.*'];
  const items = odd.flatMap((type) => odd.map((id) => ({ type, id, name: '","type":"case","id":"c-1' })));
  const all = items.map((item, i) => candidate(`e${i}`, [items[(i * 5 + 3) % items.length]!, item]));
  await load(all);
  for (const { type, id } of items) {
    const query = relatesTo(type, id);
    const matched = all.filter(compileQuery(query)).map(({ entry }) => entry.id);
    expect(matched.length).toBeGreaterThan(0);
    expect(matched.length).toBeLessThan(3);
    expect({ type, id, found: await selected(toSql(query)) }).toEqual({ type, id, found: matched.toSorted() });
  }
});

test.each([
  ['Zoë', 'Zoe\u0308'],
  ['Zoe\u0308', 'Zoë'],
  ['οδυσσευς', 'ΟΔΥΣΣΕΥΣ'],
  ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
  ['οδυσσευσ', 'Οδυσσευς'],
])('both find %s where %s was written, in free text and in a name', async (sought, written) => {
  const all = [
    candidate('e1', [{ type: 'person', id: 'p', name: written }]),
    candidate('e2', [{ type: 'person', id: 'q' }]),
  ];
  await load(all);
  const text: Query = { kind: 'text', test: { kind: 'words', value: sought } };
  const wildcard: Query = { kind: 'text', test: { kind: 'wildcard', pattern: [sought, { any: 'run' }] } };
  for (const query of [text, wildcard]) {
    expect(all.filter(compileQuery(query)).map(({ entry }) => entry.id)).toEqual(['e1']);
    expect(await selected(toSql(query))).toEqual(['e1']);
  }
  expect(JSON.stringify(all[0]!.entry)).toContain(written);
});

function candidate(id: string, related: NonNullable<Entry['related']>): Candidate {
  const entry: Entry = {
    ...{ id, v: 1, tenant: 'acme', action: 'case.viewed', category: 'case', outcome: 'success', severity: 'info' },
    ...{ description: 'd', occurredAt: '2026-03-01T00:00:00.000Z', recordedAt: '2026-03-01T00:00:00.000Z' },
    ...{ actor: { type: 'system' }, recorder: { type: 'token', id: 'app' }, related },
  };
  return { entry, bytes: canonicalBytes(entry as unknown as JsonValue) };
}
