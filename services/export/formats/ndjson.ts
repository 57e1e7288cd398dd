// Exports as lines of JSON.
import { evidenceLine } from '../../../core/export/evidence.ts';
import type { Found } from '../../search/port.ts';
import { inChunks } from '../chunks.ts';
import type { ExportFormat, ExportHeader } from '../format.ts';

/** A line an entry: its exact bytes, and what binds it to its chain. It is its own evidence (docs/export.md). */
export const NDJSON: ExportFormat = {
  name: 'ndjson',
  extension: 'ndjson',
  contentType: 'application/x-ndjson',
  maxRows: 2_000_000,
  write: (_header: ExportHeader, rows: AsyncIterable<Found>) => inChunks(lines(rows)),
};

async function* lines(rows: AsyncIterable<Found>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const row of rows) yield evidenceLine(row);
}
