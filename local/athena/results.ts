/** GetQueryResults: rows of the CSV in S3, page by page, read in the caller's name. */
import { Refusal } from '../aws/refusal.ts';
import type { CallersS3 } from './caller.ts';
import type { WorkGroup } from './catalog.ts';
import type { ResultColumn } from './engine.ts';
import { type Execution, outputName } from './execution.ts';
import { readCsvLine } from './text.ts';

const MOST_ROWS = 1_000;
const FIRST_READ_BYTES = 256 * 1024;

/** `token` is where the page begins. The first page begins with the names of the columns. */
export async function readPage(
  execution: Execution,
  { bucket, prefix }: WorkGroup,
  s3: CallersS3,
  { token, rows = MOST_ROWS }: { readonly token: string | undefined; readonly rows: number | undefined },
): Promise<unknown> {
  const { outputBytes, columns } = execution;
  const from = startOf(token, outputBytes);
  const page: (string | null)[][] = [];
  let next = from;
  for (let size = FIRST_READ_BYTES; next < outputBytes && page.length < rows; size *= 2) {
    const bytes = await s3.read(bucket, `${prefix}${outputName(execution)}`, next, size);
    // A character a byte, so that places in the text are places in the object.
    const text = bytes.toString('latin1');
    let at = 0;
    while (page.length < rows) {
      const line = readCsvLine(text, at);
      if (line === undefined) break;
      page.push(line.cells.map((cell) => (cell === null ? null : Buffer.from(cell, 'latin1').toString('utf8'))));
      at = line.next;
    }
    next += at;
  }
  return {
    UpdateCount: 0,
    ResultSet: { Rows: page.map(shown), ResultSetMetadata: { ColumnInfo: columns.map(described) } },
    ...(next < outputBytes ? { NextToken: Buffer.from(String(next)).toString('base64url') } : {}),
  };
}

function startOf(token: string | undefined, outputBytes: number): number {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (Number.isSafeInteger(from) && from >= 0 && from < outputBytes) return from;
  throw new Refusal(400, 'InvalidRequestException', 'Invalid NextToken');
}

const shown = (cells: readonly (string | null)[]) => ({
  Data: cells.map((cell) => (cell === null ? {} : { VarCharValue: cell })),
});

const described = ({ name, type }: ResultColumn) => ({
  ...{ CatalogName: 'hive', SchemaName: '', TableName: '', Name: name, Label: name, Type: type },
  ...{ Precision: 0, Scale: 0, Nullable: 'UNKNOWN', CaseSensitive: type === 'varchar' },
});
