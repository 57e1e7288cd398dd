// Verifying an export's files.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { main } from '../../../cli/main.ts';
import { readEvidenceLine } from '../../../core/export/evidence.ts';
import { formatVerifierKey } from '../../../core/note/key.ts';
import type { Query } from '../../../core/query/ast.ts';
import { parseQuery } from '../../../core/query/parse.ts';
import { changed, ExportCopy, later } from '../../support/export-copy.ts';
import { writeExport } from '../../support/export-folder.ts';
import { ORIGIN } from '../../support/log-signer.ts';
import { signer } from '../../support/signers.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-export-'));
  await exported('intact', 7);
  await exported('unsealed', 4, 2);
  await exported('other', 5);
  await exported('selection', 7, 0, 'ndjson', parseQuery('target.id:c1'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const exported = (name: string, sealed: number, unsealed = 0, format = 'csv', query?: Query) =>
  writeExport(folder, name, { sealed, unsealed, format, ...(query === undefined ? {} : { query }) });

const verify = (path: string, keys = join(folder, 'intact.keys')) => main(['verify', '--export', path, '--keys', keys]);

test('what was exported is shown to be so, and what is not sealed is said', async () => {
  expect(await verify(join(folder, 'intact'))).toBe(0);
  expect(await verify(join(folder, 'intact', 'manifest.json'))).toBe(0);
  expect(await verify(join(folder, 'unsealed'), join(folder, 'unsealed.keys'))).toBe(13);
});

const FIRST = 'evidence-0001.ndjson';
const CSV = 'export-0001.csv';
const LINES = 'export-0001.ndjson';

describe('whoever writes the files can not pass off', () => {
  test.each<[string, number, (copy: ExportCopy) => void]>([
    [
      'a changed entry',
      10,
      (copy) => {
        copy.lines(FIRST, ([one, ...rest]) => [changed(one!), ...rest]);
        copy.settle();
      },
    ],
    [
      'a changed entry that the table says too',
      10,
      (copy) => {
        copy.lines(FIRST, ([one, ...rest]) => [changed(one!), ...rest]);
        const was = readEvidenceLine(Buffer.from(readFileSync(join(folder, 'intact', FIRST), 'utf8').split('\n')[0]!));
        const is = readEvidenceLine(Buffer.from(copy.read(FIRST).split('\n')[0]!));
        copy.write(
          CSV,
          copy.read(CSV).replace(was.entry.description, 'never happened').replaceAll(was.leafHash, is.leafHash),
        );
        copy.settle();
      },
    ],
    [
      'a removed row',
      10,
      (copy) => {
        copy.lines(FIRST, ([, ...rest]) => rest);
        copy.write(CSV, copy.read(CSV).split('\r\n').toSpliced(1, 1).join('\r\n'));
        copy.settle({ [FIRST]: 2, [CSV]: 2 });
      },
    ],
    [
      'a doubled row',
      10,
      (copy) => {
        copy.lines(FIRST, ([one, ...rest]) => [one!, one!, ...rest]);
        copy.settle({ [FIRST]: 4, [CSV]: 4 });
      },
    ],
    [
      'rows in another order',
      10,
      (copy) => {
        copy.lines(FIRST, ([one, two, ...rest]) => [two!, one!, ...rest]);
        copy.settle();
      },
    ],
    [
      'an edited cell',
      10,
      (copy) => {
        copy.write(CSV, copy.read(CSV).replace('payment', 'gift'));
        copy.settle();
      },
    ],
    [
      'swapped files',
      10,
      (copy) => {
        const [one, two] = [copy.read(CSV), copy.read('export-0002.csv')];
        copy.write(CSV, two);
        copy.write('export-0002.csv', one);
        copy.settle();
      },
    ],
    ['a file that the manifest does not know', 10, (copy) => copy.write(CSV, `${copy.read(CSV)}more\r\n`)],
    ['another tenant', 10, (copy) => copy.manifest((manifest) => Object.assign(manifest, { tenant: 'globex' }))],
    ['another question', 10, (copy) => copy.manifest((manifest) => Object.assign(manifest, { query: 'target.id:c1' }))],
    [
      'a proof of another export',
      10,
      (copy) => {
        for (const name of ['proof.json', 'proof.bin']) copy.write(name, readFileSync(join(folder, 'other', name)));
        copy.settle();
      },
    ],
    [
      'an emptied file',
      10,
      (copy) => {
        const rows = 3;
        copy.lines('evidence-0003.ndjson', () => []);
        copy.settle({ 'evidence-0003.ndjson': 0, 'export-0003.csv': 0, [FIRST]: rows });
      },
    ],
    ['a missing file', 11, (copy) => rmSync(join(copy.path, FIRST))],
    ['a manifest that is none', 14, (copy) => copy.write('manifest.json', '{}')],
  ])('%s', async (name, code, change) => {
    const copy = new ExportCopy(folder, 'intact', name.replaceAll(' ', '-'));
    change(copy);
    expect(await verify(copy.path)).toBe(code);
  });

  /** Their files are the evidence, so that nothing but the proof can find it. */
  test.each<[string, (copy: ExportCopy) => void]>([
    ['a changed line', (copy) => copy.lines(LINES, ([one, ...rest]) => [changed(one!), ...rest])],
    ['a removed line', (copy) => copy.lines(LINES, ([, ...rest]) => rest)],
    ['an added line', (copy) => copy.lines(LINES, (lines) => [...lines, later(lines.at(-1)!)])],
    [
      'a proof that is cut short',
      (copy) => copy.write('proof.bin', readFileSync(join(copy.path, 'proof.bin')).subarray(0, -1)),
    ],
  ])('%s of a selection', async (name, change) => {
    const copy = new ExportCopy(folder, 'selection', name.replaceAll(' ', '-'));
    expect(await verify(copy.path)).toBe(0);
    change(copy);
    copy.settle({ [LINES]: copy.read(LINES).split('\n').length - 1 });
    expect(await verify(copy.path)).toBe(10);
  });

  test('what other keys signed', async () => {
    const others = [signer(ORIGIN, 'ed25519').key, signer(ORIGIN, 'ml-dsa-44-cosignature').key];
    writeFileSync(join(folder, 'foreign.keys'), others.map((key) => `${formatVerifierKey(key)}\n`).join(''));
    expect(await verify(join(folder, 'intact'), join(folder, 'foreign.keys'))).toBe(14);
  });
});

test('the links of a selection, and who asked for it, are not shown by its proof (docs/export.md)', async () => {
  const copy = new ExportCopy(folder, 'selection', 'not-shown');
  copy.lines(LINES, ([one, ...rest]) => [one!.replace(/"link":"[0-9a-f]{64}"/, `"link":"${'0'.repeat(64)}"`), ...rest]);
  copy.settle();
  copy.manifest((manifest) => Object.assign(manifest, { createdBy: 'somebody else' }));
  expect(await verify(copy.path)).toBe(0);
});
