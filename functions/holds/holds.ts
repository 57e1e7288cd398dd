import { sha256, toHex } from '../../core/crypto.ts';
import { DEFAULT_LIMITS, type Limits } from '../../core/limits.ts';
import type { Role } from '../../names/api.ts';
import { applyHold, type HoldPorts, releaseHold } from '../../services/hold/apply.ts';
import type { Hold } from '../../services/hold/fold.ts';
import { readBody } from '../shared/body.ts';
import { type Caller, type ClaimNames, callerOf, recorderOf, requireRole } from '../shared/caller.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { idempotencyKey } from '../shared/idempotency.ts';
import { Problem } from '../shared/problem.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import { readHold, readRelease } from './body.ts';

export interface HoldsApi {
  readonly ports: HoldPorts;
  readonly claims: ClaimNames;
  readonly newId: () => string;
}

const MANAGERS: readonly Role[] = ['compliance', 'admin'];
const READERS: readonly Role[] = ['compliance', 'admin', 'auditor'];

/** A reason and a scope are some kilobytes. */
export const HOLD_LIMITS: Limits = { ...DEFAULT_LIMITS, bodyBytes: 65_536 };

const STATUSES = ['active', 'released'] as const;

/** /v1/holds in the caller's own tenant: the path can't name another. */
export function holds(api: HoldsApi): Answers {
  return byRoute({
    'POST /v1/holds': (event) => apply(api, event),
    'GET /v1/holds': (event) => list(api, event),
    'POST /v1/holds/{id}/release': (event) => release(api, event),
  });
}

async function apply({ ports, claims, newId }: HoldsApi, event: HttpEvent): Promise<HttpResponse> {
  const caller = callerOf(event, claims);
  const role = requireRole(caller, MANAGERS);
  const key = idempotencyKey(event.headers['idempotency-key']);
  const { reason, scope } = readHold(readBody(event, HOLD_LIMITS));
  const id = key === undefined ? newId() : keyedId(caller, key);
  const request = { tenant: caller.tenant, id, reason, by: caller.subject, recorder: recorderOf(caller, role), scope };
  return answer(201, await applyHold(ports, request));
}

async function list({ ports, claims }: HoldsApi, event: HttpEvent): Promise<HttpResponse> {
  const caller = callerOf(event, claims);
  requireRole(caller, READERS);
  const status = event.queryStringParameters?.status;
  if (status !== undefined && !STATUSES.some((one) => one === status)) {
    throw new Problem('invalid-query', `The status has to be ${STATUSES.join(' or ')}.`);
  }
  const { holds: all } = await ports.events.read(caller.tenant);
  const views = all.map(viewOf).filter((view) => status === undefined || view.status === status);
  return json(200, JSON.stringify({ holds: views }));
}

async function release({ ports, claims }: HoldsApi, event: HttpEvent): Promise<HttpResponse> {
  const caller = callerOf(event, claims);
  const role = requireRole(caller, MANAGERS);
  const repeatable = idempotencyKey(event.headers['idempotency-key']) !== undefined;
  const { reason } = readRelease(readBody(event, HOLD_LIMITS));
  const id = event.pathParameters?.id ?? '';
  const { tenant, subject: by } = caller;
  return answer(
    200,
    await releaseHold(ports, { tenant, id, reason, by, recorder: recorderOf(caller, role), repeatable }),
  );
}

/** The same key is the same hold, for ever: its event is never forgotten. */
function keyedId({ tenant }: Caller, key: string): string {
  const digest = toHex(sha256(new TextEncoder().encode(JSON.stringify([tenant, key]))));
  return `k-${digest.slice(0, 32)}`;
}

function answer(status: number, { hold, replayed }: { readonly hold: Hold; readonly replayed: boolean }): HttpResponse {
  return json(status, JSON.stringify({ hold: viewOf(hold) }), replayed ? { 'idempotent-replayed': 'true' } : {});
}

function viewOf({ id, scope, applied, released }: Hold) {
  const deed = ({ at, by, reason }: Hold['applied']) => ({ at, by, reason });
  return {
    ...{ id, status: released === undefined ? 'active' : 'released', scope, applied: deed(applied) },
    ...(released === undefined ? {} : { released: deed(released) }),
  };
}
