import type { Verdict } from '../../core/verify/finding.ts';
import { inParallel } from '../archive/parallel.ts';
import { recordSystemEntry } from '../record/record.ts';
import type { TenantReport, VerificationReport } from './documents.ts';
import type { VerifyPorts } from './port.ts';
import { placeOf } from './text.ts';

/** Entries that are recorded at the same time. */
const ENTRIES_AT_ONCE = 8;

/** Findings that a message spells out: enough to know where to look first. */
const SPELLED = 5;

/** SNS takes 100 characters of subject. */
const SUBJECT = 'Indelible: verification found';

const RECORDER = { type: 'system', id: 'indelible/verify' } as const;

interface Announced {
  readonly report: VerificationReport;
  /** Of the report. */
  readonly key: string;
  readonly tenants: readonly TenantReport[];
}

type Outcome = 'passed' | 'failed' | 'incomplete';

/** People first: that the trail can't be written must not keep them from hearing of it. */
export async function announce({ report, key, tenants }: Announced, ports: VerifyPorts): Promise<void> {
  ports.onOutcome(outcomeOf(report.verdict));
  if (report.verdict !== 'intact') await ports.alerts.publish(`${SUBJECT} ${report.verdict}`, message(report, key));
  await inParallel(tenants, ENTRIES_AT_ONCE, (tenant) => record(tenant, ports));
}

function outcomeOf(verdict: Verdict): Outcome {
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

/** The same however often it is told, and so recorded once. */
async function record(report: TenantReport, { recording }: VerifyPorts): Promise<void> {
  const { id, tenant, mode, verdict, startedAt, after, through, tally, findings, findingsLeftOut } = report;
  const { entries, intact, expired, missing, altered } = tally;
  await recordSystemEntry(recording, {
    ...{ tenant, recorder: RECORDER, occurrence: `verify/${id}`, occurredAt: new Date(startedAt) },
    input: {
      action: `verification.${outcomeOf(verdict)}`,
      actor: { type: 'system', id: RECORDER.id },
      target: { type: 'verification', id },
      metadata: {
        ...{ mode, verdict, findings: findings.length + findingsLeftOut },
        ...(after === undefined ? {} : { afterDigest: after.number }),
        ...(through === undefined ? {} : { throughDigest: through.number }),
        ...{ entries, intact, expired, missing, altered },
      },
    },
  });
}
