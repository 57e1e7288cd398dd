// Ends a verification: the report, the alert, every tenant's own report.
import { DOCUMENT_VERSION } from '../../core/documents/codec.ts';
import { type Verdict, worst } from '../../core/verify/finding.ts';
import { reportKey } from '../../names/verify.ts';
import { alertPeople } from './announce.ts';
import { VERIFICATION_PLAN, VERIFICATION_REPORT, type VerificationPlan, type VerificationReport } from './documents.ts';
import { type Gathered, gather } from './gather.ts';
import { notifyTenants } from './notify-tenants.ts';
import type { VerifyPorts } from './port.ts';
import { putArtifact, readArtifact } from './step-artifacts.ts';
import type { FinalizeInput, FinalizeOutput, StoredDocument } from './steps.ts';
import { reportText } from './text.ts';

/** Of the text that an execution ends with; Step Functions takes 32,768 characters of cause, spelled as JSON. */
const MAX_TEXT = 12_000;

/** What a slice keeps of its time for those tenants that it is telling. */
const RESERVE_MS = 30_000;

/**
 * Puts together what the shards found, keeps it, and tells of it: people first, then every tenant, of whom there may be
 * more than there is time for in one run. Whatever it was given decides every byte that it keeps, so that dying anywhere
 * and doing it again ends in the same; what it tells people, it may tell twice, and records once.
 */
export async function finalizeVerification(
  { id, plan, results, cursor }: FinalizeInput,
  ports: VerifyPorts,
  timeLeft: () => number,
): Promise<FinalizeOutput> {
  const whole =
    cursor === null
      ? await reportOf(await readArtifact(ports, VERIFICATION_PLAN, plan), results, ports)
      : await readArtifact(ports, VERIFICATION_REPORT, cursor.report);
  const text = reportText(whole);
  const stored = cursor?.report ?? (await keepReport(whole, text, ports));
  const next = await notifyTenants(whole, cursor?.next ?? 0, ports, () => timeLeft() < RESERVE_MS);
  return { ...outcome(id, whole, stored, text), done: next === whole.tenants.length, cursor: { report: stored, next } };
}

async function reportOf(
  plan: VerificationPlan,
  results: FinalizeInput['results'],
  ports: VerifyPorts,
): Promise<VerificationReport> {
  return joined(plan, await gather(plan, results, ports));
}

function joined(plan: VerificationPlan, gathered: Gathered): VerificationReport {
  const { tenants, logVerdict, findings, findingsLeftOut } = gathered;
  const { id, mode, startedAt, newest, firstSeal } = plan;
  const verdict = tenants.reduce<Verdict>((sofar, one) => worst(sofar, one.verdict), logVerdict);
  return {
    ...{ v: DOCUMENT_VERSION, kind: 'verification-report', id, mode, startedAt, firstSeal, logVerdict, verdict },
    ...(newest === undefined ? {} : { newest }),
    ...{ tenants: [...tenants], findings: [...findings], findingsLeftOut },
  };
}

/** For whoever runs the deployment, who is shown where it is. */
async function keepReport(report: VerificationReport, text: string, ports: VerifyPorts): Promise<StoredDocument> {
  const { id } = report;
  await putArtifact(ports, reportKey(id, 'txt'), new TextEncoder().encode(text), 'text/plain; charset=utf-8');
  const stored = await putArtifact(ports, reportKey(id, 'json'), VERIFICATION_REPORT.format(report));
  await alertPeople(report, stored.key, ports);
  return stored;
}

function outcome(id: string, { verdict }: VerificationReport, report: StoredDocument, whole: string) {
  const text = whole.length <= MAX_TEXT ? whole : `${whole.slice(0, MAX_TEXT)}…\n`;
  // Only bundles carry what no digest has sealed; here it is looked up, and what it excuses is a note.
  const shown = verdict === 'unconfirmed' ? 'incomplete' : verdict;
  return { id, verdict: shown, report, text, cause: JSON.stringify({ id, verdict: shown, report: report.key, text }) };
}
