// Lists and reads a tenant's reports.
import { isVerificationId, tenantReportKey, tenantReportsPrefix } from '../../names/verify.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import { TENANT_REPORT, type TenantReport } from './documents.ts';
import { artifactsUnder } from './step-artifacts.ts';

/** A tenant's reports, newest first, older than the one with that id if there is one. */
export async function listReports(
  store: EvidenceStore,
  tenant: string,
  limit: number,
  olderThan?: string,
): Promise<{ readonly reports: readonly TenantReport[]; readonly more: boolean }> {
  const after = olderThan === undefined ? undefined : tenantReportKey(tenant, olderThan);
  const reports: TenantReport[] = [];
  for await (const report of artifactsUnder(store, TENANT_REPORT, tenantReportsPrefix(tenant), after)) {
    if (report.tenant !== tenant) continue;
    if (reports.length === limit) return { reports, more: true };
    reports.push(report);
  }
  return { reports, more: false };
}

/** What a verification found of the tenant; undefined when there is no such one, or it was not about the tenant. */
export async function readReport(store: EvidenceStore, tenant: string, id: string): Promise<TenantReport | undefined> {
  if (!isVerificationId(id)) return undefined;
  for await (const report of artifactsUnder(store, TENANT_REPORT, tenantReportKey(tenant, id))) {
    if (report.tenant === tenant && report.id === id) return report;
  }
  return undefined;
}
