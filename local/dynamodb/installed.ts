/** Where DynamoDB Local is. An optional dependency, since its licence is not everybody's to accept (docs/local.md). */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export const NOT_INSTALLED =
  "DynamoDB Local is not installed: 'npm ci' brings it, unless optional packages are left out. docs/local.md, " +
  '"The licence of DynamoDB Local", says what works without it.';

/** Undefined where it is not installed. */
export function emulatorFolder(
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): string | undefined {
  try {
    return join(dirname(resolve('amplify-dynamodb-simulator/package.json')), 'emulator');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
