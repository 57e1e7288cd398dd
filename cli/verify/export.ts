// The command `verify` for a downloaded export.
import { basename, dirname } from 'node:path';
import { EXPORT_FORMATS } from '#export-formats';
import { MANIFEST_FILE } from '../../core/export/manifest.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { say } from '../terminal.ts';
import type { CommandValues } from '../values.ts';
import { openPath } from './container.ts';
import { exportText } from './export-report.ts';
import { type ExportVerdict, verifyExportFiles } from './exported.ts';
import { demandKeys, readKeys, usable } from './input.ts';

const EXITS: Readonly<Record<ExportVerdict, ExitCode>> = {
  intact: EXIT.ok,
  altered: EXIT.altered,
  missing: EXIT.missing,
  incomplete: EXIT.incomplete,
};

/** Options of `verify` that say nothing of an export; one that is passed over would seem to have been heeded. */
const NOT_OF_EXPORTS = ['checkpoint', 'expect-through', 'report', 'entry', 'live', 'full', 'tenant'] as const;

/** Verifies a downloaded export from its files alone: no account, no network. */
export async function verifyExport(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  const path = values.export!;
  if (positionals.length > 0) throw new CommandError(EXIT.usage, 'verify --export takes the folder of one export');
  const other = NOT_OF_EXPORTS.find((name) => values[name] !== undefined);
  if (other !== undefined) throw new CommandError(EXIT.usage, `verify of an export does not take --${other}`);
  const keysFrom = demandKeys(values, 'an export');
  const keys = await readKeys(keysFrom);
  const place = basename(path) === MANIFEST_FILE ? dirname(path) : path;
  const report = await usable(place, async () => {
    const { container, close } = await openPath(place);
    try {
      return await verifyExportFiles(container, keys, EXPORT_FORMATS);
    } finally {
      await close();
    }
  });
  say(exportText(place, keysFrom, report));
  return EXITS[report.verdict];
}
