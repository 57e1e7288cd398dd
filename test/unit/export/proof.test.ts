// The proof of an export.
import { beforeAll, expect, test } from '@jest/globals';
import { fromHex, sha256 } from '../../../core/crypto.ts';
import { readEvidenceLine } from '../../../core/export/evidence.ts';
import { EXPORT_PROOF, type ExportProof } from '../../../core/export/manifest.ts';
import { type ChainRows, ExportedRows } from '../../../core/export/rows.ts';
import { verifyExportProof } from '../../../core/export/verify.ts';
import type { VerifierKey } from '../../../core/note/key.ts';
import { parseQuery } from '../../../core/query/parse.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import { advanceExport } from '../../../services/export/advance.ts';
import type { ExportJob } from '../../../services/export/job.ts';
import { MemoryFiles } from '../../fakes/memory-files.ts';
import { MemoryJobStore } from '../../fakes/memory-job-store.ts';
import { begin, deploymentOf, exportPorts, ID, TENANT } from '../../support/export-job.ts';
import { ORIGIN } from '../../support/log-signer.ts';
import { signer } from '../../support/signers.ts';

const OTHER = 'globex';

type Row = [chain: number, position: number, leaf: Uint8Array];

/** What verifyExportProof is given. */
interface Shown {
  tenant: string;
  proof: ExportProof;
  hashes: Uint8Array;
  rows: Row[];
  keys: readonly VerifierKey[];
}

let own: Shown;
let foreign: Shown;
let others: VerifierKey[];

/** Every third of seven entries, 1 and 4, and an unsealed one, 7: hashes are needed on every side. */
beforeAll(async () => {
  const deployment = await deploymentOf(7, 1);
  const [jobs, files] = [new MemoryJobStore(), new MemoryFiles()];
  await begin(jobs, deployment, 'ndjson', parseQuery('target.id:c1'));
  const { value } = (await jobs.get<ExportJob>(TENANT, JOB_STORE.exports, ID))!;
  await jobs.put(OTHER, JOB_STORE.exports, ID, value, 0);
  const ports = exportPorts(deployment, jobs, files);
  const exported = async (tenant: string): Promise<Shown> => {
    while (!(await advanceExport(ports, { tenant, id: ID })).done);
    const read = (name: string) => files.files.get(`${tenant}/${ID}/${name}`)!;
    const lines = Buffer.from(read('export-0001.ndjson')).toString().trimEnd().split('\n');
    const rows = lines.map((line): Row => {
      const { chain, position, leafHash } = readEvidenceLine(Buffer.from(line));
      return [chain, position, fromHex(leafHash)];
    });
    const keys = await deployment.signer.keys();
    return { tenant, proof: EXPORT_PROOF.parse(read('proof.json')), hashes: read('proof.bin'), rows, keys };
  };
  own = await exported(TENANT);
  foreign = await exported(OTHER);
  others = [signer(ORIGIN, 'ed25519').key, signer(ORIGIN, 'ml-dsa-44-cosignature').key];
});

function chainsOf(rows: readonly Row[]): ChainRows[] {
  const all = new ExportedRows();
  for (const row of rows) all.add(...row);
  return all.chains();
}

function verify({ tenant, proof, hashes, rows, keys }: Shown) {
  return verifyExportProof(tenant, proof, hashes, chainsOf(rows), keys);
}

/** The error's class and code, or what was shown where none was thrown. */
function refusal(shown: Shown): unknown {
  try {
    return verify(shown);
  } catch (error) {
    const { name, code } = error as Error & { readonly code: string };
    return `${name} ${code}`;
  }
}

const chainOf = ({ proof }: Shown) => proof.chains[0]! as { rows: number; hashes: number };
const leaf = sha256(new Uint8Array([1]));

test('the rows that are sealed are shown, and the others counted', () => {
  expect(own.rows.map(([, position]) => position)).toEqual([1, 4, 7]);
  expect(own.hashes.length).toBeGreaterThan(64);
  expect(verify(own)).toMatchObject({ sealed: 2, unsealed: 1, digest: { tenant: TENANT } });
  expect(verify(foreign)).toMatchObject({ sealed: 1, digest: { tenant: OTHER } });
});

