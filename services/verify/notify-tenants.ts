// Keeps each tenant's own report of a verification, and has it recorded.
import { DOCUMENT_VERSION } from '../../core/documents/codec.ts';
import { worst } from '../../core/verify/finding.ts';
import { tenantReportKey } from '../../names/verify.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { type Checked, TENANT_REPORT, type TenantReport, type VerificationReport } from './documents.ts';
import type { LiveFinding } from './finding.ts';
import { recordOutcome } from './notification-entries.ts';
import type { VerifyPorts } from './port.ts';
import { putArtifact } from './step-artifacts.ts';

/** Findings in a tenant's own report. */
const TENANT_FINDINGS = 1_000;

/** Tenants that are shown at the same time: each takes two requests of S3 and a write of the ledger. */
const TENANTS_AT_ONCE = 32;

/** Between two looks at the time. */
const TENANTS_A_ROUND = 8 * TENANTS_AT_ONCE;

/** Keeps every tenant's own report and records it in its trail, from the `from`-th on; returns which one is next. */
export async function notifyTenants(
  report: VerificationReport,
  from: number,
  ports: VerifyPorts,
  isOver: () => boolean,
): Promise<number> {
  const { tenants } = report;
  const findings = Map.groupBy(report.findings, ({ tenant }) => tenant);
  for (let next = from; next < tenants.length; next += TENANTS_A_ROUND) {
    // At least one round each time, so that every run comes further.
    if (next > from && isOver()) return next;
    await inParallel(tenants.slice(next, next + TENANTS_A_ROUND), TENANTS_AT_ONCE, async (checked) => {
      const own = ofTenant(report, checked, findings);
      const stored = await putArtifact(ports, tenantReportKey(own.tenant, own.id), TENANT_REPORT.format(own));
      await recordOutcome(own, stored, ports);
    });
  }
  return tenants.length;
}

/** What concerns one tenant: its own, and what is found about the log that all share. Of others it says nothing. */
function ofTenant(
  { id, mode, startedAt, newest, logVerdict }: VerificationReport,
  checked: Checked,
  findings: ReadonlyMap<string | undefined, readonly LiveFinding[]>,
): TenantReport {
  const own = [...(findings.get(undefined) ?? []), ...(findings.get(checked.tenant) ?? [])];
  return {
    ...{ v: DOCUMENT_VERSION, kind: 'tenant-verification', id, mode, startedAt },
    ...(newest === undefined ? {} : { newest }),
    ...checked,
    verdict: worst(checked.verdict, logVerdict),
    ...{ findings: own.slice(0, TENANT_FINDINGS), findingsLeftOut: Math.max(0, own.length - TENANT_FINDINGS) },
  };
}
