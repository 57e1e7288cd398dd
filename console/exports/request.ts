// A new export as it stands in the address, and as it is asked for.
import type { Operations } from '../api/operations.ts';
import { periodOf, printedFor } from '../entries/request.ts';
import { addressOfState, type EntriesState, stateOf } from '../entries/state.ts';

export type ExportBody = Operations['startExport']['body'];
export type Format = ExportBody['format'];

/** Those for people first. */
export const FORMATS: readonly Format[] = [
  ...(['xlsx', 'csv', 'csv-bom', 'pdf', 'json', 'ndjson'] as const),
  ...(['xml', 'parquet', 'cef', 'leef', 'syslog', 'ocsf'] as const),
];

/** Formats that are tables of columns (docs/export-formats.md). */
export const hasColumns = (format: Format): boolean =>
  format === 'csv' || format === 'csv-bom' || format === 'xlsx' || format === 'parquet';

export interface NewExport {
  readonly question: EntriesState;
  readonly format: Format;
  /** Paths of an entry, in their order; none: all that there are. */
  readonly fields: readonly string[];
  /** Counts from 0. */
  readonly step: number;
}

const LAST_STEP = 2;

/** An export has all that was asked for, the reader's own reads included; `page`, `cursor` and `open` are of nobody's export. */
export function newExportOf(address: URLSearchParams): NewExport {
  const step = Number(address.get('step') ?? '0');
  return {
    question: { ...stateOf(address), own: true, sort: 'recordedAt', page: 1, cursor: undefined, open: undefined },
    format: FORMATS.find((one) => one === address.get('format')) ?? 'xlsx',
    fields: (address.get('fields') ?? '').split(',').filter((field) => field !== ''),
    step: Number.isInteger(step) && step >= 0 && step <= LAST_STEP ? step : 0,
  };
}

export function addressOfNew({ question, format, fields, step }: NewExport): URLSearchParams {
  const address = addressOfState(question);
  address.set('new', '1');
  address.set('format', format);
  if (fields.length > 0) address.set('fields', fields.join(','));
  if (step > 0) address.set('step', String(step));
  return address;
}

/** What is asked, but for format and columns. Throws QueryError. */
export function searchOfExport({ question }: NewExport, subject: string, now: number) {
  const q = printedFor(question, subject);
  return { ...(q === '' ? {} : { q }), ...periodOf(question.range, now), order: question.order };
}

/** Throws QueryError. */
export function bodyOf(wanted: NewExport, subject: string, now: number): ExportBody {
  const { format, fields } = wanted;
  return {
    ...searchOfExport(wanted, subject, now),
    format,
    ...(hasColumns(format) && fields.length > 0 ? { fields: [...fields] } : {}),
  };
}
