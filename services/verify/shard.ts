// Runs one shard of a verification for as long as there is time.
import { DOCUMENT_VERSION } from '../../core/documents/codec.ts';
import { verificationPartKey } from '../../names/verify.ts';
import { openSeal, ownPolicy } from '../log/published.ts';
import { BuriedObject } from '../log/versions.ts';
import { Collector } from './collector.ts';
import type { Slice } from './context.ts';
import { foreignFindings } from './covered.ts';
import {
  type Progress,
  VERIFICATION_PART,
  VERIFICATION_PLAN,
  type VerificationPart,
  type VerificationPlan,
} from './documents.ts';
import { buried, liveFinding } from './finding.ts';
import { LogView } from './log.ts';
import { checkLog, type LogCursor } from './log-check.ts';
import type { VerifyPorts } from './port.ts';
import { ArtifactFault, fingerprint, putArtifact, readArtifact } from './step-artifacts.ts';
import type { ShardInput, ShardOutput } from './steps.ts';
import { checkTenants } from './tenants.ts';

/** What a slice keeps of its time to write down how far it came. */
const RESERVE_MS = 30_000;

/** One run of one shard: goes on where the one before stopped, and says where it stopped itself. */
export async function verifyShard(
  { id, plan: stored, shard, cursor }: ShardInput,
  ports: VerifyPorts,
  timeLeft: () => number,
): Promise<ShardOutput> {
  const plan = await readArtifact(ports, VERIFICATION_PLAN, stored);
  const previous = cursor === null ? undefined : await readArtifact(ports, VERIFICATION_PART, cursor.part);
  const slice: Slice = {
    ...{ ports, plan, shard, found: new Collector(), checked: [], isOver: () => timeLeft() < RESERVE_MS },
    progress: previous?.progress ?? { next: 0 },
  };
  const progress = await run(slice);
  const part: VerificationPart = {
    ...{ v: DOCUMENT_VERSION, kind: 'verification-part', id, shard, number: (previous?.number ?? -1) + 1 },
    ...(cursor === null ? {} : { previous: cursor.part }),
    ...(progress === undefined ? {} : { progress }),
    ...{ checked: slice.checked, verdict: slice.found.verdict },
    ...{ findings: slice.found.list, findingsLeftOut: slice.found.leftOut },
  };
  const bytes = VERIFICATION_PART.format(part);
  const key = verificationPartKey(id, shard, part.number, fingerprint(bytes));
  return { shard, done: progress === undefined, cursor: { part: await putArtifact(ports, key, bytes) } };
}

async function run(slice: Slice): Promise<Progress | undefined> {
  const { ports, plan, shard, found, progress, isOver } = slice;
  const report = found.add;
  if (plan.newest === undefined) {
    if (shard === 0) found.add(nothingSealed(plan));
    return undefined;
  }
  const { store, origin, keys } = ports;
  const policy = ownPolicy(origin, await keys.keys());
  const published = await openSeal(plan.newest.seal, { store, policy });
  if (published === undefined) throw new ArtifactFault(`seal ${plan.newest.seal}`, 'no checkpoint');
  const foreign = foreignFindings(report, {});
  const view = new LogView(store, published, foreign);
  if (shard > 0) return checkTenants(slice, view);
  const context = { ports, plan, policy, view, onForeign: foreign, report, isOver };
  try {
    const stopped = await checkLog(context, progress.at as LogCursor | undefined);
    return stopped && { next: 0, at: stopped };
  } catch (error) {
    if (!(error instanceof BuriedObject)) throw error;
    report(buried({}, error));
    return undefined;
  }
}

function nothingSealed({ unreadable }: VerificationPlan) {
  if (unreadable === undefined) return liveFinding('log-empty', { expected: 'at least one seal', found: 'none' });
  return liveFinding('log-altered', { expected: 'a log that leads to its signed checkpoint', found: unreadable });
}
