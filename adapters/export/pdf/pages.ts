/** The report's pages: where its lines stand, and where a page ends. */

import type { ExportHeader } from '../../../services/export/format.ts';
import type { Found } from '../../../services/search/port.ts';
import { Faces } from './faces.ts';
import { fieldsOf } from './fields.ts';
import { type Line, linesOf } from './lines.ts';
import { paintLine } from './painting.ts';
import { type Look, Paragraph, type Style } from './paragraph.ts';
import { isolated, spelled } from './spelling.ts';

const MARGIN = 48;
const SIZES = { title: 16, heading: 9.5, text: 8, small: 6.5 } as const;
/** Red, green and blue, from 0 to 1. */
const INK = { text: '0.1 0.1 0.1', quiet: '0.4 0.4 0.4', severe: '0.64 0.09 0.1', spelled: '0.6 0.35 0' } as const;
const RULE = '#cccccc';
const LABEL_WIDTH = 62;
/** What has to fit from an entry's heading on, so that the heading does not stand alone. */
const KEEP_TOGETHER = 60;
/** From one line to the next, in font sizes; scripts with marks above and below need more than Latin letters. */
const LEADING = { regular: 1.2, tall: 1.5 } as const;
/** From a line's upper edge down to where its letters stand, in font sizes. */
const ASCENT = { regular: 0.95, tall: 1.1 } as const;

const OWN: Style = { direction: 'ltr', outside: 'quiet' };
const STYLES: Readonly<Record<'members' | 'json', Style>> = {
  members: OWN,
  json: { direction: 'ltr', outside: 'text' },
};
const VALUE: Style = { direction: 'auto', outside: 'text' };

interface Box {
  readonly left: number;
  readonly size: number;
  readonly ink?: string;
  /** Beside its first line, at the margin. */
  readonly label?: string;
}

export class Pages {
  readonly #document: PDFKit.PDFDocument;
  readonly #header: ExportHeader;
  readonly #faces: Faces;
  readonly #spell = (text: string): string => spelled(text, this.#faces);
  #number = 0;
  /** Points from the page's upper edge. */
  #y = 0;

  constructor(document: PDFKit.PDFDocument, header: ExportHeader) {
    this.#document = document;
    this.#header = header;
    this.#faces = new Faces(document);
  }

  begin(): void {
    const { tenant, query, from, to, createdAt, createdBy, exportId } = this.#header;
    this.#newPage();
    this.#write(`Audit trail of ${this.#spell(tenant)}`, BOLD, { left: MARGIN, size: SIZES.title });
    this.#y += 10;
    this.#field('Search', query === '' ? 'everything' : this.#spell(query), VALUE);
    this.#field('Recorded', `${from} to ${to} (UTC)`, VALUE);
    this.#field('Made', `${createdAt} for ${isolated(this.#spell(createdBy))}`, STYLES.json);
    this.#field('Export', exportId, VALUE);
    this.#field('Proof', PROOF, VALUE);
    this.#y += 7;
  }

  entry({ entry, chain, position, leafHash, link }: Found): void {
    if (this.#y > this.#document.page.height - MARGIN - KEEP_TOGETHER) this.#newPage();
    this.#rule();
    const severe = entry.severity === 'critical' || entry.severity === 'high';
    const heading = `${entry.occurredAt}  ${this.#spell(entry.action)}`;
    this.#write(heading, BOLD, { left: MARGIN, size: SIZES.heading, ink: severe ? INK.severe : INK.text });
    this.#write(this.#spell(entry.description), VALUE, { left: MARGIN, size: SIZES.text });
    for (const { label, value, kind } of fieldsOf(entry, this.#spell)) this.#field(label, value, STYLES[kind]);
    const place = `chain ${chain}, position ${position}, leaf ${leafHash}, link ${link}`;
    this.#write(place, OWN, { left: MARGIN, size: SIZES.small });
    this.#y += 6;
  }

  end(count: number): void {
    this.#rule();
    const said = `${count} ${count === 1 ? 'entry' : 'entries'} in this file.`;
    this.#write(said, OWN, { left: MARGIN, size: SIZES.text });
  }

  #field(label: string, value: string, style: Style): void {
    this.#write(value, style, { left: MARGIN + LABEL_WIDTH, size: SIZES.text, label });
  }

  /** Lines of one paragraph down from where the page has got to, on as many pages as they need. */
  #write(text: string, style: Style, { left, size, ink = INK.text, ...box }: Box): void {
    let { label } = box;
    const width = this.#document.page.width - MARGIN - left;
    const paragraph = new Paragraph(text, style, this.#faces);
    for (const line of linesOf(paragraph, (width * 1000) / size)) {
      const tall = line.runs.some(({ face }) => face.name !== 'regular' && face.name !== 'bold') ? 'tall' : 'regular';
      this.#reserve(size * LEADING[tall]);
      // A text that is read from the right begins there.
      const x = paragraph.level === 1 ? left + width - (line.advance * size) / 1000 : left;
      const y = this.#y + size * ASCENT[tall];
      if (label !== undefined) this.#paint(this.#onOneLine(label), MARGIN, y, size, ink);
      label = undefined;
      this.#paint(line, x, y, size, ink);
      this.#y += size * LEADING[tall];
    }
  }

  #paint(line: Line, x: number, y: number, size: number, ink: string): void {
    const colors: Record<Look, string> = { text: ink, quiet: INK.quiet, spelled: INK.spelled };
    paintLine(this.#document, line, { x, y, size, colors });
  }

  /** Names of members, and what stands below a page, as far as it fits. */
  #onOneLine(text: string): Line {
    const width = this.#document.page.width - 2 * MARGIN;
    const [line] = linesOf(new Paragraph(text, OWN, this.#faces), (width * 1000) / SIZES.text);
    return line!;
  }

  #reserve(height: number): void {
    if (this.#y + height > this.#document.page.height - MARGIN) this.#newPage();
  }

  #rule(): void {
    const document = this.#document;
    const right = document.page.width - MARGIN;
    document.moveTo(MARGIN, this.#y).lineTo(right, this.#y).lineWidth(0.5).strokeColor(RULE).stroke();
    this.#y += 3;
  }

  #newPage(): void {
    this.#document.addPage();
    this.#number++;
    const text = `page ${this.#number}, export ${this.#header.exportId}, ${this.#spell(this.#header.tenant)}`;
    this.#paint(this.#onOneLine(text), MARGIN, this.#document.page.height - MARGIN / 2, SIZES.small, INK.text);
    this.#y = MARGIN;
  }
}

const BOLD: Style = { direction: 'ltr', bold: true, outside: 'text' };
const PROOF = 'manifest.json, evidence and proof.json beside this file; indelible verify --export checks them.';