test.each<[string, string, (shown: Shown) => void]>([
  ['rows of another tenant', 'ExportProofError tenant', (shown) => Object.assign(shown, { tenant: OTHER })],
  ['a proof of another tenant', 'ExportProofError tenant', (shown) => Object.assign(shown, { proof: foreign.proof })],
  [
    'a proof of another tenant under this name',
    'ExportProofError tenant',
    (shown) => Object.assign(shown, { proof: { ...foreign.proof, tenant: TENANT } }),
  ],
  ['a removed row', 'ExportProofError rows', ({ rows }) => rows.shift()],
  [
    'a removed row, and a proof of one',
    'ProofError proof-length',
    (shown) => {
      shown.rows.shift();
      chainOf(shown).rows = 1;
    },
  ],
  ['an added row', 'ExportProofError rows', ({ rows }) => rows.push([0, 2, leaf])],
  [
    'an added row, and a proof of three',
    'RootMismatch root',
    (shown) => {
      // Beside a row: no hash less is needed than is there once the one in its place is taken out.
      shown.rows.push([0, 0, leaf]);
      chainOf(shown).rows = 3;
      chainOf(shown).hashes -= 1;
      shown.hashes = shown.hashes.subarray(32);
    },
  ],
  ['an added row that is not sealed', 'ExportProofError rows', ({ rows }) => rows.push([0, 8, leaf])],
  ['an added row of another chain', 'ExportProofError rows', ({ rows }) => rows.push([1, 0, leaf])],
  ['a doubled row', 'RowError row', ({ rows }) => rows.push(rows[0]!)],
  ['another entry', 'RootMismatch root', ({ rows }) => Object.assign(rows[0]!, { 2: leaf })],
  ['a row at another place', 'RootMismatch root', ({ rows }) => Object.assign(rows[0]!, { 1: 0 })],
  ['swapped rows', 'RootMismatch root', ({ rows }) => ([rows[0]![1], rows[1]![1]] = [rows[1]![1], rows[0]![1]])],
  ['a flipped bit of a hash', 'RootMismatch root', ({ hashes }) => (hashes[40]! ^= 1)],
  ['a hash cut short', 'ProofError proof-length', (shown) => (shown.hashes = shown.hashes.subarray(0, -1))],
  [
    'a hash less, and said so',
    'ProofError proof-length',
    (shown) => {
      shown.hashes = shown.hashes.subarray(0, -32);
      chainOf(shown).hashes -= 1;
    },
  ],
  [
    'a hash more',
    'ExportProofError hash',
    (shown) => (shown.hashes = new Uint8Array(Buffer.concat([shown.hashes, leaf]))),
  ],
  [
    'a hash more, and said so',
    'ProofError proof-length',
    (shown) => {
      shown.hashes = new Uint8Array(Buffer.concat([shown.hashes, leaf]));
      chainOf(shown).hashes += 1;
    },
  ],
  [
    'sealed rows said not to be',
    'ExportProofError chain',
    (shown) => {
      Object.assign(shown.proof, { chains: [], unsealed: 3 });
      shown.hashes = new Uint8Array(0);
    },
  ],
  ['a row more that is not sealed', 'ExportProofError rows', ({ proof }) => (proof.unsealed += 1)],
  [
    'a chain that is not sealed',
    'ExportProofError chain',
    ({ proof }) => proof.chains.push({ chain: 5, rows: 0, hashes: 0 }),
  ],
  ['another place in the log', 'ExportProofError log', ({ proof }) => (proof.log.index += 1)],
  ['no way to the checkpoint', 'ProofError proof-length', ({ proof }) => (proof.log.proof = [])],
  [
    'an edited digest',
    'RootMismatch root',
    ({ proof }) => (proof.digest = proof.digest.replace(/"root":"[0-9a-f]{8}/, '"root":"00000000')),
  ],
  [
    'an edited checkpoint',
    'NoteError signature',
    ({ proof }) => (proof.checkpoint = proof.checkpoint.replace('\n2\n', '\n3\n')),
  ],
  ['other keys', 'NoteError unverified', (shown) => Object.assign(shown, { keys: others })],
])('%s is refused', (_name, wanted, change) => {
  const shown = { ...structuredClone(own), keys: own.keys };
  change(shown);
  expect(refusal(shown)).toBe(wanted);
});
