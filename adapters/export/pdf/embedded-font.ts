/** What pdfkit keeps of a font that it embeds: its text methods lay out lines of one font and one direction, so the report does that itself. */

interface ReadGlyph {
  readonly id: number;
  readonly advanceWidth: number;
  /** The characters it stands for, as the first text that had it says. */
  readonly codePoints: readonly number[];
}

/** A font as fontkit reads it. */
interface ReadFont {
  hasGlyphForCodePoint(codePoint: number): boolean;
  glyphForCodePoint(codePoint: number): ReadGlyph;
  /** Shaping: glyphs in their order on paper, in units of the font. */
  layout(
    text: string,
    features: undefined,
    script: undefined,
    language: undefined,
    direction: 'ltr' | 'rtl',
  ): {
    readonly glyphs: readonly ReadGlyph[];
    readonly positions: readonly { readonly xAdvance: number; readonly xOffset: number; readonly yOffset: number }[];
  };
}

export interface EmbeddedFont {
  /** Its name among the page's resources. */
  readonly id: string;
  readonly font: ReadFont;
  /** Thousandths of the font's size in a unit of the font. */
  readonly scale: number;
  readonly subset: { includeGlyph(glyph: number): number };
  /** By the numbers that `includeGlyph` gives; they are written when the document ends. */
  readonly widths: number[];
  readonly unicode: (readonly number[])[];
  ref(): unknown;
}

/** Opens a font that was registered under this name. */
export function embeddedFont(document: PDFKit.PDFDocument, name: string): EmbeddedFont {
  return (document.font(name) as unknown as { readonly _font: EmbeddedFont })._font;
}
