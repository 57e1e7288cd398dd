// How the failure of a command is told.
import { visible } from '../core/visible.ts';
import { CommandError, type ExitCode } from './exit.ts';
import { remark } from './terminal.ts';

const DEBUG = 'INDELIBLE_DEBUG';

/**
 * Tells what was thrown in one sentence on standard error, and answers the exit code. `defective` is that of a defect, which
 * is nothing that was looked for: it is no verdict, and never passes for one.
 */
export function tellFailure(program: string, error: unknown, defective: ExitCode): ExitCode {
  const failure = error instanceof CommandError ? error : defect(error, defective);
  remark(`${program}: ${visible(failure.message)}\n`);
  if (process.env[DEBUG] !== undefined) remark(`${(error as Error | undefined)?.stack ?? error}\n`);
  return failure.exitCode;
}

function defect(error: unknown, exitCode: ExitCode): CommandError {
  const { name = 'Error', message = String(error) } = (error ?? {}) as Partial<Error>;
  const what = `this is a defect of indelible (${name}: ${message}); report it with what ${DEBUG}=1 prints besides`;
  return new CommandError(exitCode, what, { cause: error });
}
