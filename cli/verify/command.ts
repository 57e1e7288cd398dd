// The command `verify` for what is in a file or a folder.
import { BundleError } from '../../core/bundle/error.ts';
import type { BundleOptions, BundleReport } from '../../core/bundle/verify.ts';
import type { Verdict } from '../../core/verify/finding.ts';
import { bar } from '../bar.ts';
import { parseDay } from '../day.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { writeWhole } from '../export/file.ts';
import { say } from '../terminal.ts';
import type { CommandValues } from '../values.ts';
import { isDocumentAt, openPath } from './container.ts';
import { verifyExport } from './export.ts';
import { readKeys, readOption, usable } from './input.ts';
import { type EvidenceKind, kindIn } from './kind.ts';
import { verifyProofFile } from './proof-command.ts';
import { reportJson, reportText, type Verified } from './report.ts';
import { verifyPath } from './run.ts';

const EXITS: Readonly<Record<Verdict, ExitCode>> = {
  intact: EXIT.ok,
  altered: EXIT.altered,
  missing: EXIT.missing,
  truncated: EXIT.truncated,
  incomplete: EXIT.incomplete,
  unconfirmed: EXIT.unconfirmed,
};

/** Verifies a bundle, an export or the proof of an entry from its bytes alone: no account, no network. */
export async function verifyFile(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) {
    throw new CommandError(
      EXIT.usage,
      'verify takes one file or folder, e.g. indelible verify bundle.zip --keys keys.txt',
    );
  }
  const kind = await kindOf(path);
  if (kind === 'export') return verifyExport({ ...values, export: path }, []);
  return kind === 'proof' ? verifyProofFile(values, path) : verifyBundle(values, path);
}

/** What is there to be verified; what is refused is so by whoever verifies bundles, in its words. */
async function kindOf(path: string): Promise<EvidenceKind> {
  try {
    if (await isDocumentAt(path)) return 'proof';
    const { container, close } = await openPath(path);
    await close();
    return kindIn(container);
  } catch (error) {
    if (error instanceof BundleError) return 'bundle';
    throw error;
  }
}

async function verifyBundle(values: CommandValues, path: string): Promise<ExitCode> {
  if (values.entry !== undefined) throw new CommandError(EXIT.usage, 'verify of a bundle does not take --entry');
  const expectThrough = parseDay(values['expect-through'], '--expect-through');
  const keys = values.keys === undefined ? undefined : await readKeys(values.keys);
  const known = values.checkpoint === undefined ? undefined : await readOption(values.checkpoint);
  const report = await usable(path, () =>
    withProgress(path, {
      now: new Date(),
      ...(keys === undefined ? {} : { keys }),
      ...(known === undefined ? {} : { known }),
      ...(expectThrough === undefined ? {} : { expectThrough }),
    }),
  );
  const verified: Verified = {
    ...{ bundle: path, keysFrom: values.keys, knownCheckpoint: values.checkpoint, expectThrough },
    ...{ verifiedAt: new Date(), report },
  };
  await show(verified, values.report);
  return EXITS[report.verdict];
}

async function withProgress(path: string, options: BundleOptions): Promise<BundleReport> {
  const progress = bar('verifying', 'positions', process.stderr);
  try {
    return await verifyPath(path, { ...options, onProgress: progress.update });
  } finally {
    progress.stop();
  }
}

async function show(verified: Verified, reportPath: string | undefined): Promise<void> {
  const text = reportText(verified);
  say(text);
  if (reportPath === undefined) return;
  await writeWhole(reportPath, (file) => file.writeFile(reportJson(verified)));
  await writeWhole(`${reportPath}.txt`, (file) => file.writeFile(text));
}
