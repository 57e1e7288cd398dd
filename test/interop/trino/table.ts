/** The archive's table in Trino's memory, with some rows. */
import { CELLS } from '../../../adapters/parquet/columns.ts';
import { leafHash } from '../../../core/chain.ts';
import type { Entry } from '../../../core/entry/schema.ts';
import { SEGMENT_COLUMNS } from '../../../names/segment.ts';

const TYPES = {
  INT32: 'integer',
  INT64: 'bigint',
  DOUBLE: 'double',
  TIMESTAMP: 'timestamp(3)',
  STRING: 'varchar',
  BYTE_ARRAY: 'varbinary',
};
const columns = SEGMENT_COLUMNS.filter(({ parquet }) => parquet !== 'BYTE_ARRAY');

interface Row {
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  readonly position: number;
  readonly day: string;
}

/** Two statements: one makes the table, one fills it. */
export function tableOf(rows: readonly Row[]): string[] {
  const declared = columns.map(({ name, parquet }) => `${name} ${TYPES[parquet]}`);
  return [
    `CREATE TABLE segments (${declared.join(', ')}, tenant varchar, category varchar, day varchar)`,
    `INSERT INTO segments VALUES ${rows.map(rowOf).join(', ')}`,
  ];
}

function rowOf({ entry, bytes, position, day }: Row): string {
  const none = new Uint8Array(0);
  const row = { position, entry, bytes, leafHash: leafHash(bytes), link: none, previousLink: none, day };
  const cells = columns.map(({ name, parquet }) => literal(CELLS[name]!(row, 0), TYPES[parquet]));
  const partition = [entry.tenant, entry.category, day].map((value) => literal(value, 'varchar'));
  return `(${[...cells, ...partition].join(', ')})`;
}

function literal(value: unknown, type: string): string {
  if (value === undefined) return `CAST(NULL AS ${type})`;
  if (value instanceof Date) return `TIMESTAMP '${value.toISOString().replace('T', ' ').slice(0, -1)}'`;
  const text = value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
  return `CAST('${text.replaceAll("'", "''")}' AS ${type})`;
}
