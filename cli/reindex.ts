// The command `reindex`.
import { REINDEX } from '../names/index.ts';
import type { Reindexed, ReindexInput } from '../services/index/steps.ts';
import { execute, failureOf } from './executions.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import { say } from './terminal.ts';
import type { CommandValues } from './values.ts';

/** Has the deployment build its index anew from the ledger, and waits. Searches go on meanwhile. */
export async function reindex(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  if (positionals.length > 0) {
    throw new CommandError(EXIT.usage, `reindex takes no arguments, got '${positionals[0]}'`);
  }
  const input: ReindexInput = { tenant: values.tenant ?? null };
  const ended = await execute(values, REINDEX.machine, input);
  if (ended.status !== 'SUCCEEDED') throw new CommandError(EXIT.refused, failureOf(ended));
  say(`${reindexed(JSON.parse(ended.output ?? '[]') as Reindexed[])}\n`);
  return EXIT.ok;
}

export function reindexed(shards: readonly Reindexed[]): string {
  const sum = (name: 'chains' | 'entries') => shards.reduce((total, { cursor }) => total + (cursor?.[name] ?? 0), 0);
  return `indexed ${sum('entries')} entries of ${sum('chains')} chains`;
}
