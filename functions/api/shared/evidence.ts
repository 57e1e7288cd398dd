// What errors of evidence are to a client.
import { BlockError } from '../../../core/block/error.ts';
import { CheckpointError } from '../../../core/checkpoint/error.ts';
import { DocumentError } from '../../../core/documents/error.ts';
import { ProofError } from '../../../core/merkle/error.ts';
import { NoteError } from '../../../core/note/error.ts';
import { EntryProofError } from '../../../core/proof/error.ts';
import { TileError } from '../../../core/tiles/error.ts';
import { BuriedObject } from '../../../services/log/versions.ts';
import { EvidenceFault } from '../../../services/prove/error.ts';
import { unexpected } from './http.ts';
import { Problem } from './problem.ts';

const FAULTS = [
  BlockError,
  TileError,
  ProofError,
  DocumentError,
  NoteError,
  CheckpointError,
  EntryProofError,
  EvidenceFault,
  BuriedObject,
];

/** What errors of reading evidence are to the client: where sealed evidence does not verify, that is said and nothing else. */
export function evidenceProblem(error: unknown): Problem {
  if (!FAULTS.some((kind) => error instanceof kind)) return unexpected(error);
  return new Problem('not-intact', 'What is stored of the sealed evidence is missing or does not verify.', {
    cause: error,
  });
}
