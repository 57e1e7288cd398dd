/** The command `indelible verify` as one file for plain Node: made by the build, and handed out alone. */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { CommandError, EXIT, type ExitCode } from '../cli/exit.ts';
import { tellFailure } from '../cli/failed.ts';
import type { CommandValues } from '../cli/values.ts';
import { verifyFile } from '../cli/verify/command.ts';
import { hashInThread } from '../cli/verify/leaf-worker.ts';

const USAGE = `indelible-verify: check evidence of an audit trail, from its bytes alone: no account, no network

  node indelible-verify.mjs FILE      FILE: a bundle or an export, packed or in a folder, or the proof of an entry
      [--keys FILE]            verifier keys of the log, from elsewhere than the file
      [--checkpoint FILE]      a checkpoint that was kept: the evidence has to continue it
      [--expect-through DAY]   the newest digest has to be of this day or later
      [--entry FILE]           of a proof: the entry that it is said to be of
      [--report FILE]          of a bundle: what was checked and found, as JSON, and as text in FILE.txt

Exit codes: 0 intact, 10 altered, 11 missing, 12 truncated, 13 incomplete, 14 no evidence at all, 15 expired under
tombstones that nobody has signed for yet; 2 wrong usage.
`;

/** Runs one command line and answers its exit code; errors a user can act on are one sentence on standard error. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  if (argv.length === 0 || argv.some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(USAGE);
    return argv.length === 0 ? EXIT.usage : EXIT.ok;
  }
  try {
    const { values, positionals } = parse(argv);
    return await verifyFile(values, positionals);
  } catch (error) {
    return tellFailure('indelible-verify', error, EXIT.unusable);
  }
}

function parse(argv: readonly string[]): { values: CommandValues; positionals: string[] } {
  const string = { type: 'string' } as const;
  const options = { keys: string, checkpoint: string, 'expect-through': string, entry: string, report: string };
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new CommandError(EXIT.usage, `${(error as Error).message}; see --help`, { cause: error });
  }
}

if (isMainThread) {
  // Whoever reads the output may have gone, as `head` does; the exit code still tells.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = await main(process.argv.slice(2));
} else {
  await hashInThread();
}
