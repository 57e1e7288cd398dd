// Exports as a workbook for Excel.
import { STANDARD_LAYOUT } from '../../core/zip/layout.ts';
import { ArchivePaths } from '../../core/zip/paths.ts';
import { ZipWriter } from '../../core/zip/writer.ts';
import { inChunks } from '../../services/export/chunks.ts';
import { type Column, columnsOf } from '../../services/export/columns.ts';
import type { ExportFormat, ExportHeader } from '../../services/export/format.ts';
import type { Found } from '../../services/search/port.ts';
import { zlibZip } from '../zip/zlib.ts';
import { pulled } from './pulled.ts';

/**
 * Office Open XML (ECMA-376, SpreadsheetML): one sheet of text and number cells, with a frozen header and a filter. Written
 * here rather than by a library, since a file has to come out the same from the same entries: that is how a reader checks
 * that it says what they say.
 */
export const XLSX: ExportFormat = {
  name: 'xlsx',
  extension: 'xlsx',
  contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  // A sheet holds 1,048,576 rows, the header included.
  maxRows: 1_048_575,
  write: (header: ExportHeader, rows: AsyncIterable<Found>) =>
    pulled(async (push) => {
      const zip = new ZipWriter(push, zlibZip, STANDARD_LAYOUT, new ArchivePaths(PART_NAME));
      const columns = columnsOf(header.fields);
      for (const [path, text] of PARTS) await zip.add(path, ENCODER.encode(text));
      await zip.add('xl/worksheets/sheet1.xml', inChunks(sheet(columns, rows)));
      await zip.finish();
    }),
};

/** Names of parts are given (ECMA-376, part 2), brackets included. */
const PART_NAME = /^[A-Za-z0-9._[\]]+$/;

const ENCODER = new TextEncoder();
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const SHEETS = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const PARTS: readonly (readonly [path: string, text: string])[] = [
  [
    '[Content_Types].xml',
    `${DECLARATION}<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${SHEETS}.sheet.main+xml"/>` +
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEETS}.worksheet+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${SHEETS}.styles+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">` +
      `<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/workbook.xml',
    `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}">` +
      '<sheets><sheet name="Entries" sheetId="1" r:id="rId1"/></sheets></workbook>',
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">` +
      `<Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>` +
      `<Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  ],
  [
    'xl/styles.xml',
    `${DECLARATION}<styleSheet xmlns="${MAIN}"><fonts count="2"><font/><font><b/></font></fonts>` +
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
      '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
      '<cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>',
  ],
];

/** Widths in characters; what is longer is there all the same. */
const WIDTH = 24;
const BOLD = 1;

async function* sheet(columns: readonly Column[], rows: AsyncIterable<Found>): AsyncGenerator<string, void, undefined> {
  const last = letters(columns.length - 1);
  yield `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols><col min="1" max="${columns.length}" width="${WIDTH}" customWidth="1"/></cols><sheetData>`;
  yield `<row r="1">${columns.map(({ name }, i) => textCell(letters(i), 1, name, ` s="${BOLD}"`)).join('')}</row>`;
  let number = 1;
  for await (const found of rows) {
    number++;
    yield `<row r="${number}">${columns.map((column, i) => cell(letters(i), number, column.valueOf(found))).join('')}</row>`;
  }
  yield `</sheetData><autoFilter ref="A1:${last}${number}"/></worksheet>`;
}

function cell(column: string, row: number, value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number' && isShown(value)) return `<c r="${column}${row}"><v>${value}</v></c>`;
  return textCell(column, row, String(value));
}

/** A spreadsheet keeps 15 digits of a number: one with more is text, or it would be another number. */
function isShown(value: number): boolean {
  return Number(value.toPrecision(15)) === value;
}

/** Text is text whatever it begins with: only a formula's own element is one. */
function textCell(column: string, row: number, value: string, attributes = ''): string {
  return `<c r="${column}${row}" t="inlineStr"${attributes}><is><t xml:space="preserve">${escaped(shortened(value))}</t></is></c>`;
}

/** What a cell holds; the entry's bytes in the evidence have all of it. */
const MOST_CHARACTERS = 32_767;
const CUT = ' […]';

function shortened(value: string): string {
  return value.length <= MOST_CHARACTERS
    ? value
    : `${value.slice(0, MOST_CHARACTERS - CUT.length).toWellFormed()}${CUT}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** ST_Xstring (section 22.9.2.19): characters that XML has not, and text that looks like one so written. */
const UNWRITABLE = /[^\P{Cc}\t\n]|[\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/gu;

function escaped(value: string): string {
  return value
    .replace(UNWRITABLE, (one) => `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>]/g, (one) => ENTITIES[one]!);
}

/** A, B, …, Z, AA. */
function letters(index: number): string {
  const high = Math.floor(index / 26);
  return (high === 0 ? '' : letters(high - 1)) + String.fromCharCode(65 + (index % 26));
}
