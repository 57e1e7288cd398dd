/** Getting one event to one target: retries with back-off, then the dead-letter queue. */
import { messageOf } from '../failure.ts';
import { InvokeRefused, type RuntimeContext } from '../template/provisioner.ts';
import { type EventEnvelope, seconds } from './envelope.ts';
import type { Rule, Target } from './rule.ts';

/** On disk until the target or the dead-letter queue has the event. */
export interface Pending {
  readonly ruleArn: string;
  readonly targetId: string;
  readonly acceptedAt: number;
  readonly event: EventEnvelope;
}

type ErrorCode = 'NO_PERMISSIONS' | 'NO_RESOURCE' | 'INVALID_PARAMETER' | 'THROTTLING' | 'ERROR_FROM_TARGET';

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  /** What no repetition can mend goes to the dead-letter queue at once. */
  readonly final: boolean;
}

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 10 * 60_000;

type Part = Pick<RuntimeContext, 'deliver' | 'clock' | 'log' | 'warn'>;

/**
 * Resolves to true when nothing more is to be done for this event and target, false when the signal aborted first. The first
 * attempt is always made: an event doesn't grow too old while the runtime is off.
 */
export async function deliverEvent(
  pending: Pending,
  rule: Rule,
  target: Target,
  context: Part,
  signal: AbortSignal,
): Promise<boolean> {
  const body = target.input(pending.event, { arn: rule.arn, name: rule.name, ingestedAt: seconds(pending.acceptedAt) });
  const groupId = target.groupId === undefined ? {} : { groupId: target.groupId };
  const by = { principal: 'events.amazonaws.com', sourceArn: rule.arn };
  for (let retries = 0; !signal.aborted; retries++) {
    const failure = await attempt(() => context.deliver({ targetArn: target.arn, body, by, ...groupId }));
    if (!failure) return true;
    const about = { rule: rule.arn, target: target.arn, event: pending.event.id, error: failure.message };
    context.log('events', 'a target did not take an event', { ...about, retries, code: failure.code });
    const exhausted = exhaustedBy(pending, target, retries, context.clock.now());
    if (failure.final || exhausted)
      return giveUp(pending, rule, target, { failure, retries, exhausted }, context, signal);
    await context.clock.sleep(backoff(retries), signal);
  }
  return false;
}

async function attempt(deliver: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await deliver();
    return undefined;
  } catch (error) {
    return classify(error);
  }
}

function classify(error: unknown): Failure {
  const message = messageOf(error);
  const code = error instanceof InvokeRefused ? error.code : codeOf(error);
  if (/AccessDenied|AuthorizationError/.test(code)) return { code: 'NO_PERMISSIONS', message, final: true };
  if (/NotFound|DoesNotExist|NonExistent/.test(code)) return { code: 'NO_RESOURCE', message, final: true };
  if (/RequestTooLarge|EntityTooLarge|InvalidParameter|InvalidMessageContents/.test(code)) {
    return { code: 'INVALID_PARAMETER', message, final: true };
  }
  return { code: /TooManyRequests|Throttl/.test(code) ? 'THROTTLING' : 'ERROR_FROM_TARGET', message, final: false };
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name ?? '');
}

function exhaustedBy(pending: Pending, target: Target, retries: number, now: number): string | undefined {
  if (retries >= target.maximumRetries) return 'MaximumRetryAttempts';
  return now - pending.acceptedAt >= target.maximumAgeMs ? 'MaximumEventAgeInSeconds' : undefined;
}

interface GivenUp {
  readonly failure: Failure;
  readonly retries: number;
  readonly exhausted: string | undefined;
}

async function giveUp(
  pending: Pending,
  rule: Rule,
  target: Target,
  { failure, retries, exhausted }: GivenUp,
  context: Part,
  signal: AbortSignal,
): Promise<boolean> {
  const about = {
    rule: rule.arn,
    target: target.arn,
    event: pending.event.id,
    code: failure.code,
    error: failure.message,
  };
  if (target.deadLetterArn === undefined) {
    context.warn('events', 'an event was dropped: its target has no dead-letter queue', about);
    return true;
  }
  context.warn('events', 'an event went to the dead-letter queue', about);
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    RETRY_ATTEMPTS: String(retries),
    ...(exhausted !== undefined && !failure.final && { EXHAUSTED_RETRY_CONDITION: exhausted }),
  };
  const letter = {
    targetArn: target.deadLetterArn,
    body: JSON.stringify(pending.event),
    attributes,
    by: { principal: 'events.amazonaws.com', sourceArn: rule.arn },
  };
  // AWS drops what the queue doesn't take; here it stays on disk until it does.
  for (let tries = 0; !signal.aborted; tries++) {
    const refused = await attempt(() => context.deliver(letter));
    if (!refused) return true;
    context.warn('events', 'the dead-letter queue refused an event, trying again', {
      ...about,
      refused: refused.message,
    });
    await context.clock.sleep(backoff(tries), signal);
  }
  return false;
}

/** Doubling, with up to half of it left to chance, so that many events don't come back at one moment. */
function backoff(retries: number): number {
  const most = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(retries, 20), LONGEST_BACKOFF_MS);
  return most / 2 + Math.random() * (most / 2);
}
