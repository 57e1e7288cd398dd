/** The report's pages, read back: every member of an entry is there, and every script as it is written. */

import { expect, test } from '@jest/globals';
import { PDF } from '../../../adapters/export/pdf.ts';
import { EntrySchema } from '../../../core/entry/schema.ts';
import { rowOf, written } from '../../support/exporting.ts';
import { type ShownRun, shownLines, shownRuns } from '../../support/pdf-text.ts';

const QUIET = '0.4 0.4 0.4';
const SPELLED = '0.6 0.35 0';

const runsOf = async (...entries: object[]): Promise<ShownRun[]> =>
  shownRuns(
    await written(
      PDF,
      entries.map((members, i) => rowOf(i, members)),
    ),
  );

/** The run of a description that holds no break: its first entry's, below the heading. */
async function described(description: string): Promise<ShownRun[]> {
  const runs = await runsOf({ description });
  const heading = runs.findIndex(({ text }) => text.endsWith('case.viewed'));
  const { y, page } = runs[heading + 1]!;
  return runs.filter((run) => run.y === y && run.page === page);
}

const read = (runs: readonly ShownRun[]): string => runs.map(({ text }) => text).join('');
/** From left to right, as the eye sees it. */
const seen = (runs: readonly ShownRun[]): string =>
  runs
    .toSorted((a, b) => a.x - b.x)
    .map(({ painted }) => painted)
    .join('');

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly type?: string;
  readonly description?: string;
}

/** A value of each member that the schema has, none twice. */
function sampleOf({ properties, items, type, description, ...shape }: Shape, path: string): unknown {
  if (properties !== undefined)
    return Object.fromEntries(
      Object.entries(properties).map(([name, one]) => [name, sampleOf(one, `${path}-${name}`)]),
    );
  if (items !== undefined) return [sampleOf(items, `${path}-first`), sampleOf(items, `${path}-second`)];
  if (shape.enum !== undefined) return shape.enum.at(-1);
  if (shape.const !== undefined) return shape.const;
  if (type === 'number') return [...path].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_003;
  if (type === 'object' || type === undefined) return { [`${path}-key`]: [`${path}-value`, null, false] };
  return path;
}

function leavesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return Object.values(value).flatMap(leavesOf);
}

test('shows every member that an entry can have, and where it is in its chain', async () => {
  const entry = sampleOf(EntrySchema as unknown as Shape, 'e') as Record<string, unknown>;
  const row = rowOf(77, { ...entry, recordedAt: '2026-03-01T09:30:00.123Z', occurredAt: '2026-02-28T23:59:58.000Z' });
  const shown = shownLines(shownRuns(await written(PDF, [row])))
    .join('')
    .replaceAll(' ', '');
  const leaves = leavesOf(row.entry);
  expect(leaves.length).toBeGreaterThan(50);
  expect(leaves.filter((leaf) => !shown.includes(leaf.replaceAll(' ', '')))).toEqual([]);
  for (const name of ['onbehalfof', 'responsetimems', 'devicefingerprint', 'geolat', 'version1', 'latetrue'])
    expect(shown).toContain(name);
  for (const place of [row.leafHash, row.link, 'position77']) expect(shown).toContain(place);
});

test('heads an entry with when it happened, and says when it was recorded', async () => {
  const lines = shownLines(await runsOf({ occurredAt: '2026-02-28T23:59:58.000Z', metadata: { errorCode: 'E-4711' } }));
  expect(lines).toContain('2026-02-28T23:59:58.000Z  case.viewed');
  expect(lines).toContain('recordedat 2026-03-01T09:30:00.123Z · by type token · by id app');
  expect(lines).toContain('metadata{"errorCode":"E-4711"}');
});

test('shows a member that a later version of the format adds', async () => {
  const lines = shownLines(await runsOf({ attestation: { by: 'notary' } }));
  expect(lines).toContain('attestation{"by":"notary"}');
});

