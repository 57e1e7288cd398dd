// A text as its reader would decode it, with the way back: escapes undone, invisible characters gone, digits in ASCII.

/** A decoded text; character i of it came from the original's [starts[i], starts[i + 1]). */
export interface View {
  readonly text: string;
  readonly starts: readonly number[];
}

/** RFC 3986 (encoded once or more), JSON's \u00XX, character references, characters without width, other digits. */
const DISGUISED =
  /%(?:25)*(?<hex>[2-7][0-9a-f])|\\u00(?<unit>[2-7][0-9a-f])|&(?:amp;)*(?:(?<entity>lt|gt|quot|apos)|#(?<decimal>\d{2,3})|#x(?<reference>[2-7][0-9a-f]));|(?<invisible>[\u00ad\u200b-\u200f\u2060-\u2064\ufeff])|(?![0-9])(?<digit>\p{Nd})/giu;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'" };

/** Most texts hold nothing of the kind, and this tells so faster. */
const PERHAPS = /[%\\&]|[^\0-\x7f]/;

/** Undefined where the text is what it looks like. */
export function plainView(text: string): View | undefined {
  if (!PERHAPS.test(text)) return undefined;
  let view = '';
  const starts: number[] = [];
  let from = 0;
  const copy = (end: number) => {
    view += text.slice(from, end);
    for (let at = from; at < end; at++) starts.push(at);
  };
  for (const { index, 0: match, groups } of text.matchAll(DISGUISED)) {
    copy(index);
    const plain = decoded(groups ?? {});
    if (plain !== '') starts.push(index);
    view += plain;
    from = index + match.length;
  }
  if (from === 0) return undefined;
  copy(text.length);
  starts.push(text.length);
  return { text: view, starts };
}

/** One ASCII character, or none for what can't be seen. */
function decoded(groups: Readonly<Record<string, string | undefined>>): string {
  const { hex, unit, entity, decimal, reference, digit } = groups;
  const code = hex ?? unit ?? reference;
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  if (entity !== undefined) return ENTITIES[entity.toLowerCase()]!;
  if (decimal !== undefined) return Number(decimal) < 0x80 ? String.fromCharCode(Number(decimal)) : '\u{fffd}';
  return digit === undefined ? '' : String(digitValue(digit.codePointAt(0)!));
}

/** Decimal digits stand in runs of ten (Unicode, chapter 4.6), so the value is how far into its run a digit is. */
function digitValue(codePoint: number): number {
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(codePoint - value - 1))) value++;
  return value % 10;
}
