/** What nobody honest hands in: each ends with a documented exit code and one sentence, and none with a stack trace. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleOf, sourceOf, unpacked } from '../../support/bundling.ts';
import { run } from '../../support/command-line.ts';
import { ExportCopy } from '../../support/export-copy.ts';
import { writeExport } from '../../support/export-folder.ts';
import { SealedTenant } from '../../support/sealed-tenant.ts';
import { forge } from '../../support/zip-forger.ts';

const ESCAPES = '\u001b[2J\u009b1m\u007f\u2028\u202eintact\nverdict';
/** What a terminal would obey. */
const OBEYED = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

let folder = '';
let bundle: Buffer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-hostile-'));
  const made = new SealedTenant();
  for (let day = 0; day < 2; day++) {
    made.append(0, 40);
    await made.seal();
  }
  bundle = await bundleOf(made);
  writeFileSync(join(folder, 'bundle.keys'), sourceOf(made).keys);
  writeFileSync(join(folder, 'bundle.zip'), bundle);
  await unpack(join(folder, 'bundle'));
  await writeExport(folder, 'export', { sealed: 7 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function unpack(top: string): Promise<void> {
  for (const [path, bytes] of await unpacked(bundle)) {
    mkdirSync(join(top, path, '..'), { recursive: true });
    writeFileSync(join(top, path), bytes);
  }
}

const at = (name: string) => join(folder, name);
const root = process.getuid?.() === 0;

/** Every line of output is one that no terminal obeys, and no defect was met. */
async function said(code: number, sentence: RegExp, ...argv: string[]): Promise<void> {
  const got = await run(...argv);
  expect(`${got.code} ${got.err}${got.out}`).toMatch(new RegExp(`^${code} `));
  expect(got.err + got.out).toMatch(sentence);
  expect((got.err + got.out).replaceAll('\n', '')).not.toMatch(OBEYED);
  expect(got.err + got.out).not.toContain('defect of indelible');
  if (got.out === '') expect(got.err.trimEnd().split('\n')).toHaveLength(1);
}

describe('verify', () => {
  test.each<[string, number, RegExp, (path: string) => void]>([
    ['what is unpacked', 0, /: intact/, (path) => cpSync(at('bundle'), path, { recursive: true })],
    [
      'what is unpacked, in a folder of its own',
      0,
      /: intact/,
      (path) => cpSync(at('bundle'), join(path, 'acme'), { recursive: true }),
    ],
    [
      'a changed file in a folder',
      10,
      /: altered/,
      (path) => copied(path, 'chains/0/entries.ndjson', (text) => text.replace('data_access', 'data_success')),
    ],
    [
      'a file less',
      14,
      /log\/checkpoint: the bundle lacks this file/,
      (path) => {
        cpSync(at('bundle'), path, { recursive: true });
        rmSync(join(path, 'log/checkpoint'));
      },
    ],
    [
      'a file more',
      14,
      /\.DS_Store: no bundle has this file; a file manager put it there: take it out/,
      (path) => copied(path, '.DS_Store', () => 'x'),
    ],
    [
      'a file whose name a terminal obeys',
      14,
      /\\u001b\[2J.*: no bundle has this file/,
      (path) => copied(path, '\u001b[2J\u202e', () => 'x'),
    ],
    [
      'a link',
      14,
      /keys\.txt: got a link, want a regular file/,
      (path) => {
        cpSync(at('bundle'), path, { recursive: true });
        rmSync(join(path, 'keys.txt'));
        symlinkSync(at('bundle.keys'), join(path, 'keys.txt'));
      },
    ],
    [
      'a pipe',
      14,
      /keys\.txt: got a device, a pipe or a socket/,
      (path) => {
        cpSync(at('bundle'), path, { recursive: true });
        rmSync(join(path, 'keys.txt'));
        execFileSync('mkfifo', [join(path, 'keys.txt')]);
      },
    ],
    [
      'a folder in place of a file',
      14,
      /bundle\.json: the bundle lacks this file|no bundle has this file/,
      (path) => {
        cpSync(at('bundle'), path, { recursive: true });
        rmSync(join(path, 'bundle.json'));
        mkdirSync(join(path, 'bundle.json'));
      },
    ],
    ['an empty folder', 14, /bundle\.json: the bundle lacks this file/, (path) => void mkdirSync(path)],
    ['an empty file', 14, /not-a-zip/, (path) => writeFileSync(path, '')],
    ['a text', 14, /not-a-zip/, (path) => writeFileSync(path, 'intact\n'.repeat(99))],
    [
      'a half',
      14,
      /is refused \(zip\): truncated/,
      (path) => writeFileSync(path, bundle.subarray(0, bundle.length / 2)),
    ],
    [
      'a manifest of a megabyte',
      14,
      /bundle\.json: too-large/,
      (path) => writeFileSync(path, forge([{ name: 'bundle.json', content: ' '.repeat(1_000_000) }])),
    ],
    [
      'a manifest that is deep',
      14,
      /is refused \(manifest\)/,
      (path) => copied(path, 'bundle.json', () => '['.repeat(30_000)),
    ],
    [
      'a manifest of other types',
      14,
      /is refused \(manifest\)/,
      (path) => copied(path, 'bundle.json', () => '{"kind":"bundle","v":1,"tenant":[]}'),
    ],
    [
      'a tenant that a terminal obeys',
      14,
      /is refused \(manifest\)/,
      (path) => copied(path, 'bundle.json', (text) => text.replace('"acme"', JSON.stringify(ESCAPES))),
    ],
    [
      'deep JSON in a line',
      14,
      /digests\.ndjson/,
      (path) => copied(path, 'digests.ndjson', () => `${'[['.repeat(9_000)}\n`),
    ],
    [
      'a line without end',
      14,
      /digests\.ndjson: got a line of more than/,
      (path) => copied(path, 'digests.ndjson', () => '1'.repeat(2_000_000)),
    ],
    [
      'bytes that are no text',
      14,
      /log\/checkpoint|checkpoint/,
      (path) => copied(path, 'log/checkpoint', () => Buffer.from([0xff, 0xfe, 0x00])),
    ],
    [
      'entries that are no JSON',
      10,
      /: altered/,
      (path) => copied(path, 'chains/0/entries.ndjson', (text) => text.replaceAll('"', '\u001b')),
    ],
  ])('%s', async (name, code, sentence, make) => {
    const path = at(`verify-${name.replaceAll(' ', '-')}`);
    make(path);
    await said(code, sentence, 'verify', path, '--keys', at('bundle.keys'));
  });

  test.each<[string, number, RegExp, () => string[]]>([
    ['nothing there', 2, /can't read .*ENOENT/, () => ['/nowhere/at/all.zip']],
    ['a file on the way there', 2, /can't read .*ENOTDIR/, () => [join(at('bundle.zip'), 'more')]],
    ['a device', 14, /neither a file nor a folder/, () => ['/dev/zero']],
    [
      'keys that never end',
      14,
      /\/dev\/zero is refused: got more than 65536 bytes/,
      () => [at('bundle.zip'), '--keys', '/dev/zero'],
    ],
    ['keys that are a folder', 2, /can't read .*EISDIR/, () => [at('bundle.zip'), '--keys', folder]],
    [
      'keys that are none',
      14,
      /\(keys\): got a line that is no verifier key/,
      () => [at('bundle.zip'), '--keys', at('bundle/bundle.json')],
    ],
    [
      'a checkpoint that is none',
      14,
      /\(checkpoint\)/,
      () => [at('bundle.zip'), '--keys', at('bundle.keys'), '--checkpoint', at('bundle.keys')],
    ],
    ['a name that a terminal obeys', 2, /can't read .*\\u001b\[2J/, () => [`/nowhere/${ESCAPES}`]],
  ])('%s', async (_, code, sentence, argv) => {
    await said(code, sentence, 'verify', ...argv());
  });

  (root ? test.skip : test)('a file that may not be read', async () => {
    writeFileSync(at('unreadable.zip'), bundle);
    chmodSync(at('unreadable.zip'), 0);
    await said(14, /it can't be read \(EACCES\)/, 'verify', at('unreadable.zip'));
  });
});

function copied(path: string, file: string, change: (text: string) => string | Uint8Array): void {
  cpSync(at('bundle'), path, { recursive: true });
  let text = '';
  try {
    text = readFileSync(join(path, file), 'utf8');
  } catch {
    // It is put in.
  }
  writeFileSync(join(path, file), change(text));
}

const CSV = 'export-0001.csv';
const EVIDENCE = 'evidence-0001.ndjson';
type Change = (copy: ExportCopy) => void;
const manifest =
  (members: object): Change =>
  (copy) =>
    copy.manifest((one) => Object.assign(one, members));

describe('verify --export', () => {
  test.each<[string, number, RegExp, Change]>([
    [
      'what is as it was',
      0,
      /: intact\n(.|\n)*Said by its manifest, which nothing signs:\n(.|\n)*made .* for clara/,
      () => undefined,
    ],
    [
      'a changed file that the manifest puts the evidence in the place of',
      10,
      /altered\n\n.*says something else/,
      (copy) => {
        copy.write(CSV, copy.read(CSV).replace('payment', 'gift'));
        copy.manifest((one) => Object.assign(one, { files: one.evidence }));
      },
    ],
    [
      'the same as another format',
      13,
      /incomplete(.|\n)*not covered\n +export-0001\.csv\n/,
      (copy) => {
        copy.write(CSV, copy.read(CSV).replace('payment', 'gift'));
        copy.manifest((one) => Object.assign(one, { files: one.evidence, format: 'ndjson' }));
      },
    ],
    [
      'a format that nobody knows',
      13,
      /incomplete(.|\n)*This verifier does not write (.|\n)*export-0001\.csv/,
      (copy) => {
        copy.write(CSV, copy.read(CSV).replace('payment', 'gift'));
        copy.settle();
        copy.manifest((one) => Object.assign(one, { format: '\u001b[2J' }));
      },
    ],
    [
      'a file that the manifest does not list',
      13,
      /not covered\n +notes \\u202e\.txt\n/,
      (copy) => copy.write('notes \u202e.txt', 'guilty'),
    ],
    [
      'a hidden file in a folder',
      13,
      /not covered\n +more\/\.hidden\n/,
      (copy) => {
        mkdirSync(join(copy.path, 'more'));
        copy.write('more/.hidden', 'guilty');
      },
    ],
    [
      'a file of the manifest that is not there',
      11,
      /missing\n\nexport-0001\.csv is missing/,
      (copy) => rmSync(join(copy.path, CSV)),
    ],
    [
      'no files at all',
      13,
      /It holds no entries, so that nothing is shown/,
      (copy) => {
        for (const name of [CSV, EVIDENCE])
          for (const n of ['1', '2', '3']) rmSync(join(copy.path, name.replace('1.', `${n}.`)));
        for (const name of ['proof.json', 'proof.bin']) rmSync(join(copy.path, name));
        copy.manifest((one) => {
          Object.assign(one, { rows: 0, files: [], evidence: [] });
          delete (one as { proof?: unknown }).proof;
        });
      },
    ],
    [
      'evidence without files',
      10,
      /The manifest has 0 files and the evidence of 1/,
      (copy) => {
        const rows = copy.read(EVIDENCE).trimEnd().split('\n').length;
        copy.manifest((one) =>
          Object.assign(one, {
            rows: 0,
            files: [],
            evidence: one.evidence.slice(0, 1).map((file) => ({ ...file, rows: 0 })),
          }),
        );
        copy.write(EVIDENCE, '');
        copy.settle();
        expect(rows).toBe(3);
      },
    ],
    ['a query that is none', 14, /manifest\.json: its query can't be read: column 5/, manifest({ query: '((((' })],
    [
      'a query of a megabyte',
      14,
      /manifest\.json: its query can't be read/,
      manifest({ query: 'a'.repeat(1_000_000) }),
    ],
    ['a query that is deep', 14, /its query can't be read/, manifest({ query: '('.repeat(7_000) })],
    ['a query that is no text', 14, /\(manifest\)/, manifest({ query: { $ne: 1 } })],
    [
      'a maker whom a terminal obeys',
      10,
      /for \\u001b\[2J\\u009b1m\\u007f\\u2028\\u202eintact\\u000averdict\n/,
      manifest({ createdBy: ESCAPES, format: 'pdf' }),
    ],
    [
      'a time that is none',
      14,
      /got members other than those of the format/,
      manifest({ createdAt: '9999-99-99T99:99:99.999Z' }),
    ],
    [
      'a day that is none',
      14,
      /got members other than those of the format/,
      manifest({ to: '2026-02-30T00:00:00.000Z' }),
    ],
    ['a manifest that is a list', 14, /\(manifest\)/, (copy) => copy.write('manifest.json', '[]')],
    ['a manifest that is deep', 14, /\(manifest\)/, (copy) => copy.write('manifest.json', '['.repeat(1_000_000))],
    [
      'a manifest of 17 MiB',
      14,
      /manifest\.json: got \d+ bytes, want at most/,
      (copy) => copy.write('manifest.json', ' '.repeat(17 * 1024 * 1024)),
    ],
    [
      'a manifest that is a folder',
      14,
      /manifest\.json/,
      (copy) => {
        rmSync(join(copy.path, 'manifest.json'));
        mkdirSync(join(copy.path, 'manifest.json'));
      },
    ],
    [
      'a file that is a folder',
      11,
      /export-0001\.csv is missing/,
      (copy) => {
        rmSync(join(copy.path, CSV));
        mkdirSync(join(copy.path, CSV));
      },
    ],
    [
      'a file that is a device',
      14,
      /export-0001\.csv: got a link/,
      (copy) => {
        rmSync(join(copy.path, CSV));
        symlinkSync('/dev/zero', join(copy.path, CSV));
      },
    ],
    [
      'a file that is a pipe',
      14,
      /evidence-0001\.ndjson: got a device, a pipe or a socket/,
      (copy) => {
        rmSync(join(copy.path, EVIDENCE));
        execFileSync('mkfifo', [join(copy.path, EVIDENCE)]);
      },
    ],
    [
      'a line that does not end',
      14,
      /evidence-0001\.ndjson: got a last line that does not end/,
      rewritten((text) => text.slice(0, -1)),
    ],
    [
      'a line of a megabyte',
      14,
      /evidence-0001\.ndjson: got a line of more than/,
      rewritten((text) => 'x'.repeat(1_000_000) + text),
    ],
    [
      'a line that is deep',
      10,
      /a line of the evidence is not JSON/,
      rewritten((text) => `${'['.repeat(50_000)}\n${text}`),
    ],
    [
      'an entry of other types',
      10,
      /is no entry \(entry-malformed\)/,
      rewritten((text) => text.replace('"category":"payment"', '"category":7')),
    ],
    [
      'an entry at no time',
      10,
      /is no entry \(entry-malformed\)/,
      rewritten((text) => text.replace(/"recordedAt":"[^"]*"/, '"recordedAt":"9999-99-99T99:99:99.999Z"')),
    ],
    ['an entry at no place', 10, /altered/, rewritten((text) => text.replace('"position":0', '"position":-1'))],
    [
      'a proof that is deep',
      10,
      /altered/,
      (copy) => {
        copy.write('proof.json', '['.repeat(100_000));
        copy.settle();
      },
    ],
    [
      'a proof whose digest a terminal obeys',
      10,
      /altered/,
      (copy) => {
        copy.write(
          'proof.json',
          copy.read('proof.json').replace(/"digest":"[^"]*/, `"digest":"${JSON.stringify(ESCAPES).slice(1, -1)}`),
        );
        copy.settle();
      },
    ],
    [
      'a proof of more hashes than there are',
      10,
      /bytes of hashes, want/,
      (copy) => {
        copy.write('proof.json', copy.read('proof.json').replace(/"hashes":\d+/, '"hashes":4503599627370496'));
        copy.settle();
      },
    ],
  ])('%s', async (name, code, sentence, change) => {
    const copy = new ExportCopy(folder, 'export', `export-${name.replaceAll(' ', '-')}`);
    change(copy);
    await said(code, sentence, 'verify', '--export', copy.path, '--keys', at('export.keys'));
  });

  test('an archive of the files is as good as the folder', async () => {
    execFileSync('zip', ['-q', '-r', at('packed.zip'), 'export'], { cwd: folder });
    await said(0, /packed\.zip: intact/, 'verify', '--export', at('packed.zip'), '--keys', at('export.keys'));
  });

  test.each([['--report', 'x'], ['--checkpoint', 'x'], ['--expect-through', '2026-01-01'], ['--full']])(
    'the option %s is not passed over',
    async (...option) => {
      await said(2, /does not take/, 'verify', '--export', at('export'), '--keys', at('export.keys'), ...option);
    },
  );

  test('a byte that is changed or cut anywhere is found, or changes nothing that is shown', async () => {
    const names = ['manifest.json', 'proof.json', EVIDENCE, CSV];
    for (const [round, name] of names.flatMap((one) => [one, one, one]).entries()) {
      const copy = new ExportCopy(folder, 'export', `flip-${round}`);
      const bytes = readFileSync(join(copy.path, name));
      const place = Math.floor((bytes.length * (1 + (round % 3))) / 4);
      bytes[place]! ^= 0x10;
      copy.write(name, round % 3 === 2 ? bytes.subarray(0, place) : bytes);
      const { code, err, out } = await run('verify', '--export', copy.path, '--keys', at('export.keys'));
      expect([name, place, [10, 11, 13, 14].includes(code) || name === 'manifest.json']).toEqual([name, place, true]);
      expect(err + out).not.toContain('defect');
    }
  });
});

/** Changes the first file of the evidence, and makes the manifest fit. */
function rewritten(change: (text: string) => string): Change {
  return (copy) => {
    copy.write(EVIDENCE, change(copy.read(EVIDENCE)));
    copy.settle();
  };
}
