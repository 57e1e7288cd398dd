/**
 * The validator of the States Language, asked once for each definition: it compiles all of its schemas anew each time, which for
 * the machines of one template is a second of a start. What it found valid is remembered by digest, between starts.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFINITION_CACHE } from '../compiled.ts';
import { digestOfInstalled } from '../sources.ts';
import { type Flow, StateMachine } from './language.ts';

/** `text` is the definition's JSON. Throws with all that is wrong, each time; `folder` holds an empty file for each valid definition. */
export function validateOnce(definition: Flow, text: string, folder = DEFINITION_CACHE): void {
  const known = join(folder, createHash('sha256').update(`${installed()}\0${text}`).digest('hex'));
  if (existsSync(known)) return;
  new StateMachine(definition as never);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(known, '');
  } catch {
    // A folder that can't be written costs time only: the next start validates again.
  }
}

let digest: string | undefined;

/** Another version of the validator may find otherwise. */
function installed(): string {
  digest ??= digestOfInstalled();
  return digest;
}
