// Whatever an export holds, verifying it ends in a verdict or a named refusal.
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { CheckpointError } from '../../core/checkpoint/error.ts';
import { fromHex } from '../../core/crypto.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { readEvidenceLine } from '../../core/export/evidence.ts';
import { EXPORT_MANIFEST, EXPORT_PROOF } from '../../core/export/manifest.ts';
import { ExportedRows, RowError } from '../../core/export/rows.ts';
import { ExportProofError, verifyExportProof } from '../../core/export/verify.ts';
import type { JsonValue } from '../../core/json/value.ts';
import { ProofError } from '../../core/merkle/error.ts';
import { NoteError } from '../../core/note/error.ts';
import type { VerifierKey } from '../../core/note/key.ts';
import { parseQuery } from '../../core/query/parse.ts';
import { advanceExport } from '../../services/export/advance.ts';
import { MemoryFiles } from '../fakes/memory-files.ts';
import { MemoryJobStore } from '../fakes/memory-job-store.ts';
import { begin, deploymentOf, exportPorts, ID, TENANT } from '../support/export-job.ts';
import { byteChange, changedBytes, changedJson, jsonChange } from '../support/mutations.ts';

const REFUSALS = [RowError, ExportProofError, ProofError, NoteError, CheckpointError, DocumentError];
const EVIDENCE = 'export-0001.ndjson';

interface Files {
  readonly 'manifest.json': Uint8Array;
  readonly 'proof.json': Uint8Array;
  readonly 'proof.bin': Uint8Array;
  readonly [EVIDENCE]: Uint8Array;
}
const NAMES = ['manifest.json', 'proof.json', 'proof.bin', EVIDENCE] as const;

let files: Files;
let keys: readonly VerifierKey[];

beforeAll(async () => {
  const deployment = await deploymentOf(7, 1);
  const [jobs, stored] = [new MemoryJobStore(), new MemoryFiles()];
  await begin(jobs, deployment, 'ndjson', parseQuery('target.id:c1'));
  const ports = exportPorts(deployment, jobs, stored);
  while (!(await advanceExport(ports, { tenant: TENANT, id: ID })).done);
  files = Object.fromEntries(
    NAMES.map((name) => [name, stored.files.get(`${TENANT}/${ID}/${name}`)!]),
  ) as unknown as Files;
  keys = await deployment.signer.keys();
});

/** Whatever else than a refusal by name is thrown is a crash, and fails. */
function answer(given: Files): 'proven' | 'refused' {
  try {
    const { tenant } = EXPORT_MANIFEST.parse(given['manifest.json']);
    const rows = new ExportedRows();
    for (const line of Buffer.from(given[EVIDENCE]).toString('latin1').split('\n').slice(0, -1)) {
      const { chain, position, leafHash } = readEvidenceLine(Buffer.from(line, 'latin1'));
      rows.add(chain, position, fromHex(leafHash));
    }
    verifyExportProof(tenant, EXPORT_PROOF.parse(given['proof.json']), given['proof.bin'], rows.chains(), keys);
    return 'proven';
  } catch (error) {
    if (REFUSALS.some((kind) => error instanceof kind)) return 'refused';
    throw error;
  }
}

test('what is not changed is proven', () => {
  expect(answer(files)).toBe('proven');
});

test('no change of the bytes of an export ends its verifier otherwise than with a proof or a refusal', () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.array(byteChange, { minLength: 1, maxLength: 3 }), (name, changes) => {
      answer({ ...files, [name]: changes.reduce(changedBytes, files[name]) });
    }),
    { numRuns: 2_000 },
  );
});

test('nor does one of what its documents and lines say', () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.array(jsonChange, { minLength: 1, maxLength: 3 }), (name, changes) => {
      if (name === 'proof.bin') return;
      const [first, ...rest] = Buffer.from(files[name]).toString().split('\n');
      const value = changes.reduce(changedJson, JSON.parse(first!) as JsonValue);
      // A line of the evidence has its members in an order of its own.
      const text = name === EVIDENCE ? JSON.stringify(value) : Buffer.from(canonicalBytes(value)).toString();
      answer({ ...files, [name]: Buffer.from([text, ...rest].join('\n')) });
    }),
    { numRuns: 2_000 },
  );
});
