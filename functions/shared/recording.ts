// What functions record of their own doings, and of what is read.
import { compileRedaction } from '../../core/redact/configure.ts';
import { ENTRY } from '../../names/entry.ts';
import type { ReadRecording } from '../../services/record/read.ts';
import type { Recording } from '../../services/record/record.ts';
import { type Environment, jsonObject } from './environment.ts';
import { newId } from './id.ts';
import { openLedger } from './ledger.ts';

/** For functions that record what they do in the trail of the tenant concerned. */
export function openRecording(environment: Environment, now: () => Date): Recording {
  return openReadRecording(environment, now);
}

/** For functions that record what is read. */
export function openReadRecording(environment: Environment, now: () => Date): ReadRecording {
  const redaction = compileRedaction(jsonObject(environment, ENTRY.redactionEnv));
  return { ledger: openLedger(environment), redaction, now, newId };
}
