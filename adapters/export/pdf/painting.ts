/** Lines of text as operators of a page (ISO 32000-2, 9.4), with what each glyph stands for, so that a search finds it. */

import type { Line } from './lines.ts';
import type { Look, TextRun } from './paragraph.ts';

export interface LinePlacement {
  /** Points from the page's left edge, and from its upper edge to the line that letters stand on. */
  readonly x: number;
  readonly y: number;
  /** Points. */
  readonly size: number;
  /** Red, green and blue, from 0 to 1. */
  readonly colors: Readonly<Record<Look, string>>;
}

/** Runs are written in the order of reading. The page's own scale is turned upside down by pdfkit, so the letters are turned back. */
export function paintLine(document: PDFKit.PDFDocument, { runs }: Line, { x, y, size, colors }: LinePlacement): void {
  if (runs.length === 0) return;
  const operators = ['BT'];
  let pen = Number.NaN;
  let font = '';
  let color = '';
  for (const run of runs) {
    const { embedded } = run.face;
    if (embedded.id !== font) {
      font = embedded.id;
      const fonts = document.page.fonts as Record<string, unknown>;
      fonts[font] ??= embedded.ref();
      operators.push(`/${font} ${decimal(size)} Tf`);
    }
    if (colors[run.look] !== color) {
      color = colors[run.look];
      operators.push(`${color} rg`);
    }
    // Within a run, and from one to its neighbour, the widths of the glyphs move the pen.
    if (run.x !== pen) operators.push(`1 0 0 -1 ${decimal(x + (run.x * size) / 1000)} ${decimal(y)} Tm`);
    pen = run.x + run.shaped.advance;
    operators.push(...shown(run, size));
  }
  document.addContent([...operators, 'ET'].join('\n'));
}

/** A run's glyphs; behind what they stand for if the font's own table does not say it. */
function shown(run: TextRun, size: number): string[] {
  const codes = run.shaped.glyphs.map((glyph) => {
    const { subset, widths, unicode } = run.face.embedded;
    const code = subset.includeGlyph(glyph.id);
    widths[code] ??= glyph.width;
    unicode[code] ??= glyph.codePoints;
    return code;
  });
  const operators = glyphOperators(run, codes, size);
  const said = saidByFont(run, codes);
  // Readers turn what stands from right to left, and what is said of it too: joiners, which have no glyph, are not worth that.
  const text = run.level % 2 === 1 ? run.text.replace(JOINERS, '') : run.text;
  if (said === text) return operators;
  return [`/Span <</ActualText <${utf16(run.text)}>>> BDC`, ...operators, 'EMC'];
}

/** What a reader makes of the glyphs by the font's table, in the order in which text is read. */
function saidByFont({ face, level }: TextRun, codes: readonly number[]): string {
  const said = codes.map((code) => String.fromCodePoint(...(face.embedded.unicode[code] ?? [])));
  return (level % 2 === 1 ? said.reverse() : said).join('');
}

/** Each glyph moves on by its own width; what it should move differently is told between them, and before it where it stands aside. */
function glyphOperators({ shaped }: TextRun, codes: readonly number[], size: number): string[] {
  const operators: string[] = [];
  let shows = '';
  let rise = 0;
  /** How far to the left the pen stands of where it should. */
  let owed = 0;
  const flush = () => {
    if (shows !== '') operators.push(`[${shows.replaceAll('><', '')}] TJ`);
    shows = '';
  };
  for (const [i, glyph] of shaped.glyphs.entries()) {
    if (glyph.y !== rise) {
      flush();
      rise = glyph.y;
      operators.push(`${decimal((rise * size) / 1000)} Ts`);
    }
    const move = decimal(-(owed + glyph.x));
    if (move !== '0') shows += move;
    shows += `<${codes[i]!.toString(16).padStart(4, '0')}>`;
    owed = glyph.advance - glyph.width - glyph.x;
  }
  const move = decimal(-owed);
  if (move !== '0') shows += move;
  flush();
  if (rise !== 0) operators.push('0 Ts');
  return operators;
}

const JOINERS = /[\u200c\u200d]/g;

const decimal = (value: number): string => String(Math.round(value * 1000) / 1000 || 0);

const utf16 = (text: string): string => `FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}`;
