// Applies a legal hold.
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { HoldRole, HoldScope } from '../../core/documents/hold.ts';
import type { Recorder } from '../../core/entry/schema.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { type Completing, complete } from './complete.ts';
import type { HoldEvents } from './events.ts';
import type { Hold, HoldAction } from './reduce.ts';

export interface HoldPorts extends Completing {
  readonly events: HoldEvents;
  readonly now: () => Date;
}

export interface HoldRequest {
  readonly tenant: string;
  readonly id: string;
  readonly reason: string;
  /** Subject of whoever asks, and how the trail names it. */
  readonly by: string;
  readonly recorder: Recorder;
}

/** What was asked for, as it is now; `replayed` when an earlier request had done it. */
export interface HoldOutcome {
  readonly hold: Hold;
  readonly replayed: boolean;
}

/** A hold has this id already, and it is another one. */
export class HoldMismatch extends Error {
  override readonly name = 'HoldMismatch';
  readonly code = 'mismatch';
}

/** The tenant has no hold of this id. */
export class HoldUnknown extends Error {
  override readonly name = 'HoldUnknown';
  readonly code = 'unknown';
}

/** Somebody has released the hold before. */
export class HoldReleased extends Error {
  override readonly name = 'HoldReleased';
  readonly code = 'released';
  readonly action: HoldAction;

  constructor(action: HoldAction) {
    super('the hold was released before');
    this.action = action;
  }
}

/**
 * Applies a hold: first the event, from which on it holds, then an entry, then the sweep that marks what exists. Dying in
 * between and asking again under the same id ends in the same. Throws HoldMismatch.
 */
export async function applyHold(
  ports: HoldPorts,
  request: HoldRequest & { readonly role: HoldRole; readonly scope: HoldScope },
): Promise<HoldOutcome> {
  const { tenant, id, reason, by, role, scope } = request;
  const outcome = await settle(ports, request, (holds) => {
    if (holds.some((hold) => hold.id === id)) return undefined;
    const at = ports.now().toISOString();
    return { v: 1, kind: 'hold', tenant, event: 'applied', id, at, by, role, reason, scope } as const;
  });
  const { applied, scope: found } = outcome.hold;
  if (applied.reason !== reason || !isSameScope(found, scope)) {
    throw new HoldMismatch('got another reason or scope than the hold of this id has');
  }
  await complete(ports, tenant, outcome.hold, 'applied', request.recorder);
  return outcome;
}

export type Decide = (holds: readonly Hold[]) => ReturnType<Parameters<HoldEvents['append']>[1]>;

/** Writes the event that is decided on, if any, and tells whether somebody else's stands instead. Throws HoldUnknown. */
export async function settle(ports: HoldPorts, { tenant, id }: HoldRequest, decide: Decide): Promise<HoldOutcome> {
  let written = false;
  const { holds } = await ports.events.append(tenant, (before) => {
    const event = decide(before.holds);
    if (event !== undefined) written = true;
    return event;
  });
  const hold = holds.find((one) => one.id === id);
  if (hold === undefined) throw new HoldUnknown('got an id that no hold of the tenant has');
  return { hold, replayed: !written };
}

function isSameScope(a: HoldScope, b: HoldScope): boolean {
  return equalBytes(canonicalBytes(a as JsonObject), canonicalBytes(b as JsonObject));
}
