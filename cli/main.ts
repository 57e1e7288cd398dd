// The command line: what its commands are, and how their failures are told.
import { parseArgs } from 'node:util';
import { demo } from './demo/command.ts';
import { CommandError, EXIT, type ExitCode } from './exit.ts';
import { exportBundle } from './export/command.ts';
import { tellFailure } from './failed.ts';
import { reindex } from './reindex.ts';
import { seal } from './seal.ts';
import { send } from './send/command.ts';
import { token } from './token.ts';
import { user } from './user.ts';
import type { CommandValues } from './values.ts';
import { verifyFile } from './verify/command.ts';
import { verifyExport } from './verify/export.ts';
import { verifyLive } from './verify-live.ts';

const USAGE = `indelible: a tamper-evident audit trail

  indelible demo [--tenant T]                           fill a tenant with a month of an invented office, to try things
      [--seed TEXT] [--days N] [--entries N]            out on (default tenant demo, 30 days, 1,500 entries); again adds nothing
  indelible token --tenant T --role R [--subject S]     a bearer token of the local issuer
  indelible send FILE... --tenant T [--token T]         post entries, or raw CloudTrail records, as NDJSON, JSON lists or
                                                        the files that CloudTrail writes (.gz too); again adds nothing
  indelible seal [--print] [--stage NAME]               seal what was recorded, wait, and say what is sealed; --print: the
                                                        whole checkpoint, to keep
  indelible export --tenant T --out FILE                a tenant's evidence in one file
      [--from DAY] [--to DAY] [--token T]               made by the deployment, and downloaded; --paged: put together
      [--paged] [--with-verifier]                       here of many answers; --with-verifier: the verifiers beside it
  indelible verify FILE                                 check a bundle or an export, packed or in a folder, or the proof of
                                                        an entry, from its bytes alone: no account, no network
      [--keys FILE]            verifier keys of the log, from elsewhere than the file
      [--checkpoint FILE]      a checkpoint that was kept: the evidence has to continue it
      [--expect-through DAY]   the newest digest has to be of this day or later
      [--entry FILE]           of a proof: the entry that it is said to be of
      [--report FILE]          of a bundle: what was checked and found, as JSON, and as text in FILE.txt
  indelible verify --live [--full] [--tenant T]         have the deployment verify what is new, or all of it, and wait
  indelible user add EMAIL --tenant T --role R          somebody who may sign in to the console of a deployment on AWS with a
      [--cases 'C1 C2'] --url URL                       user pool; several roles in quotes; prints their subject
  indelible reindex [--tenant T] [--stage NAME]         build the index anew from the ledger, after a change of facets

Options
  --url URL          the API              (default http://127.0.0.1:$PORT, PORT 8080)
  --aws-url URL      the AWS endpoint     (default http://127.0.0.1:$AWS_PORT, AWS_PORT 4566; 'aws' for AWS itself)
  --bus NAME         the application's event bus, for CloudTrail records
  --batch N          entries in one request, 1 to 500 (default 100)
  --stage NAME       the deployment       (default Indelible)

Exit codes: 0 all accepted or done, 1 some refused or failed, 2 wrong usage, 3 not reachable or not authorized,
130 interrupted. verify: 0 intact, 10 altered, 11 missing, 12 truncated, 13 incomplete, 14 no evidence at all,
15 expired under tombstones that nobody has signed for yet.
`;

type Command = (values: CommandValues, positionals: string[]) => Promise<ExitCode>;

const verify: Command = (values, positionals) => {
  if (values.export !== undefined) return verifyExport(values, positionals);
  return values.live === true ? verifyLive(values, positionals) : verifyFile(values, positionals);
};

const COMMANDS: Readonly<Record<string, Command>> = {
  ...{ demo, token, send, seal, export: exportBundle, verify, reindex, user },
};

/** Runs one command line and answers its exit code; errors a user can act on are one sentence on standard error. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || argv.some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(USAGE);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) throw new CommandError(EXIT.usage, `unknown command '${name}'; see 'indelible --help'`);
    const { values, positionals } = parse(rest);
    return await command(values, positionals);
  } catch (error) {
    return tellFailure('indelible', error, name === 'verify' ? EXIT.unusable : EXIT.refused);
  }
}

function parse(args: string[]): { values: CommandValues; positionals: string[] } {
  const string = { type: 'string' } as const;
  const boolean = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        tenant: string,
        role: string,
        subject: string,
        cases: string,
        token: string,
        url: string,
        'aws-url': string,
        bus: string,
        batch: string,
        seed: string,
        days: string,
        entries: string,
        print: boolean,
        stage: string,
        from: string,
        to: string,
        out: string,
        'with-verifier': boolean,
        keys: string,
        checkpoint: string,
        'expect-through': string,
        report: string,
        export: string,
        entry: string,
        live: boolean,
        full: boolean,
        paged: boolean,
      },
    });
  } catch (error) {
    throw new CommandError(EXIT.usage, `${(error as Error).message}; see 'indelible --help'`, { cause: error });
  }
}
