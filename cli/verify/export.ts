import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EXPORT_FORMATS } from '../../adapters/export/formats.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { parseKeys } from '../../core/bundle/keys.ts';
import { CheckpointError } from '../../core/checkpoint/error.ts';
import { fromHex, toHex } from '../../core/crypto.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { type EvidenceRow, readEvidenceLine } from '../../core/export/evidence.ts';
import {
  EXPORT_MANIFEST,
  EXPORT_PROOF,
  type ExportFile,
  type ExportManifest,
  MANIFEST_FILE,
} from '../../core/export/manifest.ts';
import { ExportedRows, RowError } from '../../core/export/rows.ts';
import { ExportProofError, type ProvenExport, verifyExportProof } from '../../core/export/verify.ts';
import { ProofError } from '../../core/merkle/error.ts';
import { NoteError } from '../../core/note/error.ts';
import type { VerifierKey } from '../../core/note/key.ts';
import { compileQuery } from '../../core/query/match.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { linesOf } from '../../services/export/conclude.ts';
import { comparePlaces } from '../../services/search/place.ts';
import type { Found } from '../../services/search/port.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import type { CommandValues } from '../values.ts';

/** What an export is not, and where it shows. */
class ExportFinding extends Error {
  override readonly name = 'ExportFinding';
  readonly exit: ExitCode;

  constructor(exit: ExitCode, message: string) {
    super(message);
    this.exit = exit;
  }
}

/** Verifies a downloaded export from its files alone: no account, no network. */
export async function verifyExport(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  const path = values.export!;
  if (positionals.length > 0) throw new CommandError(EXIT.usage, 'verify --export takes the folder of one export');
  if (values.keys === undefined) {
    const where = 'the verifier keys of the log, which have to come from elsewhere than the export';
    throw new CommandError(EXIT.usage, `verify --export needs --keys FILE: ${where}`);
  }
  const keys = keysOf(await contentOf(values.keys), values.keys);
  const folder = basename(path) === MANIFEST_FILE ? dirname(path) : path;
  const manifest = manifestOf(await contentOf(join(folder, MANIFEST_FILE)));
  try {
    const proven = await check(folder, manifest, keys);
    process.stdout.write(report(folder, values.keys, manifest, proven));
    return proven.unsealed > 0 ? EXIT.incomplete : EXIT.ok;
  } catch (error) {
    const finding = findingOf(error);
    process.stdout.write(`${folder}: ${WORDS[finding.exit] ?? 'altered'}\n\n${finding.message}\n`);
    return finding.exit;
  }
}

const WORDS: Readonly<Record<number, string>> = {
  [EXIT.missing]: 'missing',
  [EXIT.incomplete]: 'incomplete',
  [EXIT.unusable]: 'no evidence',
};

async function check(folder: string, manifest: ExportManifest, keys: readonly VerifierKey[]): Promise<ProvenExport> {
  const { files, evidence, proof, tenant, format } = manifest;
  for (const file of new Set([...files, ...evidence, ...(proof ?? [])])) await checkFile(folder, file);
  const rows = await rowsOf(folder, manifest);
  if (!files.every(({ name }) => evidence.some((file) => file.name === name))) {
    for (const [i, file] of files.entries()) await compare(folder, manifest, file, evidence[i]!, format);
  }
  if (proof === undefined) {
    throw new ExportFinding(EXIT.incomplete, 'Nothing of it was sealed when it was made, so that nothing is proven.');
  }
  const [document, hashes] = await Promise.all(proof.map(({ name }) => readFile(join(folder, name))));
  return verifyExportProof(tenant, EXPORT_PROOF.parse(document!), hashes!, rows.chains(), keys);
}

async function checkFile(folder: string, { name, bytes, sha256 }: ExportFile): Promise<void> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of piecesOf(folder, name)) {
    hash.update(chunk);
    size += chunk.length;
  }
  if (size !== bytes || hash.digest('hex') !== sha256) {
    throw new ExportFinding(EXIT.altered, `${name} is not the file that the manifest says.`);
  }
}

