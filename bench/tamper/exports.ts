// Exports of the tamper bench's deployment: made, changed and verified.
import { createHash } from 'node:crypto';
import { EXPORT_FORMATS } from '../../adapters/export/formats.ts';
import { type ExportReport, verifyExportFiles } from '../../cli/verify/exported.ts';
import type { Container } from '../../core/bundle/container.ts';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { MANIFEST_FILE } from '../../core/export/manifest.ts';
import type { JsonValue } from '../../core/json/value.ts';
import type { VerifierKey } from '../../core/note/key.ts';
import { exportedFiles } from '../../test/support/export-folder.ts';

/** Enough for three files, of which the last is not full. */
const ROWS = 7;

export interface Exported {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Of the log. */
  readonly keys: readonly VerifierKey[];
}

export interface Exports {
  /** Of everything, as a table. */
  readonly table: Exported;
  /** Of fewer entries. */
  readonly foreign: Exported;
}

export async function makeExports(): Promise<Exports> {
  const [table, foreign] = [await exportedFiles({ sealed: ROWS }), await exportedFiles({ sealed: ROWS - 2 })];
  return { table, foreign };
}

export function verifyExported({ files, keys }: Exported): Promise<ExportReport> {
  return verifyExportFiles(containerOf(files), keys, EXPORT_FORMATS);
}

function containerOf(files: ReadonlyMap<string, Uint8Array>): Container {
  const found = new Map([...files].map(([path, bytes]) => [path, { path, size: bytes.length }]));
  return {
    files: [...found.values()],
    find: (path) => found.get(path),
    async *stream(path) {
      yield files.get(path)!;
    },
    read: async (path) => files.get(path)!,
  };
}

interface Listed {
  name: string;
  rows: number;
  bytes: number;
  sha256: string;
}

/** What of a manifest is changed here. */
export interface ManifestDraft {
  rows: number;
  files: Listed[];
  evidence: Listed[];
  proof?: Listed[];
  [other: string]: unknown;
}

/** The files of an export, to be changed; its manifest can be made to fit, as whoever changes them can. */
export class ExportDraft {
  readonly files: Map<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.files = new Map(files);
  }

  text(name: string): string {
    const bytes = this.files.get(name);
    if (bytes === undefined) throw new Error(`got no file ${name}`);
    return new TextDecoder().decode(bytes);
  }

  set(name: string, content: Uint8Array | string): this {
    this.files.set(name, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    return this;
  }

  edit(name: string, change: (text: string) => string): this {
    const [before, after] = [this.text(name), change(this.text(name))];
    if (before === after) throw new Error(`got no change of ${name}`);
    return this.set(name, after);
  }

  lines(name: string, change: (lines: string[]) => readonly string[]): this {
    return this.edit(name, (text) =>
      change(text.split('\n').slice(0, -1))
        .map((line) => `${line}\n`)
        .join(''),
    );
  }

  delete(name: string): this {
    if (!this.files.delete(name)) throw new Error(`got no file ${name}`);
    return this;
  }

  manifest(change: (manifest: ManifestDraft) => unknown): this {
    const manifest = JSON.parse(this.text(MANIFEST_FILE)) as ManifestDraft;
    change(manifest);
    return this.set(MANIFEST_FILE, canonicalBytes(manifest as unknown as JsonValue));
  }

  /** Has the manifest say what the files are now, and how many rows some of them have. */
  settle(rows: Readonly<Record<string, number>> = {}): this {
    return this.manifest((manifest) => {
      for (const file of [...manifest.files, ...manifest.evidence, ...(manifest.proof ?? [])]) {
        const bytes = this.files.get(file.name) ?? new Uint8Array();
        file.bytes = bytes.length;
        file.sha256 = createHash('sha256').update(bytes).digest('hex');
        file.rows = rows[file.name] ?? file.rows;
      }
      manifest.rows = manifest.evidence.reduce((sum, file) => sum + file.rows, 0);
    });
  }
}
