// The command `seal`.
import { setTimeout as sleep } from 'node:timers/promises';
import { visible } from '../core/visible.ts';
import { PATHS } from '../names/api.ts';
import type { Published } from '../services/seal/steps.ts';
import { type EndedExecution, execute, failureOf } from './executions.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import { progressLine } from './progress-line.ts';
import { shortLines } from './short-lines.ts';
import { remark, say } from './terminal.ts';
import type { CommandValues } from './values.ts';

/** What was just recorded is known to a seal by the ledger's index, which is a second or so behind, or else by the archive. */
const FIRST_ENTRIES_MS = 60_000;
const RETRY_MS = 5_000;

/** Starts a seal, waits for it, and says what it published: three lines, or with `--print` the checkpoint as it is. */
export async function seal(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  if (positionals.length > 0) throw new CommandError(EXIT.usage, `seal takes no arguments, got '${positionals[0]}'`);
  const checkpoint = await firstCheckpoint(() => execute(values, 'Seal', {}));
  if (checkpoint === undefined) {
    throw new CommandError(EXIT.refused, 'there is nothing to seal: no entry has been recorded, or none is archived');
  }
  say(values.print === true ? checkpoint : shortOf(checkpoint));
  remark(
    `The signed checkpoint is at ${PATHS.logCheckpoint} of the API, the keys that it verifies with at ${PATHS.logKeys}.\n`,
  );
  return EXIT.ok;
}

/** The first three lines of a checkpoint (C2SP tlog-checkpoint) with what they are, the root as `verify` writes it. */
export function shortOf(checkpoint: string): string {
  const [log = '', size = '', root = ''] = checkpoint.split('\n');
  return `log    ${visible(log)}\nsize   ${visible(size)} digests\nroot   ${Buffer.from(root, 'base64').toString('hex')}\n`;
}

/** The checkpoint that a run published; one that found nothing at all is repeated for as long as first entries may take. */
export async function firstCheckpoint(
  run: () => Promise<EndedExecution>,
  patience: { readonly ms: number; readonly pause: number } = { ms: FIRST_ENTRIES_MS, pause: RETRY_MS },
): Promise<string | undefined> {
  const progress = progressLine(process.stderr);
  try {
    for (const begun = Date.now(); ; await sleep(patience.pause)) {
      const ended = await run();
      if (ended.status !== 'SUCCEEDED') throw new CommandError(EXIT.refused, failureOf(ended));
      const published = JSON.parse(ended.output ?? '{}') as Partial<Published>;
      const { checkpoint } = published;
      for (const line of shortLines(published)) remark(`${line}\n`);
      if (checkpoint !== undefined || Date.now() - begun >= patience.ms) return checkpoint;
      progress.show('nothing to seal yet; waiting for the first entries to reach the archive');
    }
  } finally {
    progress.stop();
  }
}
