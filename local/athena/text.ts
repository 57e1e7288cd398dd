/** Values as Athena writes them, and the CSV that it keeps results in. */
import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';

/** Athena's names of what columns hold. */
const TYPES: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'tinyint',
  [DuckDBTypeId.SMALLINT]: 'smallint',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'bigint',
  [DuckDBTypeId.HUGEINT]: 'bigint',
  [DuckDBTypeId.FLOAT]: 'float',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.DECIMAL]: 'decimal',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp with time zone',
  [DuckDBTypeId.BLOB]: 'varbinary',
  [DuckDBTypeId.LIST]: 'array',
  [DuckDBTypeId.MAP]: 'map',
  [DuckDBTypeId.STRUCT]: 'row',
};

export const typeName = (id: DuckDBTypeId): string => TYPES[id] ?? 'varchar';

/** Null for no value. */
export function textOf(value: DuckDBValue, type: DuckDBTypeId): string | null {
  if (value === null) return null;
  if (typeof value === 'number' && (type === DuckDBTypeId.DOUBLE || type === DuckDBTypeId.FLOAT)) return double(value);
  return plain(value);
}

function plain(value: DuckDBValue): string {
  if (value instanceof DuckDBBlobValue)
    return Buffer.from(value.bytes)
      .toString('hex')
      .replace(/(..)(?=.)/g, '$1 ');
  if (value instanceof DuckDBTimestampValue) return timestamp(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return `${timestamp(value.micros)} UTC`;
  if (value instanceof DuckDBDateValue || value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBListValue) return `[${value.items.map((item) => plain(item)).join(', ')}]`;
  if (value instanceof DuckDBStructValue) {
    return `{${Object.entries(value.entries)
      .map(([name, inner]) => `${name}=${plain(inner)}`)
      .join(', ')}}`;
  }
  return value === null ? 'null' : String(value);
}

/** Milliseconds are always written. */
function timestamp(micros: bigint): string {
  return new Date(Number(micros / 1_000n)).toISOString().slice(0, 23).replace('T', ' ');
}

/** As Java writes it: there is always a point, and from ten millions on an exponent. */
function double(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e7 || size < 1e-3)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value);
}

/** Every value in quotes; no value is nothing at all. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`;
}

/**
 * One record of such a file, from `at` on, and where the next one begins; undefined when the text ends before it does.
 */
export function readCsvLine(text: string, at: number): { cells: (string | null)[]; next: number } | undefined {
  const cells: (string | null)[] = [];
  for (let from = at; ; ) {
    let end = from;
    if (text[from] === '"') {
      do {
        end = text.indexOf('"', end + 1);
        if (end < 0) return undefined;
      } while (text[++end] === '"');
      cells.push(text.slice(from + 1, end - 1).replaceAll('""', '"'));
    } else {
      cells.push(null);
    }
    if (text[end] === '\n') return { cells, next: end + 1 };
    if (text[end] !== ',') return undefined;
    from = end + 1;
  }
}
