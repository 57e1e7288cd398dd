// The command `verify` for a downloaded export.
import { basename, dirname } from 'node:path';
import { EXPORT_FORMATS } from '../../adapters/export/formats.ts';
import { toHex } from '../../core/crypto.ts';
import { type ExportManifest, MANIFEST_FILE } from '../../core/export/manifest.ts';
import type { ProvenExport } from '../../core/export/verify.ts';
import { visible } from '../../core/visible.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { say } from '../terminal.ts';
import type { CommandValues } from '../values.ts';
import { openPath } from './container.ts';
import { type ExportReport, type ExportVerdict, verifyExportFiles } from './exported.ts';
import { readKeys, usable } from './input.ts';

const EXITS: Readonly<Record<ExportVerdict, ExitCode>> = {
  intact: EXIT.ok,
  altered: EXIT.altered,
  missing: EXIT.missing,
  incomplete: EXIT.incomplete,
};

/** Options of `verify` that say nothing of an export; one that is passed over would seem to have been heeded. */
const NOT_OF_EXPORTS = ['checkpoint', 'expect-through', 'report', 'live', 'full', 'tenant'] as const;

/** Verifies a downloaded export from its files alone: no account, no network. */
export async function verifyExport(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  const path = values.export!;
  if (positionals.length > 0) throw new CommandError(EXIT.usage, 'verify --export takes the folder of one export');
  const other = NOT_OF_EXPORTS.find((name) => values[name] !== undefined);
  if (other !== undefined) throw new CommandError(EXIT.usage, `verify --export does not take --${other}`);
  if (values.keys === undefined) {
    const where = 'the verifier keys of the log, which have to come from elsewhere than the export';
    throw new CommandError(EXIT.usage, `verify --export needs --keys FILE: ${where}`);
  }
  const keys = await readKeys(values.keys);
  const place = basename(path) === MANIFEST_FILE ? dirname(path) : path;
  const report = await usable(place, async () => {
    const { container, close } = await openPath(place);
    try {
      return await verifyExportFiles(container, keys, EXPORT_FORMATS);
    } finally {
      await close();
    }
  });
  say(reportText(place, values.keys, report));
  return EXITS[report.verdict];
}

/** Names that a text spells out. */
const SPELLED = 50;

function reportText(place: string, keysFrom: string, { verdict, findings, uncovered, manifest, proven }: ExportReport) {
  const names = uncovered.slice(0, SPELLED).map((name) => `            ${visible(name)}`);
  const more = uncovered.length - names.length;
  const shown = verdict === 'altered' || verdict === 'missing' ? [] : provenLines(manifest, proven);
  const lines = [
    `${visible(place)}: ${verdict}`,
    '',
    ...findings.map((finding) => visible(finding)),
    ...(findings.length > 0 ? [''] : []),
    ...(uncovered.length > 0 ? ['not covered', ...names] : []),
    ...(more > 0 ? [`            and ${more} more`] : []),
    ...shown,
    `keys        ${visible(keysFrom)}`,
    ...unsignedLines(manifest),
    ...gapLines(manifest),
    '',
    'An export is a selection: it does not show that nothing was left out. A bundle (indelible export) does.',
  ];
  return `${lines.join('\n')}\n`;
}

/** What the export says of itself that it lacks, or has from the archive. */
function gapLines({ gaps = [] }: ExportManifest): string[] {
  const lines = gaps.slice(0, SPELLED).map(({ chain, first, last, reason, recovered }) => {
    const what = recovered === true ? 'taken from the archive' : 'not in the export';
    return `            chain ${chain}, positions ${first} to ${last}: ${reason} in the ledger, ${what}`;
  });
  const more = gaps.length - lines.length;
  if (lines.length === 0) return [];
  return ['gaps', ...lines, ...(more > 0 ? [`            and ${more} more`] : [])];
}

/** What the checkpoint's signatures reach. */
function provenLines({ files, rows, format }: ExportManifest, proven: ProvenExport | undefined): string[] {
  if (proven === undefined) return ['proven      nothing'];
  const { checkpoint, digest, sealed } = proven;
  return [
    `tenant      ${digest.tenant}`,
    `proven      ${sealed} of ${rows} rows, each at its place in the tenant's chains`,
    `files       ${files.length} of ${visible(format)}, compared with their entries`,
    `digest      ${digest.number}, sealed ${digest.sealedAt}`,
    `checkpoint  ${visible(checkpoint.origin)}, ${checkpoint.size} digests, root ${toHex(checkpoint.root)}`,
  ];
}

function unsignedLines({ tenant, id, createdAt, createdBy, query, filter, from, to }: ExportManifest): string[] {
  return [
    '',
    'Said by its manifest, which nothing signs:',
    `tenant      ${tenant}`,
    `export      ${visible(id)}, made ${createdAt} for ${visible(createdBy)}`,
    `query       ${query === '' ? 'everything' : visible(query)}`,
    ...(filter === '' ? [] : [`of          ${visible(filter)}`]),
    `recorded    ${from} to ${to}`,
  ];
}
