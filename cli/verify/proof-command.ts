// The command `verify` for the proof of an entry.
import { ENTRY_PROOF } from '../../core/proof/document.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { say } from '../terminal.ts';
import type { CommandValues } from '../values.ts';
import { demandKeys, readKeys, readOption, usable } from './input.ts';
import { type ProofVerdict, parseProof, proofText, verifyProof } from './proof.ts';

const EXITS: Readonly<Record<ProofVerdict, ExitCode>> = {
  intact: EXIT.ok,
  altered: EXIT.altered,
  incomplete: EXIT.incomplete,
};

/** Options of `verify` that say nothing of a proof; one that is passed over would seem to have been heeded. */
const NOT_OF_PROOFS = ['checkpoint', 'expect-through', 'report'] as const;

/** Verifies the proof of an entry from its bytes alone: no account, no network. */
export async function verifyProofFile(values: CommandValues, path: string): Promise<ExitCode> {
  // What is no proof is refused as such, whatever else was asked.
  const document = await readOption(path, ENTRY_PROOF.maxBytes);
  const proof = await usable(path, async () => parseProof(document));
  const other = NOT_OF_PROOFS.find((name) => values[name] !== undefined);
  if (other !== undefined) throw new CommandError(EXIT.usage, `verify of a proof does not take --${other}`);
  const keysFrom = demandKeys(values, 'a proof');
  const keys = await readKeys(keysFrom);
  const entry = values.entry === undefined ? undefined : await readOption(values.entry);
  const report = await usable(path, async () => verifyProof(proof, keys, entry));
  say(proofText({ place: path, keysFrom, entryFrom: values.entry }, keys, report));
  return EXITS[report.verdict];
}
