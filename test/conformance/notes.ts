// Checks one case of notes.
import { parseCheckpoint } from '../../core/checkpoint/body.ts';
import { equalBytes } from '../../core/crypto.ts';
import { NoteError } from '../../core/note/error.ts';
import { parseVerifierKey, type VerifierKey } from '../../core/note/key.ts';
import { formatNote, parseNote } from '../../core/note/note.ts';
import { verifyNote } from '../../core/note/verify.ts';
import { type Case, demand, demandRefusal } from './suite.ts';

interface NoteCase {
  readonly desc: string;
  readonly note: string;
  readonly vkeys: readonly string[];
  readonly ok: boolean;
  readonly verified?: number;
  readonly origin?: string;
  readonly size?: number;
  /** Uses a signature type that a verifier may not know; then nobody known has signed. */
  readonly optional?: boolean;
}

export interface NoteCases {
  readonly cases: readonly NoteCase[];
}

export function checkNote(vector: NoteCase): Case {
  return { name: `note: ${vector.desc}`, check: () => check(vector) };
}

function check({ note: text, vkeys, ok, verified, origin, size, optional }: NoteCase): void {
  const bytes = new TextEncoder().encode(text);
  const note = parseNote(bytes);
  demand(equalBytes(formatNote(note), bytes), 'reads back as another note');
  if (optional === true) for (const vkey of vkeys) demandRefusal(NoteError, 'key-type', () => parseVerifierKey(vkey));
  const keys: VerifierKey[] = optional === true ? [] : vkeys.map(parseVerifierKey);
  if (!ok || optional === true) {
    demandRefusal(NoteError, 'unverified', () => verifyNote(note, keys));
    return;
  }
  const got = verifyNote(note, keys).length;
  demand(got === verified, `got ${got} signatures, want ${verified}`);
  if (origin === undefined) return;
  const checkpoint = parseCheckpoint(note.text);
  demand(checkpoint.origin === origin && checkpoint.size === size, 'it is the checkpoint of another log or size');
}
