/** Reads the text of a PDF that the report wrote: what each run of glyphs says, in which font and colour, and where it stands. */

import { inflateSync } from 'node:zlib';

export interface ShownRun {
  readonly page: number;
  /** Points from the page's left and upper edge. */
  readonly x: number;
  readonly y: number;
  /** Postscript name. */
  readonly font: string;
  readonly color: string;
  /** Of the embedded part of the font; 0 is what stands for a missing glyph. */
  readonly glyphs: readonly number[];
  /** What the font's table makes of the glyphs, from left to right. */
  readonly painted: string;
  /** What the run says it stands for, else the same as `painted`. */
  readonly text: string;
}

interface Font {
  readonly name: string;
  readonly unicode: ReadonlyMap<number, string>;
}

/** Runs in the order in which they are written. */
export function shownRuns(file: Buffer): ShownRun[] {
  const objects = objectsOf(file);
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b(?!s)/.test(head));
  return pages.flatMap(({ head }, page) => {
    const resources = objects.get(Number(/\/Resources (\d+) 0 R/.exec(head)![1]))!.head;
    const fonts = new Map<string, Font>();
    for (const [, name, number] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g))
      fonts.set(name!, fontOf(objects, Number(number)));
    const content = objects.get(Number(/\/Contents (\d+) 0 R/.exec(head)![1]))!.stream!;
    return runsOf(content.toString('latin1'), fonts, page);
  });
}

/** What is read on each line, top down and page by page; a line's runs are joined in the order of reading. */
export function shownLines(runs: readonly ShownRun[]): string[] {
  const lines = new Map<string, string>();
  for (const { page, y, text } of runs) {
    const key = `${page} ${y}`;
    lines.set(key, (lines.get(key) ?? '') + text);
  }
  return [...lines.values()];
}

interface Part {
  readonly head: string;
  readonly stream?: Buffer;
}

function objectsOf(file: Buffer): Map<number, Part> {
  const text = file.toString('latin1');
  const objects = new Map<number, Part>();
  const start = /(?:^|\n)(\d+) 0 obj\n/g;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    const end = text.indexOf('\nendobj', start.lastIndex);
    const head = text.slice(start.lastIndex, end).split('\nstream\n')[0]!;
    const from = start.lastIndex + head.length + '\nstream\n'.length;
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const stream = file.subarray(from, from + length);
    const inflated = head.includes('/FlateDecode') ? inflateSync(stream) : stream;
    objects.set(Number(found[1]), length > 0 ? { head, stream: inflated } : { head });
    start.lastIndex = length > 0 ? from + length : end;
  }
  return objects;
}

function fontOf(objects: ReadonlyMap<number, Part>, number: number): Font {
  const { head } = objects.get(number)!;
  const table = objects.get(Number(/\/ToUnicode (\d+) 0 R/.exec(head)![1]))!.stream!.toString('latin1');
  const unicode = new Map<number, string>();
  for (const [, first, , values] of table.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[(.*)\]/g)) {
    for (const [i, [, value]] of [...values!.matchAll(/<([0-9a-f ]*)>/g)].entries())
      unicode.set(Number.parseInt(first!, 16) + i, fromUtf16(value!.replaceAll(' ', '')));
  }
  return { name: /\/BaseFont \/\w+\+([\w-]+)/.exec(head)![1]!, unicode };
}

function runsOf(content: string, fonts: ReadonlyMap<string, Font>, page: number): ShownRun[] {
  const runs: ShownRun[] = [];
  let [font, color, x, y] = ['', '', 0, 0];
  let said: string | undefined;
  let open: ShownRun | undefined;
  const close = () => {
    if (open !== undefined) runs.push(said === undefined ? open : { ...open, text: said });
    open = undefined;
  };
  for (const line of content.split('\n')) {
    const moved = /^1 0 0 -1 (\S+) (\S+) Tm$/.exec(line);
    if (moved) [x, y] = [Number(moved[1]), Number(moved[2])];
    font = /^\/(F\d+) \S+ Tf$/.exec(line)?.[1] ?? font;
    color = /^(.*) rg$/.exec(line)?.[1] ?? color;
    if (/ (Tm|Tf|rg|BDC)$|^(EMC|ET)$/.test(line)) close();
    const actual = /^\/Span <<\/ActualText <FEFF([0-9A-F]*)>>> BDC$/.exec(line);
    if (actual) said = fromUtf16(actual[1]!);
    if (line === 'EMC') said = undefined;
    if (!line.endsWith(' TJ')) continue;
    const { name, unicode } = fonts.get(font)!;
    const glyphs = [...line.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, codes]) =>
      codes!.match(/.{4}/g)!.map((code) => Number.parseInt(code, 16)),
    );
    const painted = glyphs.map((glyph) => unicode.get(glyph) ?? '').join('');
    const before: ShownRun = open ?? { page, x, y, font: name, color, glyphs: [], painted: '', text: '' };
    open = {
      ...before,
      glyphs: [...before.glyphs, ...glyphs],
      painted: before.painted + painted,
      text: before.text + painted,
    };
  }
  close();
  return runs;
}

const fromUtf16 = (hexadecimal: string): string => Buffer.from(hexadecimal, 'hex').swap16().toString('utf16le');