/** Every entry is the tenant's, what was asked for, in its order, once. */
async function rowsOf(folder: string, manifest: ExportManifest): Promise<ExportedRows> {
  const { tenant, query, order, evidence } = manifest;
  const matches = compileQuery(parseQuery(query));
  const rows = new ExportedRows();
  let before: Found | undefined;
  for (const file of evidence) {
    let count = 0;
    for await (const row of foundIn(folder, file.name)) {
      const at = `${file.name}, line ${++count}`;
      if (row.entry.tenant !== tenant) throw new ExportFinding(EXIT.altered, `${at}: an entry of another tenant.`);
      const time = row.entry.recordedAt;
      if (!matches(row) || time < manifest.from || time >= manifest.to) {
        throw new ExportFinding(EXIT.altered, `${at}: an entry that was not asked for.`);
      }
      if (before !== undefined && comparePlaces(before, row, order) >= 0) {
        throw new ExportFinding(EXIT.altered, `${at}: an entry out of order, or twice.`);
      }
      before = row;
      rows.add(row.chain, row.position, fromHex(row.leafHash));
    }
    if (count !== file.rows) {
      throw new ExportFinding(EXIT.altered, `${file.name} has ${count} rows, and the manifest says ${file.rows}.`);
    }
  }
  return rows;
}

/** Writes the file again from the entries that are proven: one that says something else was changed. */
async function compare(
  folder: string,
  manifest: ExportManifest,
  file: ExportFile,
  evidence: ExportFile,
  name: string,
): Promise<void> {
  const format = EXPORT_FORMATS.get(name);
  if (format === undefined) throw new ExportFinding(EXIT.unusable, `This version does not know the format ${name}.`);
  const { tenant, id, createdAt, createdBy, query, from, to, order, fields } = manifest;
  const header = { tenant, exportId: id, createdAt, createdBy, query, from, to, order };
  const hash = createHash('sha256');
  const written = format.write(
    { ...header, ...(fields === undefined ? {} : { fields }) },
    foundIn(folder, evidence.name),
  );
  for await (const chunk of written) hash.update(chunk);
  if (hash.digest('hex') !== file.sha256) {
    throw new ExportFinding(EXIT.altered, `${file.name} says something else than the entries in ${evidence.name}.`);
  }
}

async function* foundIn(folder: string, name: string): AsyncGenerator<Found, void, undefined> {
  for await (const line of linesOf(piecesOf(folder, name))) {
    const row: EvidenceRow = readEvidenceLine(line);
    yield { ...row, recordedAt: Date.parse(row.entry.recordedAt) };
  }
}

async function* piecesOf(folder: string, name: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* createReadStream(join(folder, name)) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ExportFinding(EXIT.missing, `${name} is missing.`);
  }
}

const FAULTS = [RowError, ExportProofError, ProofError, NoteError, CheckpointError, DocumentError];

/** What a verifier throws is what it found; whatever else is thrown is a defect. */
function findingOf(error: unknown): ExportFinding {
  if (error instanceof ExportFinding) return error;
  if (!(error instanceof Error) || !FAULTS.some((kind) => error instanceof kind)) throw error;
  const exit = error instanceof NoteError || error instanceof CheckpointError ? EXIT.unusable : EXIT.altered;
  return new ExportFinding(exit, `The proof does not show what the files hold: ${error.message}.`);
}

function manifestOf(bytes: Uint8Array): ExportManifest {
  try {
    return EXPORT_MANIFEST.parse(bytes);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new CommandError(EXIT.unusable, `${MANIFEST_FILE} is none: ${error.message}`, { cause: error });
  }
}

function keysOf(bytes: Uint8Array, path: string): VerifierKey[] {
  try {
    return parseKeys(bytes);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new CommandError(EXIT.unusable, `${path} is refused: ${error.message}`, { cause: error });
  }
}

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CommandError(EXIT.usage, `can't read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function report(folder: string, keysFrom: string, manifest: ExportManifest, proven: ProvenExport): string {
  const { tenant, id, createdAt, createdBy, query, filter, from, to, format, rows, files } = manifest;
  const { checkpoint, digest, sealed, unsealed } = proven;
  const lines = [
    `${folder}: ${unsealed > 0 ? 'incomplete' : 'intact'}`,
    '',
    `tenant      ${tenant}`,
    `export      ${id}, made ${createdAt} for ${createdBy}`,
    `query       ${query === '' ? 'everything' : query}`,
    ...(filter === '' ? [] : [`of          ${filter}`]),
    `recorded    ${from} to ${to}`,
    `files       ${files.length} of ${format}, ${rows} rows: each says what its entries say`,
    `proven      ${sealed} rows, each at its place in the tenant's chains`,
    ...(unsealed > 0 ? [`not proven  ${unsealed} rows, which were not sealed yet when it was made`] : []),
    `digest      ${digest.number}, sealed ${digest.sealedAt}`,
    `checkpoint  ${checkpoint.origin}, ${checkpoint.size} digests, root ${toHex(checkpoint.root)}`,
    `keys        ${keysFrom}`,
    '',
    'An export is a selection: it does not show that nothing was left out. A bundle (indelible export) does.',
  ];
  return `${lines.join('\n')}\n`;
}
