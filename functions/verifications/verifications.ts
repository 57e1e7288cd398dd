import { PATHS, type Role } from '../../names/api.ts';
import { isVerificationId } from '../../names/verify.ts';
import type { EvidenceStore } from '../../services/evidence/port.ts';
import type { TenantReport } from '../../services/verify/documents.ts';
import { listReports, readReport } from '../../services/verify/reports.ts';
import { type ClaimNames, callerOf, requireRole } from '../shared/caller.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { queryNumber } from '../shared/numbers.ts';
import { Problem } from '../shared/problem.ts';
import { type Answers, byRoute } from '../shared/routes.ts';

export interface VerificationsApi {
  readonly store: EvidenceStore;
  readonly claims: ClaimNames;
}

/** Reports hold verdicts, positions and hashes, and nothing of any entry: those who run the system may read them too. */
const READERS: readonly Role[] = ['compliance', 'auditor', 'admin', 'operator'];

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;

/** /v1/verifications: what was verified of the caller's own tenant, and what was found. Of others nothing is said. */
export function verifications(api: VerificationsApi): Answers {
  return byRoute({
    [`GET ${PATHS.verifications}`]: (event) => list(api, event),
    [`GET ${PATHS.verification}`]: (event) => one(api, event),
  });
}

async function list({ store, claims }: VerificationsApi, event: HttpEvent): Promise<HttpResponse> {
  const caller = callerOf(event, claims);
  requireRole(caller, READERS);
  const after = event.queryStringParameters?.after;
  if (after !== undefined && !isVerificationId(after)) {
    throw new Problem('invalid-query', 'The after has to be the id of a verification.');
  }
  const limit = queryNumber(event, 'limit', LARGEST_PAGE) ?? DEFAULT_PAGE;
  if (limit === 0) throw new Problem('invalid-query', `The limit has to be from 1 to ${LARGEST_PAGE}.`);
  const { reports, more } = await listReports(store, caller.tenant, limit, after);
  return json(200, JSON.stringify({ verifications: reports.map(summary), next: more ? reports.at(-1)!.id : null }));
}

async function one({ store, claims }: VerificationsApi, event: HttpEvent): Promise<HttpResponse> {
  const caller = callerOf(event, claims);
  requireRole(caller, READERS);
  const report = await readReport(store, caller.tenant, event.pathParameters?.id ?? '');
  if (report === undefined) throw new Problem('not-found', 'There is no verification of this id.');
  const { findings, findingsLeftOut, notes } = report;
  return json(200, JSON.stringify({ ...summary(report), notes, findings, findingsLeftOut }));
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
