// Does what follows from an event of a hold: the entry in the trail, the sweep.
import { sha256, toHex } from '../../core/crypto.ts';
import type { HoldEvent } from '../../core/documents/hold.ts';
import type { Recorder } from '../../core/entry/schema.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { type Recording, recordSystemEntry } from '../record/record.ts';
import type { Sweeper } from './port.ts';
import type { Hold, HoldAction } from './reduce.ts';

export interface Completing {
  readonly recording: Recording;
  readonly sweeper: Sweeper;
}

/** Execution names of Step Functions are at most 80 characters; a tenant's may be longer. */
const NAME_HASH = 32;

export function executionName(kind: string, ...parts: readonly (string | number)[]): string {
  const named = new TextEncoder().encode(JSON.stringify(parts));
  return `${kind}-${toHex(sha256(named)).slice(0, NAME_HASH)}`;
}

/** What follows from an event of a hold; done again, it adds nothing. */
export async function complete(
  { recording, sweeper }: Completing,
  tenant: string,
  hold: Hold,
  event: HoldEvent['event'],
  recorder: Recorder,
): Promise<void> {
  const { number, at, by, role, reason } = actionOf(hold, event)!;
  await recordSystemEntry(recording, {
    ...{ tenant, recorder, occurrence: `hold/${number}`, occurredAt: new Date(at) },
    input: {
      action: `hold.${event}`,
      actor: { type: 'user', id: by, role },
      target: { type: 'legal_hold', id: hold.id },
      metadata: { reason, scope: hold.scope as JsonObject, event: number },
    },
  });
  // A hold whose release is asked for goes on as it was.
  if (event === 'release_requested') return;
  await sweeper.start(executionName(`hold-${number}`, tenant, hold.id), { tenant, hold: hold.id });
}

/** What of this kind was done to the hold last; undefined when nothing was. */
export function actionOf(hold: Hold, event: HoldEvent['event']): HoldAction | undefined {
  if (event === 'applied') return hold.applied;
  return event === 'released' ? hold.released : hold.releaseRequested;
}
