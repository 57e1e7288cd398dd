/** Reading what an earlier start left in the data directory: whatever is wrong with a file is one sentence that names it. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { messageOf, StartFailure } from './failure.ts';

/** Undefined when there is no such file. Errors name the file, which the system's own don't always. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === 'ENOENT') return undefined;
    failure.path ??= path;
    throw failure;
  }
}

/** The same for a file that is known to be there. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    (error as NodeJS.ErrnoException).path ??= path;
    throw error;
  }
}

/** Of a file whose content is not what the runtime wrote. `advice` is what to do about it. */
export function unreadable(path: string, reason: string, advice: string): StartFailure {
  return new StartFailure(`${path} can't be read: ${reason}; ${advice}.`);
}

/** The JSON object in the text of a file; throws StartFailure. */
export function parsedFile<T>(path: string, text: string, advice: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(path, messageOf(error), advice);
  }
  if (value === null || typeof value !== 'object') throw unreadable(path, 'it holds no JSON object', advice);
  return value as T;
}
