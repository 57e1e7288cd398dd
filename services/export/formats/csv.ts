// Comma-separated values, for programs and for spreadsheets.
import type { Found } from '../../search/port.ts';
import { inChunks } from '../chunks.ts';
import { columnsOf } from '../columns.ts';
import type { ExportFormat, ExportHeader } from '../format.ts';

/** RFC 4180 in UTF-8: a header, CRLF, quotation marks where they are needed. */
export const CSV = csv('csv', '');
/** The same behind a byte order mark, without which Excel takes UTF-8 for the letters of its own country. */
export const CSV_WITH_MARK = csv('csv-bom', '\ufeff');

function csv(name: string, mark: string): ExportFormat {
  return {
    name,
    extension: 'csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    // What spreadsheet programs open.
    maxRows: 1_048_575,
    write: (header: ExportHeader, rows: AsyncIterable<Found>) => inChunks(records(mark, header, rows)),
  };
}

async function* records(
  mark: string,
  { fields }: ExportHeader,
  rows: AsyncIterable<Found>,
): AsyncGenerator<string, void, undefined> {
  const columns = columnsOf(fields);
  yield `${mark}${columns.map(({ name }) => csvCell(name)).join(',')}\r\n`;
  for await (const row of rows) yield `${columns.map((column) => csvCell(column.valueOf(row))).join(',')}\r\n`;
}

/**
 * A spreadsheet takes text that begins so for a formula; the full-width forms too, where the program folds widths. What it
 * trims or does not show may stand in front.
 */
const FORMULA = /^(?:['\t\r\n]|[\s\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;
const SPECIAL = /[",\r\n]/;

/**
 * One cell. Text that could be a formula gets an apostrophe in front, as does text that begins with one, so that taking one
 * away gives what was there. Numbers are numbers.
 */
function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return SPECIAL.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