test('a value that looks like another member has the colour of values', async () => {
  const runs = await runsOf({ actor: { type: 'user', id: 'u1', name: 'Bob · role admin' } });
  const label = runs.find(({ text }) => text.includes('type'))!;
  const value = runs.find(({ text }) => text.includes('role admin'))!;
  expect([label.color, value.text]).toEqual([QUIET, 'Bob · role admin']);
  expect(value.color).not.toBe(QUIET);
});

test('what breaks lines, turns text or cannot be seen is spelled out in a colour of its own', async () => {
  for (const [text, shown] of [
    ['two\u2028lines', 'two[U+2028]lines'],
    ['two\u2029paragraphs', 'two[U+2029]paragraphs'],
    ['line\nfeed\r\u0085', 'line[U+000A]feed[U+000D][U+0085]'],
    ['tab\there', 'tab[U+0009]here'],
    ['a\u0000b\u001b[31m', 'a[U+0000]b[U+001B][31m'],
    ['left\u202eright', 'left[U+202E]right'],
    ['iso\u2066la\u2068te\u2069', 'iso[U+2066]la[U+2068]te[U+2069]'],
    ['zero\u200bwidth\ufeff', 'zero[U+200B]width[U+FEFF]'],
    ['soft\u00adhyphen', 'soft[U+00AD]hyphen'],
    ['joined\u200dletters', 'joined[U+200D]letters'],
    ['tag\u{e0041}', 'tag[U+E0041]'],
    ['filler\u3164', 'filler[U+3164]'],
    ['own\ue000', 'own[U+E000]'],
    ['\u0301mark first', '[U+0301]mark first'],
  ] as const) {
    const runs = await described(text);
    expect(read(runs)).toBe(shown);
    expect(
      runs
        .filter(({ color }) => color === SPELLED)
        .map((run) => run.text)
        .join(''),
    ).toBe([...shown.matchAll(/\[U\+\w+\]/g)].join(''));
  }
  expect((await described('[U+202E]')).map(({ color }) => color)).not.toContain(SPELLED);
});

test('what no font has is spelled out, and what one has is not', async () => {
  expect(read(await described('ไทย \u{20000}x'))).toBe('[U+0E44][U+0E17][U+0E22] [U+20000]x');
  expect(read(await described('a\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0309'))).toBe(
    'a\u0301\u0302\u0303\u0304\u0306\u0307[U+0308][U+0309]',
  );
});

const SCRIPTS = [
  ['DejaVuSans', 'Ünïcödé Åsa Łódź Ghế'],
  ['DejaVuSans', 'Ελληνικά ἀρχή'],
  ['DejaVuSans', 'Кириллица Ђорђе Қазақ'],
  ['DejaVuSans', 'Հայերեն ქართული'],
  ['DejaVuSans', 'decompo\u0301sed n\u0303'],
  ['NotoSansHebrew-Regular', 'שרה כהן'],
  ['NotoSansHebrew-Regular', 'שָׁלוֹם'],
  ['NotoNaskhArabic', 'محمد علي'],
  ['NotoNaskhArabic', 'بہادر خان ہے'],
  ['NotoNaskhArabic', 'پژمان گل'],
  ['NotoSansDevanagari-Regular', 'अमित शर्मा क्षेत्र रिपोर्ट स्वीकृत विद्यार्थी'],
  ['NotoSansDevanagari-Regular', 'मराठी ऱ्हस्व ळ'],
  ['SourceHanSansCN-Regular', '王小明（经理），繁體中文'],
  ['SourceHanSansCN-Regular', 'ひらがな「カタカナ」漢字'],
  ['SourceHanSansKR-Regular', '김철수'],
  ['SourceHanSansKR-Regular', '각'.normalize('NFD')],
] as const;

test.each(SCRIPTS)('%s: %s has a glyph for each letter, and is found as it was written', async (font, text) => {
  const runs = await described(text);
  const named = runs.map((run) => run.font);
  expect(named.some((name) => name.startsWith(font))).toBe(true);
  expect(runs.flatMap(({ glyphs }) => glyphs)).not.toContain(0);
  expect(runs.map(({ color }) => color)).not.toContain(SPELLED);
  // Right to left, a font's table speaks for each glyph, from left to right, and readers turn it round.
  const rightToLeft = /[\u0590-\u06ff]/.test(text);
  const said = rightToLeft
    ? runs.map((run) => [...run.text].reverse().join('')).reverse()
    : runs.map((run) => run.text);
  expect(said.join('')).toBe(text);
});

