import { PATHS } from '../names/api.ts';
import { execute, failureOf } from './executions.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import type { CommandValues } from './values.ts';

/** Starts a seal, waits for it, and prints the checkpoint that it published. */
export async function seal(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  if (positionals.length > 0) throw new CommandError(EXIT.usage, `seal takes no arguments, got '${positionals[0]}'`);
  const ended = await execute(values, 'Seal', {});
  if (ended.status !== 'SUCCEEDED') throw new CommandError(EXIT.refused, failureOf(ended));
  process.stdout.write(checkpointIn(ended.output));
  process.stderr.write(`The keys that it verifies with are at ${PATHS.logKeys} of the API.\n`);
  return EXIT.ok;
}

/** The state machine's output is what its last step answered. */
function checkpointIn(output: string | undefined): string {
  const { checkpoint } = JSON.parse(output ?? '{}') as { checkpoint?: unknown };
  if (typeof checkpoint === 'string') return checkpoint;
  throw new Error('the seal ended without a checkpoint in its output');
}
