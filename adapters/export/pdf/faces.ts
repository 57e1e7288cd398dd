/** The fonts of one document: which of them has a text, and the glyphs that it makes of it. */

import { type FontName, fontBytes } from '#fonts';
import { BoundedCache } from './bounded-cache.ts';
import { type EmbeddedFont, embeddedFont } from './embedded-font.ts';
import type { Coverage } from './spelling.ts';

/** A glyph where it stands; measures are thousandths of the font's size. */
export interface PlacedGlyph {
  /** Of the font file, not of the part that is embedded. */
  readonly id: number;
  /** What it is wide of itself, which the PDF's table of widths says. */
  readonly width: number;
  /** How far the next one stands from it. */
  readonly advance: number;
  readonly x: number;
  readonly y: number;
  /** The characters it stands for. */
  readonly codePoints: readonly number[];
}

/** A text of one font and one direction; glyphs are from left to right. */
export interface Shaped {
  readonly glyphs: readonly PlacedGlyph[];
  readonly advance: number;
}

/** Scripts by their blocks, and the font that is asked first for them. */
const SCRIPTS: readonly (readonly [FontName, RegExp])[] = [
  ['hebrew', /[\u0590-\u05ff\ufb1d-\ufb4f]/],
  ['arabic', /[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]/],
  ['devanagari', /[\u0900-\u097f\u1cd0-\u1cff\ua8e0-\ua8ff]/],
  ['hangul', /[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]/],
  ['han', /[\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]/],
];

/** Characters whose glyphs stand beside each other as they come: no marks, no joining, no reordering. */
const UNSHAPED =
  /^[\u0020-\u007e\u00a0-\u02ff\u0370-\u0482\u048a-\u058f\u10a0-\u10ff\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2100-\u2bff\u2e80-\u3029\u3030-\u3098\u309b-\ua48f\uac00-\ud7a3\uf900-\ufaff\uff01-\uff9d]*$/;

/** Texts and letters that are kept, so that a long report takes no more memory than a short one. */
const KEPT = 10_000;
/** Longer texts, such as hashes, do not come again. */
const LONGEST_KEPT = 32;

export class Faces implements Coverage {
  readonly #document: PDFKit.PDFDocument;
  readonly #open = new Map<FontName, Face>();
  readonly #found = new BoundedCache<string, Face | null>(KEPT);

  constructor(document: PDFKit.PDFDocument) {
    this.#document = document;
  }

  /** Fonts are opened when a text first needs them: most reports take one or two. */
  named(name: FontName): Face {
    let face = this.#open.get(name);
    if (face === undefined) {
      this.#document.registerFont(name, fontBytes(name) as Buffer);
      face = new Face(name, embeddedFont(this.#document, name));
      this.#open.set(name, face);
    }
    return face;
  }

  covers(characters: string): boolean {
    return this.of(characters) !== undefined;
  }

  /** The font that has all of these characters, which belong together. */
  of(characters: string): Face | undefined {
    const found = this.#found.get(characters) ?? this.#search(characters);
    return found ?? undefined;
  }

  #search(characters: string): Face | null {
    const codePoints = Array.from(characters, (character) => character.codePointAt(0)!);
    const own = SCRIPTS.find(([, pattern]) => pattern.test(characters))?.[0];
    const candidates: readonly FontName[] = own === undefined ? ['regular'] : [own, 'regular'];
    const face = candidates.map((name) => this.named(name)).find((one) => codePoints.every((code) => one.has(code)));
    this.#found.set(characters, face ?? null);
    return face ?? null;
  }
}

export class Face {
  readonly name: FontName;
  readonly embedded: EmbeddedFont;
  readonly #glyphs = new Map<number, PlacedGlyph>();
  readonly #shaped = new BoundedCache<string, Shaped>(KEPT);

  constructor(name: FontName, embedded: EmbeddedFont) {
    this.name = name;
    this.embedded = embedded;
  }

  has(codePoint: number): boolean {
    return this.embedded.font.hasGlyphForCodePoint(codePoint);
  }

  shaped(text: string, rightToLeft: boolean): Shaped {
    const key = rightToLeft ? `<${text}` : `>${text}`;
    const kept = this.#shaped.get(key);
    if (kept !== undefined) return kept;
    const shaped = !rightToLeft && UNSHAPED.test(text) ? this.#beside(text) : this.#laidOut(text, rightToLeft);
    if (text.length <= LONGEST_KEPT) this.#shaped.set(key, shaped);
    return shaped;
  }

  #beside(text: string): Shaped {
    const glyphs = Array.from(text, (character) => this.#glyph(character.codePointAt(0)!));
    return { glyphs, advance: sum(glyphs) };
  }

  #glyph(codePoint: number): PlacedGlyph {
    let glyph = this.#glyphs.get(codePoint);
    if (glyph === undefined) {
      const { id, advanceWidth } = this.embedded.font.glyphForCodePoint(codePoint);
      const width = advanceWidth * this.embedded.scale;
      glyph = { id, width, advance: width, x: 0, y: 0, codePoints: [codePoint] };
      this.#glyphs.set(codePoint, glyph);
    }
    return glyph;
  }

  #laidOut(text: string, rightToLeft: boolean): Shaped {
    const { font, scale } = this.embedded;
    const run = laidOut(font, text, rightToLeft);
    // The font has each of the letters: they can be read one by one too.
    if (run === undefined) return this.#beside(rightToLeft ? [...text].reverse().join('') : text);
    const blank = font.glyphForCodePoint(0x20).id;
    const glyphs: PlacedGlyph[] = [];
    for (const [i, { id, advanceWidth, codePoints }] of run.glyphs.entries()) {
      const { xAdvance, xOffset, yOffset } = run.positions[i]!;
      // A blank without width stands for a joiner, which has done its work.
      if (id === blank && xAdvance === 0) continue;
      const place = { advance: xAdvance * scale, x: xOffset * scale, y: yOffset * scale };
      glyphs.push({ id, width: advanceWidth * scale, ...place, codePoints });
    }
    return { glyphs, advance: sum(glyphs) };
  }
}

/** Undefined where the shaper fails on a combination of letters, or ends with one that has no glyph: a report is made of any text. */
function laidOut(font: EmbeddedFont['font'], text: string, rightToLeft: boolean) {
  try {
    const run = font.layout(text, undefined, undefined, undefined, rightToLeft ? 'rtl' : 'ltr');
    return run.glyphs.some(({ id }) => id === 0) ? undefined : run;
  } catch (error) {
    // What it throws then is a read of an anchor that the font lacks; any other failure is not about this text.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const sum = (glyphs: readonly PlacedGlyph[]): number => glyphs.reduce((total, { advance }) => total + advance, 0);
