// Ends a hold: by the office that applied it, and by two people where the tenant has a second one.

import type { HoldRole } from '../../core/documents/hold.ts';
import { DAY_MS } from '../../names/time.ts';
import { type HoldOutcome, type HoldPorts, HoldReleased, type HoldRequest, settle } from './apply.ts';
import { complete } from './complete.ts';
import type { Hold, HoldAction } from './reduce.ts';

/** A request that nobody confirmed is no longer one after this long: what was meant then may not be meant now. */
const REQUEST_MS = 30 * DAY_MS;

export interface ReleaseRequest extends HoldRequest {
  /** The office in which the caller acts. */
  readonly role: HoldRole;
  /** Subjects that review the tenant's trail, by configuration. */
  readonly reviewers: readonly string[];
  /** Asking again is meant to be safe. */
  readonly repeatable: boolean;
}

/** The hold was applied by another office, which releases it. */
export class HoldForeign extends Error {
  override readonly name = 'HoldForeign';
  readonly code = 'foreign';
  readonly role: HoldRole;

  constructor(role: HoldRole) {
    super('the hold was applied by another office');
    this.role = role;
  }
}

/**
 * Releases a hold, or asks for it. The office that applied it has the first word. Where the tenant names a reviewer beside
 * the caller, that is a request: the hold stays in force until another subject, of the same office or a reviewer, asks for
 * the release as well. Whoever asks for what somebody else has asked for confirms it, so two that ask at the same time end
 * in a release, and one that asks again changes nothing.
 *
 * Throws HoldUnknown, HoldForeign, and HoldReleased unless the very same was asked before by the same caller and
 * `repeatable` says that asking again is meant to be safe.
 */
export async function releaseHold(ports: HoldPorts, request: ReleaseRequest): Promise<HoldOutcome> {
  const { tenant, id, reason, by, role } = request;
  const outcome = await settle(ports, request, (holds) => {
    const hold = holds.find((one) => one.id === id);
    if (hold === undefined || hold.released !== undefined) return undefined;
    const now = ports.now();
    const event = nextEvent(hold, request, now);
    if (event === undefined) return undefined;
    const { scope } = hold;
    return { v: 1, kind: 'hold', tenant, event, id, at: now.toISOString(), by, role, reason, scope } as const;
  });
  const { released, releaseRequested } = outcome.hold;
  await complete(ports, tenant, outcome.hold, released ? 'released' : 'release_requested', request.recorder);
  const isOwn = (action: HoldAction | undefined) => action?.by === by && action.reason === reason;
  const isRepeat = request.repeatable && (isOwn(released) || isOwn(releaseRequested));
  if (outcome.replayed && released !== undefined && !isRepeat) throw new HoldReleased(released);
  return outcome;
}

/** The request that waits for somebody else, if there is one. */
function pendingRequest({ released, releaseRequested }: Hold, now: Date): HoldAction | undefined {
  if (released !== undefined || releaseRequested === undefined) return undefined;
  return now.getTime() - Date.parse(releaseRequested.at) < REQUEST_MS ? releaseRequested : undefined;
}

/** Undefined when the caller's own request waits already. Throws HoldForeign. */
function nextEvent(
  hold: Hold,
  { by, role, reviewers }: ReleaseRequest,
  now: Date,
): 'released' | 'release_requested' | undefined {
  const pending = pendingRequest(hold, now);
  const isOffice = role === hold.applied.role;
  if (pending !== undefined && pending.by !== by && (isOffice || reviewers.includes(by))) return 'released';
  if (!isOffice) throw new HoldForeign(hold.applied.role);
  if (pending !== undefined) return undefined;
  return reviewers.some((reviewer) => reviewer !== by) ? 'release_requested' : 'released';
}
