import { PATHS } from '../names/api.ts';
import type { Published } from '../names/seal.ts';
import { execute, failureOf } from './executions.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import type { CommandValues } from './values.ts';

/** Starts a seal, waits for it, and prints the checkpoint that it published. */
export async function seal(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  if (positionals.length > 0) throw new CommandError(EXIT.usage, `seal takes no arguments, got '${positionals[0]}'`);
  const ended = await execute(values, 'Seal', {});
  if (ended.status !== 'SUCCEEDED') throw new CommandError(EXIT.refused, failureOf(ended));
  const sealed = JSON.parse(ended.output ?? '{}') as Partial<Published>;
  if (sealed.checkpoint === undefined) {
    const advice = 'no entry has reached the archive, which takes up to half a minute; try again then';
    throw new CommandError(EXIT.refused, `there is nothing to seal yet: ${advice}`);
  }
  process.stdout.write(sealed.checkpoint);
  process.stderr.write(`The keys that it verifies with are at ${PATHS.logKeys} of the API.\n`);
  return EXIT.ok;
}
