// Alerts people to the outcome of a verification.
import type { Verdict } from '../../core/verify/finding.ts';
import type { VerificationReport } from './documents.ts';
import type { VerifyPorts } from './port.ts';
import { placeOf } from './text.ts';

/** Findings that a message spells out: enough to know where to look first. */
const SPELLED = 5;

/** SNS takes 100 characters of subject. */
const SUBJECT = 'Indelible: verification found';

export type Outcome = 'passed' | 'failed' | 'incomplete';

/** Before the trail is told: that it can't be written must not keep people from hearing of it. */
export async function alertPeople(report: VerificationReport, key: string, ports: VerifyPorts): Promise<void> {
  ports.onOutcome(outcomeOf(report.verdict));
  if (report.verdict !== 'intact') await ports.alerts.publish(`${SUBJECT} ${report.verdict}`, message(report, key));
}

export function outcomeOf(verdict: Verdict): Outcome {
  if (verdict === 'intact') return 'passed';
  return verdict === 'incomplete' ? 'incomplete' : 'failed';
}

/** What, where, and what to do; never what an entry holds. */
function message({ verdict, mode, startedAt, findings, findingsLeftOut }: VerificationReport, key: string): string {
  const more = findings.length + findingsLeftOut - Math.min(SPELLED, findings.length);
  return [
    `The ${mode} verification started at ${startedAt} found: ${verdict}.`,
    '',
    ...findings.slice(0, SPELLED).map((found) => `${found.verdict} (${found.code}): ${placeOf(found)}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    '',
    `Report: ${key}`,
    `Runbook: "${outcomeOf(verdict) === 'failed' ? 'Verification failed' : 'Verification incomplete'}"`,
    '',
  ].join('\n');
}
