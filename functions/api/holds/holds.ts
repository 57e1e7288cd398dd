// Routes of /v1/holds: apply, list, release.
import type { Reader } from '../../../core/access/reader.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import type { HoldRole } from '../../../core/documents/hold.ts';
import { applyHold, type HoldPorts } from '../../../services/hold/apply.ts';
import type { Hold } from '../../../services/hold/reduce.ts';
import { releaseHold } from '../../../services/hold/release.ts';
import { recordRead } from '../../../services/record/read.ts';
import { HOLD_OPERATIONS } from '../operations/holds.ts';
import { type Access, readerOf } from '../shared/access.ts';
import { type Caller, callerOf } from '../shared/caller.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { idempotencyKey } from '../shared/idempotency.ts';
import { idOf, queryOf } from '../shared/parameters.ts';
import { type ReadingPorts, reading } from '../shared/reading.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import { readHold, readRelease } from './body.ts';

export interface HoldsApi {
  readonly ports: HoldPorts & Pick<ReadingPorts, 'recording'>;
  readonly access: Access;
  readonly newId: () => string;
}

/** /v1/holds in the caller's own tenant: the path can't name another. */
export function holds(api: HoldsApi): Answers {
  return byRoute(HOLD_OPERATIONS, {
    'POST /v1/holds': (event) => apply(api, event),
    'GET /v1/holds': reading({ access: api.access, recording: api.ports.recording }, 'listHolds', (event, reader) =>
      list(api, event, reader),
    ),
    'POST /v1/holds/{id}/release': (event) => release(api, event),
  });
}

async function apply({ ports, access, newId }: HoldsApi, event: HttpEvent): Promise<HttpResponse> {
  const caller = callerOf(event, access.claims);
  const { tenant, recorder, role } = readerOf(event, access, 'applyHold');
  const key = idempotencyKey(event.headers['idempotency-key']);
  const { reason, scope } = readHold(event);
  const id = key === undefined ? newId() : keyedId(caller, key);
  const request = { tenant, id, reason, by: caller.subject, role: role as HoldRole, recorder, scope };
  return answer(201, await applyHold(ports, request));
}

async function list({ ports }: HoldsApi, event: HttpEvent, reader: Reader): Promise<HttpResponse> {
  const { status } = queryOf(event, HOLD_OPERATIONS.listHolds.query);
  const { holds: all } = await ports.events.read(reader.tenant);
  const views = all.map(viewOf).filter((view) => status === undefined || view.status === status);
  // Scopes name people.
  const details = { holds: views.length, ...(status === undefined ? {} : { status }) };
  await recordRead(ports.recording, reader, { action: 'audit.holds_viewed', details });
  return json(200, JSON.stringify({ holds: views }));
}

async function release({ ports, access }: HoldsApi, event: HttpEvent): Promise<HttpResponse> {
  const { tenant, subject: by, recorder, role } = readerOf(event, access, 'releaseHold');
  const repeatable = idempotencyKey(event.headers['idempotency-key']) !== undefined;
  const { reason } = readRelease(event);
  const { reviewers } = access.of(tenant);
  const request = {
    ...{ tenant, id: idOf(event), reason, by, recorder, repeatable, reviewers },
    role: role as HoldRole,
  };
  const outcome = await releaseHold(ports, request);
  return answer(outcome.hold.released === undefined ? 202 : 200, outcome);
}

/** The same key of the same subject is the same hold, for ever: its event is never forgotten. */
function keyedId({ tenant, subject }: Caller, key: string): string {
  const digest = toHex(sha256(new TextEncoder().encode(JSON.stringify([tenant, subject, key]))));
  return `k-${digest.slice(0, 32)}`;
}

function answer(status: number, { hold, replayed }: { readonly hold: Hold; readonly replayed: boolean }): HttpResponse {
  return json(status, JSON.stringify({ hold: viewOf(hold) }), replayed ? { 'idempotent-replayed': 'true' } : {});
}

function viewOf({ id, scope, applied, releaseRequested, released }: Hold) {
  const action = ({ at, by, role, reason }: Hold['applied']) => ({ at, by, role, reason });
  return {
    ...{ id, status: released === undefined ? 'active' : 'released', scope, applied: action(applied) },
    ...(releaseRequested === undefined ? {} : { releaseRequested: action(releaseRequested) }),
    ...(released === undefined ? {} : { released: action(released) }),
  };
}
