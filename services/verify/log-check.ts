// Verifies the digest log itself.
import { CheckpointError } from '../../core/checkpoint/error.ts';
import { type CheckpointPolicy, type OpenedCheckpoint, openCheckpoint } from '../../core/checkpoint/open.ts';
import { toHex } from '../../core/crypto.ts';
import { ProofError } from '../../core/merkle/error.ts';
import { verifyConsistency } from '../../core/merkle/verify.ts';
import { NoteError } from '../../core/note/error.ts';
import { TileError } from '../../core/tiles/error.ts';
import { entryBundlePath } from '../../core/tiles/path.ts';
import { TILE_WIDTH, tileOf } from '../../core/tiles/shape.ts';
import { checkpointKey, LOG, logKey } from '../../names/log.ts';
import { DigestLog } from '../log/digests.ts';
import { openSeal } from '../log/published.ts';
import { ahead } from './ahead.ts';
import type { LogContext } from './context.ts';
import { scanDocuments } from './covered.ts';
import { liveFinding } from './finding.ts';
import type { LogView } from './log.ts';
import { logKinds } from './log-documents.ts';
import { type Scan, type ScanCursor, scanAll } from './scan-all.ts';
import { EVERY_KEY } from './scope.ts';

/** Seals that are opened at the same time: each takes its checkpoint, a few tiles and a bundle. */
const SEALS_AHEAD = 8;

/** Bundles and tiles of so many are kept at a time. */
const BUNDLES_PER_CACHE = 128;

export interface LogCursor {
  /** The next seal to look at. */
  readonly seal: number;
  /** Of the seal before. */
  readonly size: number;
  /** The seals are all done: the next bundle to look at. */
  readonly bundle?: number;
  /** The bundles are all done. */
  readonly covered?: ScanCursor;
}

/** Checks the log itself: every seal there, each continued by the newest, and every leaf to be had. */
export async function checkLog(context: LogContext, at: LogCursor | undefined): Promise<LogCursor | undefined> {
  const { plan } = context;
  if (at === undefined) {
    await checkBefore(context);
    await checkBeyond(context);
    checkDue(context);
  }
  const seals = at ?? { seal: plan.firstSeal, size: 0 };
  const { bundle, covered } = seals;
  if (covered !== undefined) return checkCovered(context, covered);
  const stopped = bundle === undefined ? await checkSeals(context, seals) : undefined;
  return stopped ?? (await checkLeaves(context, bundle)) ?? checkCovered(context, undefined);
}

/** Whether those who read checkpoints and the log read what is sealed. */
async function checkCovered(context: LogContext, at: ScanCursor | undefined): Promise<LogCursor | undefined> {
  const { ports, view } = context;
  const scans = logKinds(context).map(
    (kind): Scan => ({
      prefix: kind.prefix,
      ...(kind.after === undefined ? {} : { after: kind.after }),
      open: (after) => scanDocuments(ports.store, kind, after),
    }),
  );
  const covered = await scanAll(scans, EVERY_KEY, context, at);
  return covered && { seal: view.published.seal + 1, size: view.head.size, covered };
}

/** The newest checkpoint that the verification before saw, whose signatures say for themselves that it was the log's. */
async function checkBefore({ plan, policy, view, report }: LogContext): Promise<void> {
  const seen = plan.before && opened(new TextEncoder().encode(plan.before.note), policy);
  if (plan.before === undefined || seen === undefined) return;
  const { head } = view;
  const at = { seal: plan.before.seal };
  if (seen.size > head.size) {
    const expected = `a log of at least ${seen.size} digests, as the last verification saw it`;
    report(liveFinding('checkpoint-smaller', { ...at, expected, found: `${head.size}` }));
  } else if (!(await isContinued(seen, view))) {
    const expected = `a log that continues the one with root ${toHex(seen.root)}, as the last verification saw it`;
    report(liveFinding('checkpoint-forked', { ...at, expected, found: toHex(head.root) }));
  }
}

async function isContinued({ size, root }: OpenedCheckpoint, view: LogView): Promise<boolean> {
  const { head } = view;
  if (size === 0) return true;
  const proof = await view.consistency(size);
  try {
    verifyConsistency({ older: { size, root }, newer: { size: head.size, root: head.root } }, proof);
    return true;
  } catch (error) {
    if (error instanceof ProofError) return false;
    throw error;
  }
}

