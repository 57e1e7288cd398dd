// Every format of exports.
import { existsSync, readFileSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { parquetReadObjects } from 'hyparquet';
import { EXPORT_FORMATS } from '../../../adapters/export/formats.ts';
import { CATALOG } from '../../../core/catalog/catalog.ts';
import { CATEGORIES } from '../../../core/catalog/categories.ts';
import { readEvidenceLine } from '../../../core/export/evidence.ts';
import { visible } from '../../../core/visible.ts';
import { FORMATS } from '../../../functions/api/operations/exports.ts';
import { HEADER, rowOf, written } from '../../support/exporting.ts';

const NASTY = [
  ...[
    '=1+1',
    '+1',
    '-1',
    '@cmd',
    "'quoted",
    '\ttab',
    ' blank ',
    'a"b',
    'a,b',
    'line\nfeed\r\n',
    'back\\slash',
    'pipe|pipe',
  ],
  ...[
    ' =1+1',
    '\u00a0=1',
    '\u200b+1',
    '\ufeff@x',
    '\u2007\u00ad-1',
    '\u001b[31mred',
    'a\u0000b',
    'two\u2028lines',
    'left\u202eright',
  ],
  ...['x=y', ']bracket', '<tag/> & "é"', '日本 😀 עברית', '\u0001\u001f', '_x0041_', '＝full'],
];
const rows = NASTY.map((text, i) =>
  rowOf(i, {
    description: text,
    target: { type: 'case', id: 'c1', name: text.replace(/\p{Cc}/gu, '.') },
    change: { before: { a: text }, after: [text, 1, null] },
    metadata: { 'odd key': text, xmlns: 1 },
    source: { ip: '203.0.113.7', userAgent: text },
  }),
);
const format = (name: string) => EXPORT_FORMATS.get(name)!;

test('every format that the API names is there, and makes the same bytes of the same entries', async () => {
  expect([...EXPORT_FORMATS.keys()].toSorted()).toEqual([...FORMATS].toSorted());
  for (const one of EXPORT_FORMATS.values()) {
    expect([one.name, (await written(one, rows)).equals(await written(one, rows))]).toEqual([one.name, true]);
    expect((await written(one, [])).length).toBeGreaterThanOrEqual(0);
  }
});

test('ndjson and json hold the exact bytes', async () => {
  const lines = (await written(format('ndjson'), rows)).toString().trimEnd().split('\n');
  expect(lines.map((line) => Buffer.from(readEvidenceLine(Buffer.from(line)).bytes))).toEqual(
    rows.map(({ bytes }) => Buffer.from(bytes)),
  );
  const document = JSON.parse((await written(format('json'), rows)).toString());
  expect(document.export).toEqual(HEADER);
  expect(document.entries.map(({ entry }: { entry: unknown }) => entry)).toEqual(rows.map(({ entry }) => entry));
});

test('csv is read back by another, and no cell is a formula', async () => {
  const text = (await written(format('csv'), rows)).toString();
  const records = parse(text, { columns: true }) as Record<string, string>[];
  const said = records.map(({ description }) => description!);
  expect(said.map((one) => one.replace(/^'/, ''))).toEqual(NASTY);
  for (const record of records)
    for (const cell of Object.values(record)) expect(cell).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@\t\r＝＋－＠]/u);
  expect(records[3]).toMatchObject({ 'change.after': '["@cmd",1,null]', position: '3', leafHash: rows[3]!.leafHash });
  const narrow = await written(format('csv'), rows.slice(0, 1), { ...HEADER, fields: ['position', 'actor.id'] });
  expect(narrow.toString()).toBe('position,actor.id\r\n0,u1\r\n');
  expect(Object.keys(records[0]!)).toEqual(expect.arrayContaining(['tenant', 'redacted', 'late']));
  const marked = await written(format('csv-bom'), rows);
  expect(marked.toString()).toBe(`\ufeff${text}`);
});

test('xlsx is read back by another, as text and numbers', async () => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load((await written(format('xlsx'), rows)) as unknown as ArrayBuffer);
  const sheet = book.worksheets[0]!;
  const names = (sheet.getRow(1).values as string[]).slice(1);
  const column = (name: string, row: number) => sheet.getRow(row).getCell(names.indexOf(name) + 1).value;
  expect(sheet.rowCount).toBe(rows.length + 1);
  for (const [i, text] of NASTY.entries()) {
    if (/\p{Cc}|_x/u.test(text.replace(/[\t\n]/g, ''))) continue;
    expect(column('description', i + 2)).toBe(text);
  }
  expect(column('position', 5)).toBe(3);
  expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
});

test('xlsx has no number that a spreadsheet would round', async () => {
  const book = new ExcelJS.Workbook();
  const metadata = { fields: ['metadata.card', 'metadata.price'] };
  const row = rowOf(0, { metadata: { card: 1234567890123456, price: 19.99 } });
  await book.xlsx.load((await written(format('xlsx'), [row], { ...HEADER, ...metadata })) as unknown as ArrayBuffer);
  const cells = book.worksheets[0]!.getRow(2).values as unknown[];
  expect(cells.slice(1)).toEqual(['1234567890123456', 19.99]);
});

test('xlsx cuts what no cell holds, and says so', async () => {
  const book = new ExcelJS.Workbook();
  const long = rowOf(0, { metadata: { text: 'x'.repeat(40_000) } });
  await book.xlsx.load((await written(format('xlsx'), [long])) as unknown as ArrayBuffer);
  const cells = Array.from(book.worksheets[0]!.getRow(2).values as unknown[], String);
  const cell = cells.find((one) => one.startsWith('{"text"'))!;
  expect([cell.length, cell.endsWith(' […]')]).toEqual([32_767, true]);
});

test('parquet is read back by another, in groups', async () => {
  const many = Array.from({ length: 10_001 }, (_, i) => rowOf(i));
  const bytes = await written(format('parquet'), many);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const compressors = { ZSTD: (input: Uint8Array) => zstdDecompressSync(input) };
  const read = await parquetReadObjects({ file, compressors });
  expect(read).toHaveLength(many.length);
  expect(read.at(-1)).toMatchObject({ tenant: 'acme', category: 'case', position: 10_000n, actor_id: 'u1' });
  expect(read.at(-1)!.entry).toBe(Buffer.from(many.at(-1)!.bytes).toString());
});

/** What no event may hold as it is: a terminal or a viewer obeys it. */
const RAW = /[\p{Cc}\u2028\u2029\u202e]/u;
const visibleBut = (text: string, kept: RegExp) =>
  [...text].map((one) => (kept.test(one) ? one : visible(one))).join('');

test('siem formats say when it happened, and everything that it belongs to', async () => {
  const row = rowOf(0, {
    occurredAt: '2026-02-28T23:59:59.001Z',
    target: { type: 'case', id: 'c1', name: 'Case one', reference: 'R-7' },
    context: {
      requestId: 'rq',
      sessionId: 'se',
      correlationId: 'co',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      parentId: 'pa',
    },
  });
  const [cef, leef, syslog] = await Promise.all(
    ['cef', 'leef', 'syslog'].map(async (name) => (await written(format(name), [row])).toString()),
  );
  const { extension } = readCef(cef!.trimEnd());
  const occurred = String(Date.parse('2026-02-28T23:59:59.001Z'));
  expect(extension).toMatchObject({
    rt: occurred,
    start: occurred,
    deviceCustomDate1: String(row.recordedAt),
    cs3: 'Case one',
  });
  for (const [name, value] of Object.entries({
    RequestId: 'rq',
    SessionId: 'se',
    CorrelationId: 'co',
    ParentId: 'pa',
    TargetReference: 'R-7',
  })) {
    expect(extension[`IndelibleAuditTrail${name}`]).toBe(value);
  }
  for (const pair of [
    'devTime=2026-02-28T23:59:59.001Z',
    'requestId=rq',
    'sessionId=se',
    'correlationId=co',
    'parentId=pa',
    'targetName=Case one',
    'targetReference=R-7',
  ]) {
    expect(leef).toContain(pair);
  }
  expect(syslog).toMatch(/^<\d+>1 2026-02-28T23:59:59\.001Z /);
  for (const pair of [
    'requestId="rq"',
    'sessionId="se"',
    'correlationId="co"',
    'parentId="pa"',
    'target="Case one"',
    'targetReference="R-7"',
    'recordedAt="2026-03-01',
  ]) {
    expect(syslog).toContain(pair);
  }
});

/** The header's seven fields, and the extension's pairs, by ArcSight's escapes alone. */
function readCef(line: string): { header: string[]; extension: Record<string, string> } {
  const header: string[] = [''];
  let at = 0;
  for (; header.length < 8; at++) {
    const last = header.length - 1;
    if (line[at] === '|') header.push('');
    else header[last] = header[last]! + (line[at] === '\\' ? line[++at]! : line[at]!);
  }
  const extension: Record<string, string> = {};
  const rest = line.slice(at - 1).replace(/^\|/, '');
  for (const [, name, value] of rest.matchAll(/(\w+)=((?:\\.|[^\\=])*?)(?= \w+=|$)/g)) {
    extension[name!] = value!.replace(/\\(.)/g, (_, one) => ({ n: '\n', r: '\r' })[one as string] ?? one);
  }
  return { header: header.slice(0, 7), extension };
}

test('cef escapes its header and its extension, and carries the chain', async () => {
  const lines = (await written(format('cef'), rows)).toString().trimEnd().split('\n');
  expect(lines).toHaveLength(rows.length);
  for (const [i, line] of lines.entries()) {
    const { header, extension } = readCef(line);
    expect(header.slice(0, 5)).toEqual(['CEF:0', 'Indelible', 'Audit Trail', '1', 'case.viewed']);
    expect(header[5]).toBe(visible(NASTY[i]!.replace(/\r\n|\r|\n/g, ' ')));
    expect(extension).toMatchObject({ externalId: `e${i}`, cn2: String(i), cn2Label: 'position', src: '203.0.113.7' });
    expect(extension.flexString1).toBe(visible(JSON.stringify({ a: NASTY[i] })));
    expect(line).not.toMatch(RAW);
  }
});

test('leef keeps its attributes apart', async () => {
  const lines = (await written(format('leef'), rows)).toString().trimEnd().split('\n');
  for (const [i, line] of lines.entries()) {
    const [version, vendor, , , event, delimiter, ...rest] = line.split('|');
    expect([version, vendor, event, delimiter]).toEqual(['LEEF:2.0', 'Indelible', 'case.viewed', 'x09']);
    const pairs = Object.fromEntries(
      rest
        .join('|')
        .split('\t')
        .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    expect(pairs).toMatchObject({ id: `e${i}`, position: String(i), leafHash: rows[i]!.leafHash, sev: '3' });
    const message = pairs.message!.replace(
      /\\(.)/g,
      (_, one) => ({ t: '\t', n: '\n', r: '\r', u: '\\u' })[one as string] ?? one,
    );
    expect(message).toBe(visibleBut(NASTY[i]!, /[\t\r\n]/));
    expect(line.replaceAll('\t', '')).not.toMatch(RAW);
  }
});

const SYSLOG = /^<(\d+)>1 (\S+) (\S+) (\S+) (\S+) (\S+) ((?:\[(?:[^\]\\"]|\\.|"(?:[^"\\\]]|\\.)*")*\])+) \ufeff(.*)$/u;

test('syslog is RFC 5424', async () => {
  const lines = (await written(format('syslog'), rows)).toString().trimEnd().split('\n');
  for (const [i, line] of lines.entries()) {
    const match = SYSLOG.exec(line)!;
    expect(match.slice(1, 7)).toEqual(['109', '2026-03-01T09:30:00.000Z', 'acme', 'indelible', '-', 'case.viewed']);
    expect(match[7]).toContain(`position="${i}"`);
    expect(match[8]).toBe(visible(NASTY[i]!.replace(/[\r\n]+/g, ' ')));
    expect(line).not.toMatch(RAW);
  }
});

test('xml has every member, under names that XML has', async () => {
  const text = (await written(format('xml'), rows)).toString();
  expect(text.match(/<entry /g)).toHaveLength(rows.length);
  expect(text).toContain('<member name="odd key">=1+1</member>');
  expect(text).toContain('<member name="xmlns" type="number">1</member>');
  expect(text).toContain('&lt;tag/&gt; &amp; &quot;é&quot;');
  expect(text).toContain('<description>\ufffd\ufffd</description>');
  expect(text).not.toMatch(/[^\P{Cc}\t\n\r]/u);
});

const SCHEMA = new URL('../../../../shared/data/ocsf/ocsf-1.8.0.audit-subset.schema.json', import.meta.url);
const given = existsSync(SCHEMA) ? test : test.skip;

given('ocsf is valid for every action of the catalog, with little and with much', async () => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  const source = {
    ip: '203.0.113.7',
    userAgent: 'x',
    forwardedFor: ['10.0.0.1'],
    geo: { country: 'DE', city: 'Bonn' },
  };
  const much = {
    source,
    target: { type: 'user', id: 'u9', name: 'U' },
    context: { channel: 'api', sessionId: 's', requestId: 'r' },
  };
  const actions = [...CATALOG.values()].map(({ action, category, severity, outcome }) => ({
    action,
    category,
    severity,
    outcome,
  }));
  const others = [...CATEGORIES.keys()].map((category) => ({ category, action: 'thing.happened' }));
  const bare = { target: { type: 'case' }, source: { geo: { country: 'Germany' } }, actor: { type: 'anonymous' } };
  const all = [...actions, ...others].flatMap((one, i) => [
    rowOf(3 * i, one),
    rowOf(3 * i + 1, { ...much, ...one }),
    rowOf(3 * i + 2, { ...bare, ...one }),
  ]);
  const lines = (await written(format('ocsf'), all)).toString().trimEnd().split('\n');
  for (const line of lines) {
    const event = JSON.parse(line);
    expect({ event, errors: validate(event) ? null : validate.errors }).toEqual({ event, errors: null });
    expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
  }
  expect(new Set(lines.map((line) => JSON.parse(line).class_uid)).size).toBe(5);
});

test('pdf has pages, and text that can be found', async () => {
  const bytes = await written(format('pdf'), rows);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(bytes.toString('latin1')).toMatch(/\/Count [1-9]/);
  expect(bytes.subarray(-6).toString()).toContain('%%EOF');
});
