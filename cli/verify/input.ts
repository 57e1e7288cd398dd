/** What whoever verifies hands in beside the evidence, and what it means that evidence is refused. */
import { open } from 'node:fs/promises';
import { BundleError } from '../../core/bundle/error.ts';
import { parseKeys } from '../../core/bundle/keys.ts';
import type { VerifierKey } from '../../core/note/key.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { CommandValues } from '../values.ts';

/** More than any file of keys, and than any checkpoint. */
const MAX_BYTES = 64 * 1024;

/** The bytes of a small file that an option names. Throws a CommandError. */
export async function readOption(path: string, maxBytes: number = MAX_BYTES): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await beginningOf(path, maxBytes + 1);
  } catch (error) {
    throw new CommandError(EXIT.usage, `can't read ${path}: ${(error as Error).message}`, { cause: error });
  }
  if (bytes.length <= maxBytes) return bytes;
  throw new CommandError(EXIT.unusable, `${path} is refused: got more than ${maxBytes} bytes`);
}

/** No more than that many bytes, of a device that never ends too. */
export async function beginningOf(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.slice(0, at);
  } finally {
    await file.close();
  }
}

/** The path of the keys, which evidence without any of its own needs. Throws a CommandError. */
export function demandKeys({ keys }: CommandValues, what: string): string {
  if (keys !== undefined) return keys;
  const where = `the verifier keys of the log, which have to come from elsewhere than ${what}`;
  throw new CommandError(EXIT.usage, `verify of ${what} needs --keys FILE: ${where}`);
}

/** The log's verifier keys. Throws a CommandError. */
export async function readKeys(path: string): Promise<VerifierKey[]> {
  const bytes = await readOption(path);
  return usable(path, async () => parseKeys(bytes));
}

/** What is refused is neither valid nor broken: it is no evidence of anything. */
export async function usable<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new CommandError(EXIT.unusable, `${path} is refused (${error.code}): ${error.message}`, { cause: error });
  }
}
