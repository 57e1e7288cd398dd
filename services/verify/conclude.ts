import { DOCUMENT_VERSION } from '../../core/documents/codec.ts';
import { type Verdict, worst } from '../../core/verify/finding.ts';
import {
  type ConcludeInput,
  type ConcludeOutput,
  reportKey,
  type StoredDocument,
  tenantReportKey,
} from '../../names/verify.ts';
import { inParallel } from '../archive/parallel.ts';
import { announce } from './announce.ts';
import {
  type Checked,
  TENANT_REPORT,
  type TenantReport,
  VERIFICATION_PLAN,
  VERIFICATION_REPORT,
  type VerificationPlan,
  type VerificationReport,
} from './documents.ts';
import { type Gathered, gather } from './gather.ts';
import { keepPaper, readPaper } from './papers.ts';
import type { VerifyPorts } from './port.ts';
import { reportText } from './text.ts';

/** Findings in a tenant's own report. */
const TENANT_FINDINGS = 1_000;

/** Reports of tenants that are written at the same time; S3 answers one in some 30 ms. */
const REPORTS_AT_ONCE = 16;

/** Of the text that an execution ends with; Step Functions takes 32,768 characters of cause, spelled as JSON. */
const MAX_TEXT = 12_000;

/**
 * Puts together what the shards found, keeps it, and tells of it. Whatever it was given decides every byte that it keeps,
 * so that dying anywhere and doing it again ends in the same; what it tells, it may tell twice, and records once.
 */
export async function concludeVerification(input: ConcludeInput, ports: VerifyPorts): Promise<ConcludeOutput> {
  const { id } = input;
  const plan = await readPaper(ports, VERIFICATION_PLAN, input.plan);
  const report = reportOf(plan, await gather(plan, input.results, ports));
  const tenants = report.tenants.map((checked) => ofTenant(report, checked));
  await inParallel(tenants, REPORTS_AT_ONCE, async (one) => {
    await keepPaper(ports, tenantReportKey(one.tenant, id), TENANT_REPORT.format(one));
  });
  const text = reportText(report);
  await keepPaper(ports, reportKey(id, 'txt'), new TextEncoder().encode(text), 'text/plain; charset=utf-8');
  const stored = await keepPaper(ports, reportKey(id, 'json'), VERIFICATION_REPORT.format(report));
  await announce({ report, key: stored.key, tenants }, ports);
  return outcome(report, stored, text);
}

function reportOf(plan: VerificationPlan, { tenants, logVerdict, findings, findingsLeftOut }: Gathered) {
  const { id, mode, startedAt, newest, firstSeal } = plan;
  const verdict = tenants.reduce<Verdict>((sofar, one) => worst(sofar, one.verdict), logVerdict);
  const report: VerificationReport = {
    ...{ v: DOCUMENT_VERSION, kind: 'verification-report', id, mode, startedAt, firstSeal, logVerdict, verdict },
    ...(newest === undefined ? {} : { newest }),
    ...{ tenants: [...tenants], findings: [...findings], findingsLeftOut },
  };
  return report;
}

/** What concerns one tenant: its own, and what is found about the log that all share. Of others it says nothing. */
function ofTenant(report: VerificationReport, checked: Checked): TenantReport {
  const { id, mode, startedAt, newest, logVerdict, findings } = report;
  const own = findings.filter(({ tenant }) => tenant === undefined || tenant === checked.tenant);
  return {
    ...{ v: DOCUMENT_VERSION, kind: 'tenant-verification', id, mode, startedAt },
    ...(newest === undefined ? {} : { newest }),
    ...checked,
    verdict: worst(checked.verdict, logVerdict),
    ...{ findings: own.slice(0, TENANT_FINDINGS), findingsLeftOut: Math.max(0, own.length - TENANT_FINDINGS) },
  };
}

function outcome({ id, verdict }: VerificationReport, report: StoredDocument, whole: string): ConcludeOutput {
  const text = whole.length <= MAX_TEXT ? whole : `${whole.slice(0, MAX_TEXT)}…\n`;
  // Only bundles carry what no digest has sealed; here it is looked up, and what it excuses is a note.
  const told = verdict === 'unconfirmed' ? 'incomplete' : verdict;
  return { id, verdict: told, report, text, cause: JSON.stringify({ id, verdict: told, report: report.key, text }) };
}
