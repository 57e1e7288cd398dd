// Puts the verifiers beside a bundle, so that whoever gets both needs nothing else.
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { SITE_PATHS } from '../../names/site.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { ApiClient } from './client.ts';
import { writeWhole } from './file.ts';

/** The page under the name that the list of sums has for it. */
const NAMES = { [SITE_PATHS.verifier]: 'verify.html', [SITE_PATHS.command]: basename(SITE_PATHS.command) } as const;

/**
 * Writes the web verifier and the command of one file into the folder of a bundle, each as the deployment's list of sums says
 * that it is; answers their names. Throws a CommandError where the deployment has none, or others.
 */
export async function writeVerifiers(client: ApiClient, bundle: string): Promise<string[]> {
  const sums = new TextDecoder().decode(await client.demand(SITE_PATHS.sums));
  for (const [path, name] of Object.entries(NAMES)) {
    const bytes = await client.demand(path);
    const line = `${createHash('sha256').update(bytes).digest('hex')}  ${name}`;
    if (!sums.split('\n').includes(line)) {
      throw new CommandError(
        EXIT.unreachable,
        `got a ${name} that is not of the sums in ${SITE_PATHS.sums}; ask again`,
      );
    }
    await writeWhole(join(dirname(bundle), name), (file) => file.writeFile(bytes));
  }
  return Object.values(NAMES);
}
