import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { main } from '../../../cli/main.ts';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { leafHash } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';
import { evidenceLine, readEvidenceLine } from '../../../core/export/evidence.ts';
import type { JsonValue } from '../../../core/json/value.ts';
import { formatVerifierKey } from '../../../core/note/key.ts';
import { advanceExport } from '../../../services/export/advance.ts';
import { MemoryDesk } from '../../fakes/memory-desk.ts';
import { MemoryFiles } from '../../fakes/memory-files.ts';
import { begin, deploymentOf, exportPorts, ID, TENANT } from '../../support/export-job.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-export-'));
  await exported('intact', 7);
  await exported('unsealed', 4, 2);
  await exported('other', 5);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function exported(name: string, sealed: number, unsealed = 0): Promise<void> {
  const deployment = await deploymentOf(sealed, unsealed);
  const [desk, files] = [new MemoryDesk(), new MemoryFiles()];
  await begin(desk, deployment, 'csv');
  const ports = exportPorts(deployment, desk, files);
  while (!(await advanceExport(ports, { tenant: TENANT, id: ID })).done);
  mkdirSync(join(folder, name));
  for (const [path, bytes] of files.files)
    writeFileSync(join(folder, name, path.slice(path.lastIndexOf('/') + 1)), bytes);
  const keys = await deployment.signer.keys();
  writeFileSync(join(folder, `${name}.keys`), keys.map((key) => `${formatVerifierKey(key)}\n`).join(''));
}

/** A copy with something done to it, whose manifest says the new sizes and hashes: its maker can make those. */
class Copy {
  readonly path: string;

  constructor(name: string) {
    this.path = join(folder, name);
    cpSync(join(folder, 'intact'), this.path, { recursive: true });
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), 'utf8');
  }

  write(file: string, bytes: string | Uint8Array): void {
    writeFileSync(join(this.path, file), bytes);
  }

  lines(file: string, change: (lines: string[]) => string[]): void {
    this.write(
      file,
      change(this.read(file).trimEnd().split('\n'))
        .map((line) => `${line}\n`)
        .join(''),
    );
  }

  manifest(change: (manifest: Manifest) => void): void {
    const manifest = JSON.parse(this.read('manifest.json')) as Manifest;
    change(manifest);
    this.write('manifest.json', canonicalBytes(manifest as unknown as JsonValue));
  }

  /** Makes the manifest fit what the files are now. */
  settle(rows: Readonly<Record<string, number>> = {}): void {
    this.manifest((manifest) => {
      for (const file of [...manifest.files, ...manifest.evidence, ...manifest.proof]) {
        const bytes = readFileSync(join(this.path, file.name));
        Object.assign(file, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
        Object.assign(file, { rows: rows[file.name] ?? file.rows });
      }
      manifest.rows = manifest.evidence.reduce((sum, file) => sum + file.rows, 0);
    });
  }
}

interface Manifest {
  rows: number;
  tenant: string;
  query: string;
  readonly files: { name: string; rows: number }[];
  readonly evidence: { name: string; rows: number }[];
  readonly proof: { name: string; rows: number }[];
}

/** A line that is one, of the same place, with another entry. */
function changed(line: string): string {
  const row = readEvidenceLine(Buffer.from(line));
  const bytes = canonicalBytes({
    ...(row.entry as unknown as Record<string, JsonValue>),
    description: 'never happened',
  });
  return Buffer.from(evidenceLine({ ...row, bytes, leafHash: toHex(leafHash(bytes)) }).subarray(0, -1)).toString();
}

const verify = (path: string, keys = join(folder, 'intact.keys')) => main(['verify', '--export', path, '--keys', keys]);

test('what was exported is shown to be so, and what is not sealed is said', async () => {
  expect(await verify(join(folder, 'intact'))).toBe(0);
  expect(await verify(join(folder, 'intact', 'manifest.json'))).toBe(0);
  expect(await verify(join(folder, 'unsealed'), join(folder, 'unsealed.keys'))).toBe(13);
});

const FIRST = 'evidence-0001.ndjson';
const CSV = 'export-0001.csv';

describe('whoever writes the files can not pass off', () => {
  test.each<[string, number, (copy: Copy) => void]>([
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
    const copy = new Copy(name.replaceAll(' ', '-'));
    change(copy);
    expect(await verify(copy.path)).toBe(code);
  });

  test('what other keys signed', async () => {
    const keys = readFileSync(join(folder, 'intact.keys'), 'utf8').replaceAll(/^[^+]+/gm, 'log.elsewhere/other');
    writeFileSync(join(folder, 'foreign.keys'), keys);
    expect(await verify(join(folder, 'intact'), join(folder, 'foreign.keys'))).toBe(14);
  });
});
