// Routes of /v1/verifications: reports of the daily and weekly verification.
import { type OperationName, rolesOf } from '../../../core/access/policy.ts';
import { PATHS } from '../../../names/api.ts';
import type { EvidenceStore } from '../../../services/object-lock/port.ts';
import type { TenantReport } from '../../../services/verify/documents.ts';
import { listReports, readReport } from '../../../services/verify/reports.ts';
import { DEFAULT_PAGE, VERIFICATION_OPERATIONS } from '../operations/verifications.ts';
import { type Caller, type ClaimNames, callerOf, requireRole } from '../shared/caller.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { idOf, queryOf } from '../shared/parameters.ts';
import { Problem } from '../shared/problem.ts';
import { type Answers, byRoute } from '../shared/routes.ts';

export interface VerificationsApi {
  readonly store: EvidenceStore;
  readonly claims: ClaimNames;
}

/**
 * /v1/verifications: what was verified of the caller's own tenant, and what was found. Of others nothing is said. Reports
 * hold verdicts, positions and hashes, and nothing of any entry, so that reading them is no access to record.
 */
export function verifications(api: VerificationsApi): Answers {
  return byRoute(VERIFICATION_OPERATIONS, {
    [`GET ${PATHS.verifications}`]: (event) => list(api, event),
    [`GET ${PATHS.verification}`]: (event) => one(api, event),
  });
}

async function list({ store, claims }: VerificationsApi, event: HttpEvent): Promise<HttpResponse> {
  const caller = callerFor('listVerifications', event, claims);
  const { after, limit = DEFAULT_PAGE } = queryOf(event, VERIFICATION_OPERATIONS.listVerifications.query);
  const { reports, more } = await listReports(store, caller.tenant, limit, after);
  return json(200, JSON.stringify({ verifications: reports.map(summary), next: more ? reports.at(-1)!.id : null }));
}

async function one({ store, claims }: VerificationsApi, event: HttpEvent): Promise<HttpResponse> {
  const caller = callerFor('readVerification', event, claims);
  const report = await readReport(store, caller.tenant, idOf(event));
  if (report === undefined) throw new Problem('not-found', 'There is no verification of this id.');
  const { findings, findingsLeftOut, notes } = report;
  return json(200, JSON.stringify({ ...summary(report), notes, findings, findingsLeftOut }));
}

function callerFor(operation: OperationName, event: HttpEvent, claims: ClaimNames): Caller {
  const caller = callerOf(event, claims);
  requireRole(caller, rolesOf(operation));
  return caller;
}

/** Digests by number, both included; `firstDigest` is beyond `lastDigest` when there was no new one. */
function summary({
  id,
  mode,
  startedAt,
  verdict,
  newest,
  after,
  through,
  tally,
  findings,
  findingsLeftOut,
}: TenantReport) {
  return {
    ...{ id, mode, startedAt, verdict, seal: newest?.seal ?? null },
    ...{ firstDigest: after === undefined ? 0 : after.number + 1, lastDigest: through?.number ?? null },
    ...{ entries: tally, findingCount: findings.length + findingsLeftOut },
  };
}
