// The report of a verification as text.
import { visible } from '../../core/visible.ts';
import type { Checked, VerificationReport } from './documents.ts';
import type { LiveFinding } from './finding.ts';

/** Findings that a text spells out; the JSON has all that were kept. */
const SPELLED = 50;

/** Tenants that a text lists, those with findings first. */
const LISTED = 200;

/** The report for people: what was checked, what was found, and where. */
export function reportText(report: VerificationReport): string {
  const { id, mode, startedAt, verdict, newest, tenants, findings, findingsLeftOut } = report;
  const byVerdict = tenants.toSorted((a, b) => Number(a.verdict === 'intact') - Number(b.verdict === 'intact'));
  const lines = [
    `${id}: ${verdict}`,
    '',
    `mode        ${mode}, started at ${startedAt}`,
    `checked     ${newest === undefined ? 'nothing is sealed' : `up to seal ${newest.seal}`}`,
    ...byVerdict.slice(0, LISTED).flatMap(tenantLines),
    ...(tenants.length > LISTED ? [`and ${tenants.length - LISTED} tenants more`] : []),
    '',
    ...findingLines(findings, findingsLeftOut),
    '',
  ];
  return lines.join('\n');
}

function tenantLines({ tenant, verdict, after, through, tally, notes }: Checked): string[] {
  const { intact, expired, missing, altered } = tally;
  const first = after === undefined ? 0 : after.number + 1;
  const range =
    through === undefined || through.number < first ? 'no new digest' : `digests ${first} to ${through.number}`;
  const states = `${intact} intact, ${expired} expired, ${missing} missing, ${altered} altered`;
  return [
    `tenant      ${tenant}: ${verdict}; ${range}: ${states}`,
    ...notes.map((note) => `            ${visible(note)}`),
  ];
}

/** What was found, in the words of every report: the first ones, and how many more there are. */
export function findingLines(findings: readonly LiveFinding[], leftOut: number): string[] {
  const count = findings.length + leftOut;
  if (count === 0) return ['no findings'];
  const more = count - Math.min(SPELLED, findings.length);
  return [
    `${count} finding${count === 1 ? '' : 's'}`,
    ...findings.slice(0, SPELLED).map(findingText),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function findingText(found: LiveFinding): string {
  const { code, verdict, expected, found: got } = found;
  return `  ${verdict} (${code}): ${placeOf(found)}\n    expected ${visible(expected)}\n    found    ${visible(got)}`;
}

/** Where a finding is, in words. */
export function placeOf({ tenant, chain, first, last, seal, digest, object }: LiveFinding): string {
  const positions = first === last ? `position ${first}` : `positions ${first} to ${last}`;
  const parts = [
    tenant ?? 'the digest log',
    ...(chain === undefined ? [] : [`chain ${chain}`]),
    ...(first === undefined ? [] : [positions]),
    ...(digest === undefined ? [] : [`digest ${digest}`]),
    ...(seal === undefined ? [] : [`seal ${seal}`]),
    ...(object === undefined ? [] : [object]),
  ];
  return visible(parts.join(', '));
}
