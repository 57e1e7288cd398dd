// Routes that read: who asks is settled first, and a refusal is recorded.
import { log } from '../../../adapters/log.ts';
import type { OperationName } from '../../../core/access/policy.ts';
import type { Reader } from '../../../core/access/reader.ts';
import { expectRead, type ReadRecording, recordRead } from '../../../services/record/read.ts';
import { type Access, readerOf } from './access.ts';
import { callerOf, recorderOf } from './caller.ts';
import type { HttpEvent, HttpResponse } from './http.ts';
import { Problem, type ProblemSlug } from './problem.ts';
import type { Answers } from './routes.ts';

/** What every function takes that hands out entries. */
export interface ReadingPorts {
  readonly access: Access;
  readonly recording: ReadRecording;
}

/** What a caller was refused for who it is, and not for what it wrote. */
const DENIALS: readonly ProblemSlug[] = ['forbidden-role', 'plan-limit'];

/** One entry for each caller and operation in this time: refusals cost a caller nothing, and each is a write. */
const DENIAL_PAUSE_MS = 60_000;
/** Callers that one process remembers having refused. */
const REMEMBERED = 1_000;

/**
 * A route that reads: who asks and in which role is settled before anything else, and a refusal is in the trail too. The
 * answer itself awaits `recordRead`.
 */
export function reading(
  ports: ReadingPorts,
  operation: OperationName,
  answer: (event: HttpEvent, reader: Reader) => Promise<HttpResponse>,
): Answers {
  const refused = new Map<string, number>();
  return async (event) => {
    try {
      const reader = readerOf(event, ports.access, operation);
      expectRead(ports.recording, reader);
      return await answer(event, reader);
    } catch (error) {
      if (error instanceof Problem && DENIALS.includes(error.slug))
        await recordDenial(ports, operation, event, refused);
      throw error;
    }
  };
}

/** Nothing is handed out, so a refusal that can't be recorded is a refusal all the same. */
async function recordDenial(
  { access, recording }: ReadingPorts,
  operation: OperationName,
  event: HttpEvent,
  refused: Map<string, number>,
): Promise<void> {
  const caller = callerOf(event, access.claims);
  const { tenant, subject, roles } = caller;
  const who = JSON.stringify([tenant, subject]);
  const now = access.now().getTime();
  if (now - (refused.get(who) ?? Number.NEGATIVE_INFINITY) < DENIAL_PAUSE_MS) return;
  if (refused.size >= REMEMBERED) refused.clear();
  refused.set(who, now);
  try {
    const denial = { action: 'audit.access.denied', details: { operation, roles: [...roles] } };
    await recordRead(recording, { tenant, subject, recorder: recorderOf(caller), role: roles.join(' ') }, denial);
  } catch (error) {
    log.error('a refusal could not be recorded', { operation, error });
  }
}
