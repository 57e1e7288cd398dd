// Copies of an export that were changed.
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { leafHash } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import { evidenceLine, readEvidenceLine } from '../../core/export/evidence.ts';
import type { JsonValue } from '../../core/json/value.ts';

/** A copy with something done to it, whose manifest says the new sizes and hashes: its maker can make those. */
export class ExportCopy {
  readonly path: string;

  /** Of the export of one name in a folder, under another. */
  constructor(folder: string, of: string, name: string) {
    this.path = join(folder, name);
    cpSync(join(folder, of), this.path, { recursive: true });
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
      for (const file of [...manifest.files, ...manifest.evidence, ...(manifest.proof ?? [])]) {
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
  readonly proof?: { name: string; rows: number }[];
}

/** A line that is one, of the same place, with another entry. */
export function changed(line: string): string {
  const row = readEvidenceLine(Buffer.from(line));
  const bytes = canonicalBytes({
    ...(row.entry as unknown as Record<string, JsonValue>),
    description: 'never happened',
  });
  return Buffer.from(evidenceLine({ ...row, bytes, leafHash: toHex(leafHash(bytes)) }).subarray(0, -1)).toString();
}

/** A line of the place behind, of an entry that was never recorded. */
export function later(line: string): string {
  const row = readEvidenceLine(Buffer.from(changed(line)));
  return Buffer.from(evidenceLine({ ...row, position: row.position + 1 }).subarray(0, -1)).toString();
}
