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
  const unspelled = findings.length - Math.min(findings.length, SPELLED) + findingsLeftOut;
  const lines = [
    verdict,
    '',
    `verification ${id}, ${mode}, started at ${startedAt}`,
    newest === undefined ? 'nothing is sealed' : `checked up to seal ${newest.seal}, for ${count(tenants, 'tenant')}`,
    ...byVerdict.slice(0, LISTED).map(tenantLine),
    ...(tenants.length > LISTED ? [`and ${tenants.length - LISTED} tenants more`] : []),
    '',
    findings.length === 0 ? 'no findings' : count(findings, 'finding', findingsLeftOut),
    ...findings.slice(0, SPELLED).map(findingLines),
    ...(unspelled > 0 ? [`and ${unspelled} more`] : []),
    '',
  ];
  return lines.join('\n');
}

function tenantLine({ tenant, verdict, after, through, tally, notes }: Checked): string {
  const { entries, intact, expired, missing, altered } = tally;
  const from = after === undefined ? 'the first digest' : `digest ${after.number + 1}`;
  const range = through === undefined ? 'no digest' : `${from} to ${through.number}`;
  const states = `${intact} intact, ${expired} expired, ${missing} missing, ${altered} altered`;
  return [`${tenant}: ${verdict}; ${range}; ${entries} entries: ${states}`, ...notes.map((note) => `  ${note}`)].join(
    '\n',
  );
}

function findingLines(found: LiveFinding): string {
  const { code, verdict, expected, found: got } = found;
  return `${verdict} (${code}): ${placeOf(found)}\n  expected ${expected}\n  found ${got}`;
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
  return parts.join(', ');
}

function count(items: readonly unknown[], what: string, more = 0): string {
  const total = items.length + more;
  return `${total} ${what}${total === 1 ? '' : 's'}`;
}
