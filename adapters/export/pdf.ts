/** PDF, a report to read and to print: what it is of, and one entry after the other. */

import PDFDocument from 'pdfkit';
import type { ExportFormat, ExportHeader } from '../../services/export/format.ts';
import type { Found } from '../../services/search/port.ts';
import { Pages } from './pdf/pages.ts';
import { pulled } from './pulled.ts';

export const PDF: ExportFormat = {
  name: 'pdf',
  extension: 'pdf',
  contentType: 'application/pdf',
  // Some thousand pages: nobody reads more, and a reader of PDF holds them all.
  maxRows: 20_000,
  write: (header: ExportHeader, rows: AsyncIterable<Found>) => pulled((push) => report(header, rows, push)),
};

async function report(
  header: ExportHeader,
  rows: AsyncIterable<Found>,
  push: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const createdAt = new Date(header.createdAt);
  const document = new PDFDocument({
    ...{ size: 'A4', margin: 0, compress: true, autoFirstPage: false, bufferPages: false },
    // There is no font but those that are embedded: the standard ones know Western letters alone.
    font: null as unknown as string,
    info: {
      Title: `Audit trail of ${header.tenant}`,
      CreationDate: createdAt,
      ModDate: createdAt,
      Producer: 'Indelible',
    },
  });
  const pages = new Pages(document, header);
  const read = (async () => {
    for await (const chunk of document as unknown as AsyncIterable<Uint8Array>) await push(chunk);
  })();
  // It is awaited below; until then its failure is told by the writing, which then waits for ever less.
  read.catch(() => undefined);
  pages.begin();
  let count = 0;
  for await (const row of rows) {
    pages.entry(row);
    count++;
    // What was written is handed on before more is.
    if (document.readableLength > HIGH_WATER) await Promise.race([drained(document), read]);
  }
  pages.end(count);
  document.end();
  await read;
}

const HIGH_WATER = 1024 * 1024;
const drained = (document: PDFKit.PDFDocument): Promise<void> =>
  new Promise((resolve) => {
    const look = () => (document.readableLength > HIGH_WATER / 2 ? setImmediate(look) : resolve());
    look();
  });
