// The command `verify --live`.
import { ENDS, VERIFY, type VerifyVerdict } from '../names/verify.ts';
import type { FinalizeOutput, VerifyRequest } from '../services/verify/steps.ts';
import { type EndedExecution, execute, failureOf } from './executions.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import { remark, say } from './terminal.ts';
import type { CommandValues } from './values.ts';

const EXITS: Readonly<Record<VerifyVerdict, ExitCode>> = {
  intact: EXIT.ok,
  altered: EXIT.altered,
  missing: EXIT.missing,
  truncated: EXIT.truncated,
  incomplete: EXIT.incomplete,
};

/** What an execution concludes, in its output or, where it ends in a Fail state, in its cause. */
type FinalVerdict = Pick<FinalizeOutput, 'verdict' | 'text'> & { readonly report: string };

/** Has the deployment verify itself, waits, and prints what was found. */
export async function verifyLive(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  if (positionals.length > 0) throw new CommandError(EXIT.usage, 'verify takes a bundle or --live, not both');
  const request: VerifyRequest = {
    mode: values.full === true ? 'full' : 'incremental',
    ...(values.tenant === undefined ? {} : { tenant: values.tenant }),
  };
  const ended = await execute(values, VERIFY.stateMachine, request);
  const { verdict, text, report } = verdictOf(ended);
  say(text);
  remark(`The report is kept in the archive as ${report}.\n`);
  return EXITS[verdict];
}

/** Anything but a conclusion means that the verification itself failed, which says nothing of what it verifies. */
export function verdictOf(ended: EndedExecution): FinalVerdict {
  if (ended.status === 'SUCCEEDED') {
    const { verdict, text, report } = JSON.parse(ended.output ?? '') as FinalizeOutput;
    return { verdict, text, report: report.key };
  }
  const isVerdict = Object.values<string | undefined>(ENDS).includes(ended.error);
  if (isVerdict && ended.cause !== undefined) return JSON.parse(ended.cause) as FinalVerdict;
  throw new CommandError(EXIT.refused, failureOf(ended));
}
