// Exports as PDF.
import PDFDocument from 'pdfkit';
import { BOLD_FONT, REGULAR_FONT } from '#fonts';
import type { Entry } from '../../core/entry/schema.ts';
import { visible } from '../../core/visible.ts';
import type { ExportFormat, ExportHeader } from '../../services/export/format.ts';
import type { Found } from '../../services/search/port.ts';
import { pulled } from './pulled.ts';

/** A report to read and to print: what it is of, and an entry after the other. */
export const PDF: ExportFormat = {
  name: 'pdf',
  extension: 'pdf',
  contentType: 'application/pdf',
  // Some thousand pages: nobody reads more, and a reader of PDF holds them all.
  maxRows: 20_000,
  write: (header: ExportHeader, rows: AsyncIterable<Found>) => pulled((push) => report(header, rows, push)),
};

const MARGIN = 48;
const SIZES = { title: 16, heading: 9.5, text: 8, small: 6.5 } as const;
const COLORS = { text: '#1a1a1a', quiet: '#666666', line: '#cccccc', severe: '#a4161a' } as const;
const LABEL_WIDTH = 78;
/** What has to fit below an entry's heading, so that it does not stand alone. */
const KEEP_TOGETHER = 60;

async function report(
  header: ExportHeader,
  rows: AsyncIterable<Found>,
  push: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const createdAt = new Date(header.createdAt);
  const document = new PDFDocument({
    ...{ size: 'A4', margin: MARGIN, compress: true, autoFirstPage: false, bufferPages: false },
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

class Pages {
  readonly #document: PDFKit.PDFDocument;
  readonly #header: ExportHeader;
  #number = 0;

  constructor(document: PDFKit.PDFDocument, header: ExportHeader) {
    this.#document = document;
    this.#header = header;
    document.registerFont('regular', REGULAR_FONT);
    document.registerFont('bold', BOLD_FONT);
    document.font('regular');
    document.on('pageAdded', () => this.#footer());
  }

  begin(): void {
    const { tenant, query, from, to, createdAt, createdBy, exportId } = this.#header;
    this.#document.addPage();
    this.#document
      .font('bold')
      .fontSize(SIZES.title)
      .fillColor(COLORS.text)
      .text(`Audit trail of ${shown(tenant)}`);
    this.#document.moveDown(0.6);
    this.#field('Search', query === '' ? 'everything' : query);
    this.#field('Recorded', `${from} to ${to} (UTC)`);
    this.#field('Made', `${createdAt} for ${createdBy}`);
    this.#field('Export', exportId);
    this.#field(
      'Proof',
      'manifest.json, evidence and proof.json beside this file; indelible verify --export checks them.',
    );
    this.#document.moveDown(0.8);
  }

  entry({ entry, chain, position, leafHash }: Found): void {
    const document = this.#document;
    if (document.y > document.page.height - MARGIN - KEEP_TOGETHER) document.addPage();
    this.#line();
    const severe = entry.severity === 'critical' || entry.severity === 'high';
    document
      .font('bold')
      .fontSize(SIZES.heading)
      .fillColor(severe ? COLORS.severe : COLORS.text);
    document.text(`${entry.recordedAt}  ${entry.action}`, MARGIN, document.y);
    document.font('regular').fontSize(SIZES.text).fillColor(COLORS.text).text(shown(entry.description));
    for (const [label, value] of fieldsOf(entry)) if (value !== undefined) this.#field(label, value);
    document.fontSize(SIZES.small).fillColor(COLORS.quiet);
    document.text(`chain ${chain}, position ${position}, leaf ${leafHash}`, MARGIN, document.y);
    document.moveDown(0.7);
  }

  end(count: number): void {
    this.#line();
    const said = `${count} ${count === 1 ? 'entry' : 'entries'} in this file.`;
    this.#document.font('regular').fontSize(SIZES.text).fillColor(COLORS.quiet).text(said, MARGIN, this.#document.y);
  }

  #field(label: string, value: string): void {
    const document = this.#document;
    const top = document.y;
    const width = document.page.width - 2 * MARGIN;
    if (top > document.page.height - MARGIN - SIZES.text * 2) document.addPage();
    const y = document.y;
    document.font('regular').fontSize(SIZES.text).fillColor(COLORS.quiet).text(label, MARGIN, y, { lineBreak: false });
    document.fillColor(COLORS.text).text(shown(value), MARGIN + LABEL_WIDTH, y, { width: width - LABEL_WIDTH });
    document.x = MARGIN;
  }

  #line(): void {
    const document = this.#document;
    const right = document.page.width - MARGIN;
    document.moveTo(MARGIN, document.y).lineTo(right, document.y).lineWidth(0.5).strokeColor(COLORS.line).stroke();
    document.moveDown(0.4);
  }

  /** Below the margin, where text would begin another page. */
  #footer(): void {
    const document = this.#document;
    this.#number++;
    const { x, y } = document;
    const bottom = document.page.margins.bottom;
    document.page.margins.bottom = 0;
    document.font('regular').fontSize(SIZES.small).fillColor(COLORS.quiet);
    const text = `${shown(this.#header.tenant)}, export ${this.#header.exportId}, page ${this.#number}`;
    document.text(text, MARGIN, document.page.height - MARGIN / 2, { lineBreak: false });
    document.page.margins.bottom = bottom;
    document.x = x;
    document.y = y;
  }
}

function fieldsOf({ actor, source, target, related, change, outcome, severity, category, context }: Entry) {
  const named = (one: Entry['target']) =>
    one && [one.type, one.id, one.name, one.reference].filter((part) => part !== undefined).join(' · ');
  return [
    [
      'actor',
      [actor.type, actor.id, actor.name, actor.email, actor.role].filter((part) => part !== undefined).join(' · '),
    ],
    ['target', named(target)],
    ['related', related?.map(named).join('; ')],
    ['result', `${outcome}, ${severity}, ${category}`],
    ['from', [source?.ip, source?.userAgent].filter((part) => part !== undefined).join(' · ') || undefined],
    ['before', change?.before === undefined ? undefined : JSON.stringify(change.before)],
    ['after', change?.after === undefined ? undefined : JSON.stringify(change.after)],
    ['request', context?.requestId ?? context?.correlationId ?? context?.sessionId],
  ] as const;
}

/** What has no glyph, or turns the text around it, is spelled out; letters that the font lacks show as its empty box. */
const shown = visible;
