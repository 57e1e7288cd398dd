// POST /v1/entries: from the token to the receipts.
import { rolesOf } from '../../../core/access/policy.ts';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { sha256, toHex } from '../../../core/crypto.ts';
import type { PrepareContext, PreparedEntry } from '../../../core/entry/context.ts';
import { prepareBatch, prepareEntry } from '../../../core/entry/prepare.ts';
import type { Ledger } from '../../../services/append/ledger.ts';
import { ownerOf } from '../../../services/append/owner.ts';
import type { Receipt } from '../../../services/append/request.ts';
import type { Preparation } from '../../shared/preparation.ts';
import { ENTRY_OPERATIONS } from '../operations/entries.ts';
import { readBody } from '../shared/body.ts';
import { type ClaimNames, callerOf, recorderOf, requireRole } from '../shared/caller.ts';
import { type HttpEvent, type HttpResponse, json } from '../shared/http.ts';
import { idempotencyKey } from '../shared/idempotency.ts';
import { refuseUnknownParameters } from '../shared/known-parameters.ts';
import { type Request, readRequest } from './body.ts';

export interface Ingest {
  readonly ledger: Pick<Ledger, 'append'>;
  readonly claims: ClaimNames;
  readonly preparation: Preparation;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Told of the entries that are durable now. */
  readonly onRecorded: (count: number) => void;
}

/** POST /v1/entries (docs/api.md). Acknowledges when every entry is durable, and otherwise throws. */
export function ingest({ ledger, claims, preparation, now, newId, onRecorded }: Ingest) {
  return async (event: HttpEvent): Promise<HttpResponse> => {
    refuseUnknownParameters(event, ENTRY_OPERATIONS.recordEntries);
    const caller = callerOf(event, claims);
    const role = requireRole(caller, rolesOf('recordEntries'));
    const recorder = recorderOf(caller, role);
    const key = idempotencyKey(event.headers['idempotency-key']);
    const body = readBody(event, preparation.limits);
    const entries = prepare(readRequest(body), {
      ...preparation,
      tenant: caller.tenant,
      recorder,
      now: now(),
      newId,
    });
    const receipts = await ledger.append({
      tenant: caller.tenant,
      entries,
      idempotency:
        key === undefined ? undefined : { owner: ownerOf(recorder), key, digest: sha256(canonicalBytes(body)) },
    });
    const replayed = isReplay(entries, receipts);
    if (!replayed) onRecorded(receipts.length);
    return json(201, JSON.stringify({ receipts }), replayed ? { 'idempotent-replayed': 'true' } : {});
  };
}

function prepare(request: Request, context: PrepareContext): readonly PreparedEntry[] {
  if (request.kind === 'entry') return [prepareEntry(request.entry, context)];
  return prepareBatch(request.entries, { ...context, pointerPrefix: request.pointer });
}

/** The receipts are of entries that an earlier request recorded: other times, and other ids where none were given. */
function isReplay(entries: readonly PreparedEntry[], receipts: readonly Receipt[]): boolean {
  return receipts.some(({ leafHash }, i) => leafHash !== toHex(entries[i]!.leafHash));
}
