// Notes, keys, checkpoints and proofs of production logs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCheckpoint } from '../../core/checkpoint/body.ts';
import { decodeTimestamped } from '../../core/checkpoint/cosignature.ts';
import { CheckpointError, type CheckpointFault } from '../../core/checkpoint/error.ts';
import { encodeBase64 } from '../../core/note/base64.ts';
import { NoteError } from '../../core/note/error.ts';
import { formatVerifierKey, parseVerifierKey } from '../../core/note/key.ts';
import { TlogProofError, type TlogProofFault } from '../../core/tlog-proof/error.ts';
import { parseTlogProof } from '../../core/tlog-proof/proof.ts';
import { checkNote, type NoteCases } from './notes.ts';
import { type Case, demand, demandRefusal, type Suite } from './suite.ts';

/** Notes of production logs, verifier keys, checkpoints and proofs in their good and bad forms. */
export const formats: Suite = {
  folder: 'transparency-dev-formats',
  *cases(directory): Generator<Case> {
    const read = (file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8'));
    yield* (read('signed-note-cases.json') as NoteCases).cases.map(checkNote);
    yield* keys(read('vkey-cases.json') as KeyCases);
    yield* checkpoints(read('checkpoint-body-cases.json') as BodyCases);
    yield* timestamps(read('cosignature-v1-timestamp.json') as readonly Timestamp[]);
    yield* proofs(read('tlog-proof-malformed.json') as readonly MalformedProof[]);
  },
};

interface KeyCases {
  readonly good: readonly { readonly vkey: string }[];
  readonly bad: readonly string[];
  readonly nonconformant: readonly { readonly vkey: string }[];
}

function* keys({ good, bad, nonconformant }: KeyCases): Generator<Case> {
  for (const { vkey } of good) {
    yield {
      name: `vkey ${vkey.slice(0, 40)}`,
      check: () => demand(formatVerifierKey(parseVerifierKey(vkey)) === vkey, 'reads back as another key'),
    };
  }
  for (const vkey of bad) {
    yield {
      name: `bad vkey ${vkey.slice(0, 40)}`,
      check: () => demandRefusal(NoteError, undefined, () => parseVerifierKey(vkey)),
    };
  }
  for (const { vkey } of nonconformant) {
    yield {
      name: `nonconformant vkey ${vkey.slice(0, 40)}`,
      check: () => demandRefusal(NoteError, 'key-id', () => parseVerifierKey(vkey)),
    };
  }
}

interface BodyCases {
  readonly cases: readonly { readonly desc: string; readonly body: string; readonly ok: boolean }[];
}

/** The roots of these vectors are no SHA-256 hashes and are refused as that; with a hash instead, the rest counts. */
function* checkpoints({ cases }: BodyCases): Generator<Case> {
  const root = encodeBase64(new Uint8Array(32));
  for (const { desc, body, ok } of cases) {
    yield {
      name: `checkpoint: ${desc}`,
      check() {
        demandRefusal(CheckpointError, ok ? rootFault(body) : undefined, () => parseCheckpoint(body));
        if (!ok) return;
        const [origin, size, , ...rest] = body.split('\n');
        const text = [origin, size, root, ...rest].join('\n');
        if (rootFault(body) === 'root') parseCheckpoint(text);
        else demandRefusal(CheckpointError, 'extension', () => parseCheckpoint(text));
      },
    };
  }
}

/** C2SP asks for non-empty extension lines; the parser that these vectors come from doesn't. */
function rootFault(body: string): CheckpointFault {
  return body.endsWith('\n\n') ? 'extension' : 'root';
}

interface Timestamp {
  readonly base64: string;
  readonly posixTime: number;
}

function* timestamps(vectors: readonly Timestamp[]): Generator<Case> {
  for (const { base64, posixTime } of vectors) {
    yield {
      name: `cosignature of ${posixTime}`,
      check() {
        const { timestamp } = decodeTimestamped(new Uint8Array(Buffer.from(base64, 'base64')).slice(4));
        demand(timestamp === posixTime, `got ${timestamp}, want ${posixTime}`);
      },
    };
  }
}

interface MalformedProof {
  readonly desc: string;
  readonly proof: string;
}

const PROOF_FAULTS: ReadonlyMap<string, TlogProofFault> = new Map([
  ['missing header', 'header'],
  ['invalid extra data encoding', 'extra'],
  ['missing index', 'index'],
  ['invalid index - not a number', 'index'],
  ['invalid index - negative', 'index'],
  ['invalid hash base64', 'hash'],
]);

function* proofs(vectors: readonly MalformedProof[]): Generator<Case> {
  for (const { desc, proof } of vectors) {
    yield {
      name: `proof: ${desc}`,
      check() {
        const want = PROOF_FAULTS.get(desc);
        demand(want !== undefined, 'a case that no verdict is known for');
        demandRefusal(TlogProofError, want, () => parseTlogProof(new TextEncoder().encode(proof)));
      },
    };
  }
}
