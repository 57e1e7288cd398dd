/** Verifies the files of an export: every file that is there is read and compared, or named as one that nothing covers. */
import { asBundle, type Container, rooted } from '../../core/bundle/container.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { linesOf } from '../../core/bundle/ndjson.ts';
import { CheckpointError } from '../../core/checkpoint/error.ts';
import { createSha256, fromHex, HASH_BYTES, toHex } from '../../core/crypto.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { readEvidenceLine } from '../../core/export/evidence.ts';
import {
  EXPORT_MANIFEST,
  EXPORT_PROOF,
  type ExportFile,
  type ExportManifest,
  MANIFEST_FILE,
} from '../../core/export/manifest.ts';
import { ExportedRows, RowError } from '../../core/export/rows.ts';
import { ExportProofError, type ProvenExport, verifyExportProof } from '../../core/export/verify.ts';
import { MAX_ENTRY_BYTES } from '../../core/limits.ts';
import { ProofError } from '../../core/merkle/error.ts';
import { NoteError } from '../../core/note/error.ts';
import type { VerifierKey } from '../../core/note/key.ts';
import { QueryError } from '../../core/query/error.ts';
import { compileQuery } from '../../core/query/match.ts';
import { parseQuery } from '../../core/query/parse.ts';
import type { ExportFormat } from '../../services/export/format.ts';
import { NDJSON } from '../../services/export/formats/ndjson.ts';
import { comparePlaces } from '../../services/search/place.ts';
import type { Found } from '../../services/search/port.ts';

export type ExportVerdict = 'intact' | 'altered' | 'missing' | 'incomplete';

export interface ExportReport {
  readonly verdict: ExportVerdict;
  /** A sentence each: what is not as it should be. None where the verdict is intact. */
  readonly findings: readonly string[];
  /** Names of files that are there and that nothing here vouches for. */
  readonly uncovered: readonly string[];
  readonly manifest: ExportManifest;
  /** Absent where nothing was proven. */
  readonly proven?: ProvenExport;
}

/** What an export is not, and where it shows. */
class ExportFinding extends Error {
  override readonly name = 'ExportFinding';
  readonly verdict: Exclude<ExportVerdict, 'intact'>;

  constructor(verdict: ExportFinding['verdict'], message: string) {
    super(message);
    this.verdict = verdict;
  }
}

/** What goes around an entry in a line of the evidence is shorter. */
const MAX_LINE_BYTES = MAX_ENTRY_BYTES + 512;

/**
 * Throws a BundleError for what is no export that anything could be said of: no manifest, one that is none, files that
 * can't be read, a checkpoint that the keys did not sign.
 */
export async function verifyExportFiles(
  container: Container,
  keys: readonly VerifierKey[],
  formats: ReadonlyMap<string, ExportFormat>,
): Promise<ExportReport> {
  return asBundle(async () => {
    const files = rooted(container, MANIFEST_FILE);
    const manifest = await readManifest(files);
    const check = new ExportCheck(files, manifest, formats.get(manifest.format));
    try {
      const proven = await check.run(keys);
      return { ...check.reportOf(proven), ...(proven === undefined ? {} : { proven }) };
    } catch (error) {
      const { verdict, message } = findingOf(error);
      return { verdict, findings: [message], uncovered: check.uncovered, manifest };
    }
  });
}

async function readManifest(files: Container): Promise<ExportManifest> {
  if (files.find(MANIFEST_FILE) === undefined)
    throw new BundleError('missing-file', 'no export is without it', MANIFEST_FILE);
  const bytes = await files.read(MANIFEST_FILE, EXPORT_MANIFEST.maxBytes);
  try {
    return EXPORT_MANIFEST.parse(bytes);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new BundleError('manifest', error.message, MANIFEST_FILE, error);
  }
}

class ExportCheck {
  readonly #files: Container;
  readonly #manifest: ExportManifest;
  readonly #format: ExportFormat | undefined;
  readonly #matches: ReturnType<typeof compileQuery>;
  /** Of files that are there: those that the manifest does not list, and those that this version can't write again. */
  readonly uncovered: readonly string[];

  constructor(files: Container, manifest: ExportManifest, format: ExportFormat | undefined) {
    this.#files = files;
    this.#manifest = manifest;
    this.#format = format;
    this.#matches = compiled(manifest.query);
    const { evidence, proof = [] } = manifest;
    const own = [...evidence, ...proof, ...(format === undefined ? [] : manifest.files)].map(({ name }) => name);
    const listed = new Set([MANIFEST_FILE, ...own]);
    this.uncovered = files.files.map(({ path }) => path).filter((path) => !listed.has(path));
  }

