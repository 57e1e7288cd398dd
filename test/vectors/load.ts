// Loads vectors for the tests.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Each file is one bug, named by its mutation. `[name, content]`, in the form that `test.each` takes. */
export function vectors<T>(folder: string): [name: string, vector: T][] {
  const directory = fileURLToPath(new URL(`${folder}/`, import.meta.url));
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => [file.slice(0, -'.json'.length), JSON.parse(readFileSync(directory + file, 'utf8')) as T]);
}
