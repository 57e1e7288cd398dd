// Records in the trail what the system itself has done or found.
import { sha256 } from '../../core/crypto.ts';
import { prepareEntry } from '../../core/entry/prepare.ts';
import type { EntryInput, Recorder } from '../../core/entry/schema.ts';
import { uuidv7 } from '../../core/entry/uuid.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { DEFAULT_LIMITS } from '../../core/limits.ts';
import type { RedactionPolicy } from '../../core/redact/policy.ts';
import type { Ledger } from '../append/ledger.ts';
import { SYSTEM_OWNER } from '../append/owner.ts';
import type { Receipt } from '../append/request.ts';

const ID_BYTES = 10;

/** What recording takes, whatever is recorded. */
export interface Recording {
  readonly ledger: Pick<Ledger, 'append'>;
  readonly redaction: RedactionPolicy;
  readonly now: () => Date;
}

/** Something that happened to the audit trail itself. */
export interface SystemEvent {
  readonly tenant: string;
  /** Names the occurrence, unlike any other of the tenant: `expire/debug/17`. At most 200 visible ASCII characters. */
  readonly occurrence: string;
  readonly occurredAt: Date;
  /** The catalog has to hold its action. */
  readonly input: Omit<EntryInput, 'id' | 'tenant' | 'occurredAt'>;
  readonly recorder: Recorder;
}

/**
 * Appends what happened to the tenant's own trail, once however often it is told: a repeat adds nothing while the ledger
 * remembers the request, and later it would add an entry of the same id. Throws what Ledger.append throws.
 */
export async function recordSystemEntry(recording: Recording, event: SystemEvent): Promise<Receipt> {
  const { tenant, occurrence, occurredAt, recorder } = event;
  const key = `system ${occurrence}`;
  const input = { ...event.input, occurredAt: occurredAt.toISOString() } as unknown as JsonObject;
  const digest = sha256(new TextEncoder().encode(`${tenant} ${key}`));
  const entry = prepareEntry(
    { ...input, id: uuidv7(occurredAt.getTime(), digest.subarray(0, ID_BYTES)) },
    {
      ...{ tenant, recorder, strict: true, now: recording.now(), newId: neverAsked },
      // A deployment's lower limits are for clients.
      ...{ redaction: recording.redaction, limits: DEFAULT_LIMITS },
    },
  );
  const idempotency = { owner: SYSTEM_OWNER, key, digest };
  // The occurrence is what is told once: a repeat may know less of it than the first telling.
  const [receipt] = await recording.ledger.append({ tenant, entries: [entry], idempotency });
  return receipt!;
}

function neverAsked(): never {
  throw new RangeError('unreachable: the entry brings its id');
}
