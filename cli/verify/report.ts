// What `verify` prints and writes.
import type { BundleReport } from '../../core/bundle/verify.ts';
import { formatVerifierKey, type VerifierKey } from '../../core/note/key.ts';
import type { ChainReport } from '../../core/verify/report.ts';
import { visible, visibleLines } from '../../core/visible.ts';
import { scopeOf } from '../../services/bundle/write.ts';
import { findingLines } from '../../services/verify/text.ts';

/** What was verified, with which keys, against what. */
export interface Verified {
  readonly bundle: string;
  readonly keysFrom: string | undefined;
  readonly knownCheckpoint: string | undefined;
  readonly expectThrough: string | undefined;
  readonly verifiedAt: Date;
  readonly report: BundleReport;
}

const REPORT_VERSION = 1;

export function reportJson({ report, verifiedAt, ...asked }: Verified): string {
  const { keys, ...rest } = report;
  const used = { from: keys.from, keys: keys.keys.map(formatVerifierKey) };
  const document = { v: REPORT_VERSION, kind: 'bundle-verification', verifiedAt, ...asked, ...rest, keys: used };
  // Its line feeds are its own; what is spelled out inside of a string is read back as it was.
  return visibleLines(`${JSON.stringify(document, undefined, 2)}\n`);
}

export function reportText(verified: Verified): string {
  const { report } = verified;
  const { log, manifest, chains } = report;
  const lines = [
    `${visible(verified.bundle)}: ${report.verdict}`,
    '',
    `tenant      ${report.tenant}`,
    `scope       ${scopeOf(manifest)}`,
    ...digestLines(verified),
    `checkpoint  ${log.origin}, ${log.size} digests, root ${log.root}`,
    ...knownLines(verified),
    ...keyLines(verified.keysFrom ?? 'the bundle itself', report.keys.keys),
    ...chains.map(chainLine),
    '',
    ...findingLines(report.findings, report.findingsLeftOut),
    ...warning(verified),
  ];
  return `${lines.join('\n')}\n`;
}

function digestLines({ report: { digests }, expectThrough }: Verified): string[] {
  if (digests === undefined) return ['digests     none'];
  const { first, last, firstSealedAt, lastSealedAt, nextBy } = digests;
  const expected = expectThrough === undefined ? '' : `, expected through ${expectThrough}`;
  return [
    `digests     ${first} to ${last}, sealed ${firstSealedAt} to ${lastSealedAt}${expected}`,
    `            the next one was due by ${nextBy}`,
  ];
}

function knownLines({ knownCheckpoint }: Verified): string[] {
  return knownCheckpoint === undefined ? [] : [`known       the checkpoint in ${visible(knownCheckpoint)}`];
}

/** Where keys are from, and which they are. */
export function keyLines(from: string, keys: readonly VerifierKey[]): string[] {
  return [`keys        from ${visible(from)}`, ...keys.map((key) => `            ${keyLine(key)}`)];
}

function keyLine({ name, id, type }: VerifierKey): string {
  return `${name}+${id.toString(16).padStart(8, '0')} (${type})`;
}

function chainLine({ chain, size, from, through, tally }: ChainReport): string {
  const { intact, expired, missing, altered, unconfirmed } = tally;
  const what = from === through ? 'no entries in scope' : `positions ${from} to ${through - 1}`;
  const pending = unconfirmed === undefined ? '' : ` ${unconfirmed} expired and not sealed yet,`;
  const states = `${intact} intact, ${expired} expired,${pending} ${missing} missing, ${altered} altered`;
  return `chain ${String(chain).padEnd(5)} ${what} of ${size}: ${states}`;
}

function warning({ report: { keys } }: Verified): string[] {
  if (keys.from === 'given') return [];
  return [
    '',
    'WARNING: the keys came with the bundle. Whoever could change the bundle could change them too, so this proves',
    'only that the bundle agrees with itself. Verify again with --keys and the keys of the log from elsewhere.',
  ];
}
