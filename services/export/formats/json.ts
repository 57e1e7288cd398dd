// Exports as one JSON document.
import { evidenceLine } from '../../../core/export/evidence.ts';
import type { Found } from '../../search/port.ts';
import { inChunks } from '../chunks.ts';
import type { ExportFormat, ExportHeader } from '../format.ts';

/** One document: what the export is of, and its entries with their exact bytes. */
export const JSON_DOCUMENT: ExportFormat = {
  name: 'json',
  extension: 'json',
  contentType: 'application/json',
  maxRows: 1_000_000,
  write: (header: ExportHeader, rows: AsyncIterable<Found>) => inChunks(pieces(header, rows)),
};

async function* pieces(
  header: ExportHeader,
  rows: AsyncIterable<Found>,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  yield `{"export":${JSON.stringify(header)},"entries":[`;
  let isFirst = true;
  for await (const row of rows) {
    yield isFirst ? '\n' : ',\n';
    isFirst = false;
    yield evidenceLine(row).subarray(0, -1);
  }
  yield '\n]}\n';
}