  /** Throws for what is altered or missing; undefined where there is no proof. */
  async run(keys: readonly VerifierKey[]): Promise<ProvenExport | undefined> {
    const { files, evidence, proof = [], tenant } = this.#manifest;
    const listed = new Map([...files, ...evidence, ...proof].map((file) => [file.name, file]));
    for (const file of listed.values()) await this.#checkFile(file);
    const rows = await this.#rows();
    if (files.length !== evidence.length) {
      const message = `The manifest has ${files.length} files and the evidence of ${evidence.length}.`;
      throw new ExportFinding('altered', message);
    }
    for (const [i, file] of files.entries()) await this.#compare(file, evidence[i]!);
    const [document, hashes] = proof;
    if (document === undefined || hashes === undefined) return undefined;
    const parsed = EXPORT_PROOF.parse(await this.#files.read(document.name, EXPORT_PROOF.maxBytes));
    const size = parsed.chains.reduce((sum, chain) => sum + chain.hashes, 0) * HASH_BYTES;
    if (size !== hashes.bytes) throw new ExportProofError('hash', `got ${hashes.bytes} bytes of hashes, want ${size}`);
    return verifyExportProof(tenant, parsed, await this.#files.read(hashes.name, size), rows.chains(), keys);
  }

  reportOf(proven: ProvenExport | undefined): Omit<ExportReport, 'proven'> {
    const { files, rows } = this.#manifest;
    const findings = [
      ...(rows === 0 || files.length === 0 ? ['It holds no entries, so that nothing is shown.'] : []),
      ...(rows > 0 && proven === undefined
        ? ['Nothing of it was sealed when it was made, so that nothing is proven.']
        : []),
      ...(proven !== undefined && proven.unsealed > 0
        ? [`${proven.unsealed} rows were not sealed yet when it was made, so that they are not proven.`]
        : []),
      ...(this.#format === undefined
        ? [
            `This verifier does not write ${this.#manifest.format}, so that the files of the export were compared with nothing.`,
          ]
        : []),
      ...(this.uncovered.length > 0 ? ['There are files that nothing covers; they may say anything.'] : []),
    ];
    const verdict = findings.length === 0 ? 'intact' : 'incomplete';
    return { verdict, findings, uncovered: this.uncovered, manifest: this.#manifest };
  }

  async #checkFile({ name, bytes, sha256 }: ExportFile): Promise<void> {
    const hash = createSha256();
    let size = 0;
    for await (const chunk of this.#pieces(name)) {
      hash.update(chunk);
      size += chunk.length;
    }
    if (size !== bytes || toHex(hash.digest()) !== sha256) {
      throw new ExportFinding('altered', `${name} is not the file that the manifest says.`);
    }
  }

  /** Every entry is the tenant's, what was asked for, in its order, once. */
  async #rows(): Promise<ExportedRows> {
    const { tenant, order, evidence, from, to } = this.#manifest;
    const rows = new ExportedRows();
    let before: Found | undefined;
    for (const file of evidence) {
      let count = 0;
      for await (const row of this.#found(file.name)) {
        const at = `${file.name}, line ${++count}`;
        if (row.entry.tenant !== tenant) throw new ExportFinding('altered', `${at}: an entry of another tenant.`);
        const time = row.entry.recordedAt;
        if (!this.#matches(row) || time < from || time >= to) {
          throw new ExportFinding('altered', `${at}: an entry that was not asked for.`);
        }
        if (before !== undefined && comparePlaces(before, row, order) >= 0) {
          throw new ExportFinding('altered', `${at}: an entry out of order, or twice.`);
        }
        before = row;
        rows.add(row.chain, row.position, fromHex(row.leafHash));
      }
      if (count !== file.rows) {
        throw new ExportFinding('altered', `${file.name} has ${count} rows, and the manifest says ${file.rows}.`);
      }
    }
    return rows;
  }

  /** Writes the file again from the entries: one that says something else was changed. */
  async #compare(file: ExportFile, evidence: ExportFile): Promise<void> {
    const format = this.#format;
    // Of this format alone a file is its own evidence, which has been read line by line.
    if (format === undefined || (format.name === NDJSON.name && file.name === evidence.name)) return;
    const { tenant, id, createdAt, createdBy, query, from, to, order, fields } = this.#manifest;
    const header = { tenant, exportId: id, createdAt, createdBy, query, from, to, order };
    const hash = createSha256();
    const asked = { ...header, ...(fields === undefined ? {} : { fields }) };
    for await (const chunk of format.write(asked, this.#found(evidence.name))) hash.update(chunk);
    if (file.rows !== evidence.rows || toHex(hash.digest()) !== file.sha256) {
      throw new ExportFinding('altered', `${file.name} says something else than the entries in ${evidence.name}.`);
    }
  }

  async *#found(name: string): AsyncGenerator<Found, void, undefined> {
    for await (const line of linesOf(this.#pieces(name), MAX_LINE_BYTES, name)) {
      const row = readEvidenceLine(line);
      yield { ...row, recordedAt: Date.parse(row.entry.recordedAt) };
    }
  }

  async *#pieces(name: string): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#files.find(name) === undefined) throw new ExportFinding('missing', `${name} is missing.`);
    yield* this.#files.stream(name);
  }
}

function compiled(query: string): ReturnType<typeof compileQuery> {
  try {
    return compileQuery(parseQuery(query));
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new BundleError('manifest', `its query can't be read: ${error.message}`, MANIFEST_FILE, error);
  }
}

const FAULTS = [RowError, ExportProofError, ProofError, DocumentError];

/** What a verifier throws is what it found; whatever else is thrown is a refusal or a defect. */
function findingOf(error: unknown): ExportFinding {
  if (error instanceof ExportFinding) return error;
  if (error instanceof NoteError || error instanceof CheckpointError) {
    throw new BundleError('checkpoint', `it is not signed by the given keys: ${error.message}`, undefined, error);
  }
  if (!(error instanceof Error) || !FAULTS.some((kind) => error instanceof kind)) throw error;
  return new ExportFinding('altered', `The proof does not show what the files hold: ${error.message}.`);
}
