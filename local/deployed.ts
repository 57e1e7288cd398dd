/** What the last start deployed, `deployed.json`: it tells what the template has no longer, and whether there was data before. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { removeLeftoversOf, writeDurably } from './aws/durable.ts';
import { DATABASE_FILE } from './dynamodb/retention.ts';
import { StartFailure } from './failure.ts';
import { parsedFile, readIfThere } from './files.ts';

/** `Stack/LogicalId` → kind. */
export type Deployed = Readonly<Record<string, string>>;

/** A file that can't be read costs only the names of what was retired, so it is told through `warn` and written anew. */
export async function readDeployed(dataDir: string, warn: (message: string) => void): Promise<Deployed> {
  const path = pathIn(dataDir);
  await removeLeftoversOf(path);
  const text = await readIfThere(path);
  if (text === undefined) return {};
  try {
    return parsedFile<Deployed>(
      path,
      text,
      'it is written anew, and what left the template since the last start is not named',
    );
  } catch (error) {
    warn((error as Error).message);
    return {};
  }
}

export async function writeDeployed(dataDir: string, deployed: Deployed): Promise<void> {
  await writeDurably(pathIn(dataDir), `${JSON.stringify(deployed, undefined, 2)}\n`);
}

/**
 * Throws StartFailure when tables were deployed and their file is missing or empty: a new one would give positions out again
 * that the archive has already.
 */
export function demandDatabase(dataDir: string, deployed: Deployed): void {
  if (!Object.values(deployed).includes('AWS::DynamoDB::Table')) return;
  const file = join(dataDir, 'dynamodb', DATABASE_FILE);
  const size = existsSync(file) ? statSync(file).size : undefined;
  if (size !== undefined && size > 0) return;
  throw new StartFailure(
    `The database ${file} is ${size === undefined ? 'missing' : 'empty'} although this directory was used before; ` +
      `restore the data directory from a copy, or delete it to begin anew.`,
  );
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'deployed.json');
}