/** Seals behind the newest one: it is the newest because the one that follows it is gone. */
async function checkBeyond({ ports, policy, view, report }: LogContext): Promise<void> {
  const newest = view.published.seal;
  const numbers = new Set<number>();
  for await (const { key } of ports.store.list(LOG.sealsPrefix, checkpointKey(newest))) {
    const seal = Number(key.slice(LOG.sealsPrefix.length).split('/')[0]);
    if (seal > newest + 1 && key === checkpointKey(seal)) numbers.add(seal);
  }
  for (const seal of numbers) {
    if ((await whole(() => openSeal(seal, { store: ports.store, policy }))) === undefined) continue;
    const found = `seal ${seal}, and none that follows seal ${newest}`;
    report(liveFinding('seal-missing', { seal: newest + 1, expected: 'seals without gaps', found }));
  }
}

function checkDue({ plan, view, report }: LogContext): void {
  const { digest } = view.published.last;
  if (plan.startedAt <= digest.nextBy) return;
  const found = `the newest seal, ${digest.seal}, is of ${digest.sealedAt}`;
  report(liveFinding('seal-overdue', { seal: digest.seal + 1, expected: `a seal by ${digest.nextBy}`, found }));
}

async function checkSeals(context: LogContext, from: LogCursor): Promise<LogCursor | undefined> {
  const { ports, policy, view, onForeign, report, isOver } = context;
  const newest = view.published.seal;
  const open = (seal: number) => whole(() => openSeal(seal, { store: ports.store, policy, onForeign }));
  let { seal, size } = from;
  for await (const found of ahead(seal, newest, SEALS_AHEAD, open)) {
    const at = { seal, object: checkpointKey(seal) };
    if (found === undefined) {
      report(
        liveFinding('seal-missing', {
          ...at,
          expected: 'a signed checkpoint',
          found: 'none that leads to its digests',
        }),
      );
    } else if (found.checkpoint.size <= size) {
      const expected = `more than ${size} digests`;
      report(liveFinding('seals-inconsistent', { ...at, expected, found: `${found.checkpoint.size}` }));
    } else if (!(await isContinued(found.checkpoint, view))) {
      const expected = `a log that the newest one, of seal ${newest}, continues`;
      report(liveFinding('seals-inconsistent', { ...at, expected, found: toHex(found.checkpoint.root) }));
    }
    size = found?.checkpoint.size ?? size;
    seal++;
    if (isOver() && seal <= newest) return { seal, size };
  }
  return undefined;
}

/** Every entry bundle since the first seal that is looked at: what clients and witnesses of the log read. */
async function checkLeaves(context: LogContext, from: number | undefined): Promise<LogCursor | undefined> {
  const { ports, plan, policy, view, onForeign, report, isOver } = context;
  const { checkpoint, seal } = view.published;
  const bundles = Math.ceil(checkpoint.size / TILE_WIDTH);
  const before = () => openSeal(plan.firstSeal - 1, { store: ports.store, policy });
  const first = plan.firstSeal === 0 ? undefined : await whole(before);
  let log = new DigestLog(ports.store, checkpoint, onForeign);
  for (let bundle = from ?? Math.floor((first?.checkpoint.size ?? 0) / TILE_WIDTH); bundle < bundles; bundle++) {
    if (bundle % BUNDLES_PER_CACHE === 0) log = new DigestLog(ports.store, checkpoint, onForeign);
    try {
      await log.entries(bundle);
    } catch (error) {
      if (!(error instanceof TileError)) throw error;
      const object = logKey(error.path ?? entryBundlePath(tileOf(0, bundle, checkpoint.size)!));
      const isThere = (await ports.store.current(object)) !== undefined;
      const expected = `what leads to root ${toHex(checkpoint.root)}`;
      report(liveFinding(isThere ? 'log-altered' : 'log-missing', { seal, object, expected, found: error.message }));
    }
    if (isOver() && bundle + 1 < bundles) return { seal: seal + 1, size: checkpoint.size, bundle: bundle + 1 };
  }
  return undefined;
}

/** A checkpoint whose log is not there is no seal's. */
async function whole<T>(open: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof TileError) return undefined;
    throw error;
  }
}

function opened(note: Uint8Array, policy: CheckpointPolicy): OpenedCheckpoint | undefined {
  try {
    return openCheckpoint(note, policy);
  } catch (error) {
    if (error instanceof NoteError || error instanceof CheckpointError) return undefined;
    throw error;
  }
}
