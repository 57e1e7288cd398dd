// Proves what an export holds, and writes its manifest.
import { fromHex, HASH_BYTES } from '../../core/crypto.ts';
import type { ChainHead } from '../../core/documents/digest.ts';
import {
  EXPORT_MANIFEST,
  EXPORT_PROOF,
  type ExportFile,
  type ExportManifest,
  type ExportProof,
  MANIFEST_FILE,
  PROOF_FILES,
} from '../../core/export/manifest.ts';
import { type ChainRows, ExportedRows, rowsBelow } from '../../core/export/rows.ts';
import { verifyExportProof } from '../../core/export/verify.ts';
import { proveMany } from '../../core/merkle/many.ts';
import { encodeBase64 } from '../../core/note/base64.ts';
import type { LogPorts, PublishedSeal } from '../log/published.ts';
import { chainTiles } from '../prove/chain.ts';
import { TenantDigests } from '../prove/digests.ts';
import { inChunks } from './chunks.ts';
import { type ExportJob, iso } from './job.ts';
import { PassingNodes } from './nodes.ts';
import type { ExportFiles } from './port.ts';

/** Where proofs come from: the deployment's log. */
export interface ProofPorts {
  ports(): Promise<LogPorts>;
  /** Undefined before the first seal. */
  current(): Promise<PublishedSeal | undefined>;
}

interface Finalized {
  readonly proof: readonly ExportFile[] | undefined;
  readonly sealed: number;
  readonly manifest: ExportFile;
}

/**
 * Proves what an export holds to the newest checkpoint, and says what it consists of. The proof is verified as its reader
 * will before it is written: throws what verifyExportProof does where the evidence that is stored makes none.
 */
export async function finalizeExport(
  files: ExportFiles,
  proofs: ProofPorts,
  tenant: string,
  id: string,
  job: ExportJob,
): Promise<Finalized> {
  const rows = await placesOf(files, tenant, id, job);
  const made = await prove(proofs, tenant, rows);
  const write = async (name: string, bytes: Uint8Array, count: number, type: string): Promise<ExportFile> => {
    const file = files.create(tenant, id, name, type);
    await file.write(bytes);
    return { name, rows: count, ...(await file.close()) };
  };
  const proof = made && [
    await write(PROOF_FILES.document, EXPORT_PROOF.format(made.document), made.sealed, 'application/json'),
    await write(PROOF_FILES.hashes, made.hashes, made.sealed, 'application/octet-stream'),
  ];
  const manifest = EXPORT_MANIFEST.format(manifestOf(tenant, id, job, proof));
  return {
    ...{ proof, sealed: made?.sealed ?? 0 },
    manifest: await write(MANIFEST_FILE, manifest, job.rows, 'application/json'),
  };
}

/** What follows the entry in a line of the evidence. */
const PLACE = /,"chain":(\d+),"position":(\d+),"leafHash":"([0-9a-f]{64})","link":"[0-9a-f]{64}"\}$/;
const LINE_FEED = 0x0a;
/** Longer than what follows the entry ever is. */
const TAIL_BYTES = 256;

async function placesOf(files: ExportFiles, tenant: string, id: string, job: ExportJob): Promise<ChainRows[]> {
  const rows = new ExportedRows();
  for (const { name } of job.evidence) {
    for await (const line of linesOf(files.read(tenant, id, name))) {
      const match = PLACE.exec(Buffer.from(line.subarray(-TAIL_BYTES)).toString('latin1'));
      if (match === null) throw new RangeError(`${name} has a line that this export did not write`);
      rows.add(Number(match[1]), Number(match[2]), fromHex(match[3]!));
    }
  }
  return rows.chains();
}

/** Lines without their line feeds, from pieces that end anywhere; what is behind the last line feed is a line too. */
async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let kept: Uint8Array[] = [];
  for await (const piece of pieces) {
    let begin = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, begin)) {
      const part = piece.subarray(begin, end);
      yield kept.length === 0 ? part : Buffer.concat([...kept, part]);
      kept = [];
      begin = end + 1;
    }
    if (begin < piece.length) kept.push(piece.subarray(begin));
  }
  if (kept.length > 0) yield Buffer.concat(kept);
}

interface Made {
  readonly document: ExportProof;
  readonly hashes: Uint8Array;
  readonly sealed: number;
}

async function prove(proofs: ProofPorts, tenant: string, rows: readonly ChainRows[]): Promise<Made | undefined> {
  const { store, policy } = await proofs.ports();
  const published = await proofs.current();
  const digests = published && new TenantDigests(tenant, published, store);
  const newest = await digests?.newest();
  if (digests === undefined || newest === undefined) return undefined;
  const chains: ExportProof['chains'] = [];
  const hashes: Uint8Array[] = [];
  for (const own of rows) {
    const head = newest.digest.chains.find(({ chain }) => chain === own.chain);
    const count = head === undefined ? 0 : rowsBelow(own, head.size);
    if (head === undefined || count === 0) continue;
    let size = 0;
    // In few pieces: a hash by itself takes many times its bytes.
    for await (const chunk of inChunks(hashesOf(store, tenant, head, own, count))) {
      hashes.push(chunk);
      size += chunk.length;
    }
    chains.push({ chain: own.chain, rows: count, hashes: size / HASH_BYTES });
  }
  const sealed = chains.reduce((sum, { rows: count }) => sum + count, 0);
  const all = rows.reduce((sum, { positions }) => sum + positions.length, 0);
  const path = await digests.proofOf(newest);
  const document: ExportProof = {
    ...{ v: 1, kind: 'export-proof', tenant, digest: textOf(newest.bytes), checkpoint: textOf(published!.note) },
    ...{ log: { index: newest.index, proof: path.map(encodeBase64) }, chains, unsealed: all - sealed },
  };
  const bytes = Buffer.concat(hashes);
  verifyExportProof(tenant, document, bytes, rows, policy.logKeys);
  return { document, hashes: bytes, sealed };
}

function hashesOf(store: LogPorts['store'], tenant: string, head: ChainHead, { positions }: ChainRows, count: number) {
  const nodes = new PassingNodes(() => chainTiles(store, tenant, head), head.size);
  return proveMany(nodes, { size: head.size, indexes: positions.subarray(0, count) });
}

function manifestOf(
  tenant: string,
  id: string,
  job: ExportJob,
  proof: readonly ExportFile[] | undefined,
): ExportManifest {
  const { subject, createdAt, q, filter, period, order, format, fields, rows, files, evidence, gaps } = job;
  return {
    ...{ v: 1, kind: 'export', tenant, id, createdAt: iso(createdAt), createdBy: subject, query: q, filter },
    ...{ from: iso(period.from), to: iso(period.to), order, format, rows, files: [...files], evidence: [...evidence] },
    ...(fields === undefined ? {} : { fields: [...fields] }),
    ...(proof === undefined ? {} : { proof: [...proof] }),
    ...(gaps === undefined ? {} : { gaps: gaps.map((gap) => ({ ...gap })) }),
  };
}

/** Of bytes that are known to be UTF-8; a byte order mark is part of what was signed. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