test('writes Arabic joined, Devanagari reordered and Hangul composed', async () => {
  const glyphs = async (text: string) => (await described(text)).flatMap((run) => run.glyphs);
  // In one file: the same letter alone, at the beginning and in the middle has three glyphs.
  const beh = await glyphs('ب ببب');
  expect(new Set(beh.filter((glyph, i) => beh.indexOf(glyph) === i)).size).toBe(5);
  // The vowel that is spoken after the consonant stands before it.
  const [vowelSign] = await described('कि');
  expect([vowelSign!.painted, vowelSign!.text]).toEqual(['िक', 'कि']);
  expect(await glyphs('각'.normalize('NFD'))).toHaveLength(1);
});

test('text from the right stands in the order of UAX #9, and on the right if it begins so', async () => {
  for (const [text, visual] of [
    ['שרה כהן', 'ןהכ הרש'],
    ['case of שרה כהן (12) today', 'case of (12) ןהכ הרש today'],
    ['שרה (כהן) 123 abc', 'abc 123 (ןהכ) הרש'],
    ['a שרה b כהן c', 'a הרש b ןהכ c'],
  ] as const)
    expect(seen(await described(text))).toBe(visual);
  expect((await described('abc שרה'))[0]!.x).toBe(48);
  expect(Math.max(...(await described('שרה כהן')).map(({ x }) => x))).toBeGreaterThan(500);
});

test('names of one line do not turn each other', async () => {
  const runs = await runsOf({
    actor: { type: 'user', id: '77', name: 'שרה', role: '12' },
    metadata: { שם: 'כהן', list: ['דוד', 'לוי'] },
  });
  const line = (word: string) => {
    const { page, y } = runs.find(({ text }) => text.includes(word))!;
    return seen(runs.filter((run) => run.page === page && run.y === y && run.x > 100));
  };
  expect(line('הרש')).toBe('type user · id 77 · name הרש · role 12');
  expect(line('ןהכ')).toBe('{"םש":"ןהכ","list":["דוד","יול"]}');
});

test('long words and long texts stay within the page, and on as many as they need', async () => {
  const long = 'x'.repeat(4_000);
  const runs = await runsOf({ description: long, metadata: { text: 'שלום '.repeat(3_000), 王: '王'.repeat(3_000) } });
  expect(
    shownLines(runs)
      .filter((line) => /^x+$/.test(line))
      .join(''),
  ).toBe(long);
  expect(read(runs.filter(({ text }) => /王/.test(text))).match(/王/g)).toHaveLength(3_001);
  expect(Math.max(...runs.map(({ page }) => page))).toBeGreaterThan(1);
  for (const { x, y } of runs) {
    expect(x).toBeGreaterThanOrEqual(48);
    expect(x).toBeLessThan(595 - 48);
    expect(y).toBeLessThan(842 - 20);
  }
});

test('blanks hide nothing beside the page, and a word of any length is laid out', async () => {
  const hidden = await runsOf({ description: `${' '.repeat(5_000)}secret`, metadata: { ['م'.repeat(25_000)]: 1 } });
  expect(hidden.find(({ text }) => text.includes('secret'))!.x).toBe(48);
  expect(read(hidden).match(/م/g)).toHaveLength(25_000);
  expect(Math.max(...hidden.map(({ x }) => x))).toBeLessThan(595 - 48);
});

test('an entry makes the same bytes whatever was written before it in the process', async () => {
  const rows = SCRIPTS.map(([, description], i) => rowOf(i, { description, change: { before: SCRIPTS, after: i } }));
  const alone = await written(PDF, rows);
  await written(PDF, rows.toReversed());
  expect((await written(PDF, rows)).equals(alone)).toBe(true);
});
