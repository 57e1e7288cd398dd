/**
 * Writes statements for Trino, and holds its answers against the predicate: `check.ts write FILE`, then
 * `check.ts compare FILE`. The same seed makes the same entries and queries in both.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { CELLS } from '../../../adapters/parquet/columns.ts';
import { leafHash } from '../../../core/chain.ts';
import { compileQuery } from '../../../core/query/match.ts';
import { toSql } from '../../../core/query/sql.ts';
import { SEGMENT_COLUMNS } from '../../../names/segment.ts';
import { candidates, queries } from '../../support/queries.ts';

const SEED = 20_260_301;
const ENTRIES = 20;
const QUERIES = 60;

const TYPES = {
  INT32: 'integer',
  INT64: 'bigint',
  DOUBLE: 'double',
  TIMESTAMP: 'timestamp(3)',
  STRING: 'varchar',
  BYTE_ARRAY: 'varbinary',
};
const columns = SEGMENT_COLUMNS.filter(({ parquet }) => parquet !== 'BYTE_ARRAY');

const [all] = fc.sample(
  candidates(ENTRIES).filter(({ length }) => length > ENTRIES / 2),
  { seed: SEED, numRuns: 1 },
);
const asked = fc.sample(queries, { seed: SEED, numRuns: QUERIES });

const [, , step, file] = process.argv;
if (step === 'write')
  writeFileSync(
    file!,
    statements()
      .map((one) => Buffer.from(one).toString('base64'))
      .join('\n'),
  );
else compare(readFileSync(file!, 'utf8').trimEnd().split('\n').slice(2));

function statements(): string[] {
  const declared = columns.map(({ name, parquet }) => `${name} ${TYPES[parquet]}`);
  return [
    `CREATE TABLE segments (${declared.join(', ')}, tenant varchar, category varchar)`,
    `INSERT INTO segments VALUES ${all!.map(rowOf).join(', ')}`,
    ...asked.map((query) => `SELECT id FROM segments WHERE ${toSql(query)}`),
  ];
}

function rowOf({ entry, bytes }: NonNullable<typeof all>[number], position: number): string {
  const none = new Uint8Array(0);
  const row = { position, entry, bytes, leafHash: leafHash(bytes), link: none, previousLink: none, day: '' };
  const cells = columns.map(({ name, parquet }) => literal(CELLS[name]!(row, 0), TYPES[parquet]));
  return `(${[...cells, literal(entry.tenant, 'varchar'), literal(entry.category, 'varchar')].join(', ')})`;
}

function literal(value: unknown, type: string): string {
  if (value === undefined) return `CAST(NULL AS ${type})`;
  if (value instanceof Date) return `TIMESTAMP '${value.toISOString().replace('T', ' ').slice(0, -1)}'`;
  const text = value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
  return `CAST('${text.replaceAll("'", "''")}' AS ${type})`;
}

function compare(answers: readonly string[]): void {
  let failed = 0;
  for (const [i, query] of asked.entries()) {
    const want = all!.filter(compileQuery(query)).map(({ entry }) => entry.id);
    const got = answers[i]!.startsWith('ERROR ')
      ? [`error: ${Buffer.from(answers[i]!.slice(6), 'base64')}`]
      : answers[i]!.split(' ').filter((id) => id !== '');
    if (want.toSorted().join(' ') === got.toSorted().join(' ')) continue;
    failed++;
    console.log(`${toSql(query)}\n  want ${want.join(' ')}\n  got  ${got.join(' ')}`);
  }
  console.log(`${asked.length - failed} of ${asked.length} queries find in Trino what the predicate finds`);
  if (failed > 0) process.exitCode = 1;
}
