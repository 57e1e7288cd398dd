// What `verify` prints of an export.
import { toHex } from '../../core/crypto.ts';
import type { ExportManifest } from '../../core/export/manifest.ts';
import type { ProvenExport } from '../../core/export/verify.ts';
import { visible } from '../../core/visible.ts';
import type { ExportReport } from './exported.ts';

/** Names that a text spells out. */
const SPELLED = 50;

/** What is said of an export: `place` and `keysFrom` name it and its keys as they were given. */
export function exportText(place: string, keysFrom: string, report: ExportReport): string {
  const { verdict, findings, uncovered, manifest, proven } = report;
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
