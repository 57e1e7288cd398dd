/** Durations, costs and quotas of a load, computed from counted requests and named assumptions. No measurement here. */
import { billOf, type Kind, PRICES, requestsOf, scaled, type Use } from '../prices.ts';
import type { Assumed } from './assumptions.ts';
import { type Day, dayOf, type Load } from './load.ts';
import { QUOTAS, type QuotaName } from './quotas.ts';
import { type Measured, NOTHING, type Overlap, plus, type Units } from './units.ts';

const DAY_SECONDS = 86_400;
/** Memory of the functions that seal and verify: one core. */
const FUNCTION_GB = 1.769;
const READ_UNIT_BYTES = 4_096;
const KEYS_A_PAGE = 1_000;
const TILE_ENTRIES = 256;

/** Task, Choice and Pass (lib/constructs/steps.ts). */
const SLICE_TRANSITIONS = 3;

/** A quarter of the time that each has until it has to be done again. */
export const GOALS = { seal: DAY_SECONDS / 4, incremental: DAY_SECONDS / 4, full: (7 * DAY_SECONDS) / 4 } as const;
export type Work = keyof typeof GOALS;

interface Run {
  readonly use: Use;
  /** Of all functions together. */
  readonly functionSeconds: number;
  /** From begin to end. */
  readonly seconds: number;
  readonly functions: number;
  /** Of the work, each for one function after the other. */
  readonly shards: number;
  /** US dollars. */
  readonly cost: number;
}

export interface Scaled {
  readonly load: Load;
  readonly day: Day;
  /** Seconds from an entry's commit to its lock; infinite when the archive does not keep up. */
  readonly lag: number;
  readonly runs: Readonly<Record<Work, Run>>;
  /** Use of each quota as a share of it, the most used first. */
  readonly quotas: readonly { readonly name: QuotaName; readonly share: number }[];
}

export function scale(load: Load, measured: Measured, assumed: Assumed): Scaled {
  const day = dayOf(load, assumed);
  const runs = {
    seal: sealRun(day, measured, assumed),
    incremental: verifyRun(day, measured.incremental, 1, 1, measured.overlap.verify, assumed),
    full: verifyRun(day, measured.full, assumed.historyDays, assumed.hotDays, measured.overlap.verify, assumed),
  };
  const quotas = quotasOf(load, day, runs, measured, assumed);
  return { load, day, lag: archiveLag(day, measured.archive, assumed), runs, quotas };
}

/** `days` of history, of which the ledger still has `hot`. */
export function useOfDays(units: Units, day: Day, days: number, hot: number): { busy: Use; quiet: Use; fixed: Use } {
  const busy = [
    scaled(units.entry, day.entries * days),
    scaled(units.segment, day.segments * days),
    scaled(units.block, day.blocks * hot),
  ].reduce(plus);
  const quiet = plus(scaled(units.tenant, day.tenants), scaled(units.digest, day.tenants * days));
  return { busy, quiet, fixed: plus(units.fixed, scaled(units.day, days)) };
}

/** Seconds that one function works and waits, with so many requests under way. */
export function workSeconds(use: Use, atOnce: number, assumed: Assumed): number {
  const { PUT, GET, HEAD, LIST } = use.requests;
  const waited = ((PUT + GET + HEAD) * assumed.s3Ms) / atOnce + LIST * assumed.listMs;
  const pages = (use.queries * assumed.entryBytes) / assumed.pageBytes;
  return (use.cpuMs * assumed.coreFactor + waited + pages * assumed.pageMs) / 1_000;
}

function verifyRun(day: Day, units: Units, days: number, hot: number, overlap: Overlap, assumed: Assumed): Run {
  const { busy: counted, quiet, fixed } = useOfDays(units, day, days, Math.min(hot, days));
  const busy = plus(counted, listing(day, days));
  const work = workSeconds(busy, overlap.busy, assumed) + workSeconds(quiet, overlap.quiet, assumed);
  const perTenant = Math.min(day.chains * days, Math.ceil((day.entries * days) / day.tenants / assumed.pieceEntries));
  const pieces = day.tenants * Math.max(1, perTenant);
  const functions = Math.min(assumed.verifyFunctions, assumed.verifyShards, pieces);
  // What one function has at least: a piece, or a tenant that is in one.
  const smallest = work / pieces;
  const alone = workSeconds(fixed, 1, assumed);
  const seconds = alone + Math.max(work / functions, smallest);
  const shards = Math.min(assumed.verifyShards, pieces);
  return { ...runOf(plus(plus(busy, quiet), fixed), work + alone, seconds, functions, assumed), shards };
}

/** Every segment and tile is listed, a thousand keys a page: too few are counted in memory to fill one. */
function listing({ entries, segments }: Day, days: number): Use {
  const pages = ((segments + entries / TILE_ENTRIES) * days) / KEYS_A_PAGE;
  return { ...NOTHING, requests: requestsOf((kind) => (kind === 'LIST' ? pages : 0)) };
}

/** Of a tenant with a long history and several chains, each is sealed by a function of its own. */
function sealRun(day: Day, { seal, overlap }: Measured, assumed: Assumed): Run {
  const { busy, quiet, fixed } = useOfDays(seal, day, 1, 1);
  const work = workSeconds(busy, overlap.seal.busy, assumed) + workSeconds(quiet, overlap.seal.quiet, assumed);
  const history = (day.entries / day.tenants) * assumed.historyDays;
  const isApart = day.chains > 1 && history >= assumed.splitEntries;
  const pieces = day.tenants * (isApart ? day.chains : 1);
  const functions = Math.min(assumed.sealFunctions, isApart ? assumed.sealChainShards : pieces, pieces);
  const alone = workSeconds(fixed, 1, assumed);
  return runOf(plus(plus(busy, quiet), fixed), work + alone, alone + work / functions, functions, assumed);
}

function runOf(use: Use, functionSeconds: number, seconds: number, functions: number, assumed: Assumed): Run {
  const slices = Math.max(functions, functionSeconds / assumed.sliceSeconds);
  // Blocks are read by the page, whose bytes count; functions are paid for by the model's own seconds.
  const readUnits = (use.queries * assumed.entryBytes) / READ_UNIT_BYTES;
  const { s3, dynamo, steps } = billOf(
    { ...use, readUnits },
    { transitions: SLICE_TRANSITIONS * slices, invocations: 0 },
  );
  const cost = s3 + dynamo + steps + functionSeconds * FUNCTION_GB * PRICES.gbSeconds;
  return { use, functionSeconds, seconds, functions, shards: functions, cost };
}

/** A delivery waits for its window, or until it is full, and then takes its time; two of a shard are worked on at once. */
export function archiveLag(day: Day, archive: Units, assumed: Assumed): number {
  const perShard = day.blocks / day.streamShards / DAY_SECONDS;
  const between = Math.min(assumed.windowSeconds, assumed.streamBatch / perShard);
  const deliveries = (day.streamShards * DAY_SECONDS) / between;
  const use = plus(scaled(archive.entry, day.entries / deliveries), scaled(archive.segment, day.segments / deliveries));
  const segmentsIn = Math.max(1, day.segments / deliveries);
  const seconds = workSeconds(use, Math.min(ARCHIVE_AT_ONCE, segmentsIn), assumed);
  return seconds > between * assumed.streamAtOnce ? Number.POSITIVE_INFINITY : between + seconds;
}

/** Chains that the archive works on at the same time (services/archive/context.ts). */
const ARCHIVE_AT_ONCE = 32;

function quotasOf(load: Load, day: Day, runs: Scaled['runs'], { archive }: Measured, assumed: Assumed) {
  const perSecond = load.entriesPerDay / assumed.entriesPerRequest / DAY_SECONDS;
  const blocks = day.blocks / DAY_SECONDS;
  const rate = ({ use, seconds }: Run, kinds: readonly Kind[]) =>
    kinds.reduce((sum, kind) => sum + use.requests[kind], 0) / seconds;
  const verified = Math.max(runs.incremental.functions, runs.full.functions);
  const archiving = scaled(archive.segment, day.segments / DAY_SECONDS).requests.PUT;
  const used: Record<QuotaName, number> = {
    apiRequests: perSecond,
    functions: perSecond * assumed.ingestSeconds + verified + day.streamShards * assumed.streamAtOnce,
    tableWrites: blocks,
    partitionWrites: blocks / day.tenants / day.chains,
    prefixReads: rate(runs.incremental, ['GET', 'HEAD']) / Math.min(verified, readPrefixes(day, assumed)),
    prefixWrites: archiving / (day.tenants * assumed.categories),
    payload: runs.full.shards * assumed.shardEndBytes,
    history: sliceEvents(runs, assumed),
  };
  const shares = (Object.keys(used) as QuotaName[]).map((name) => ({ name, share: used[name] / QUOTAS[name].limit }));
  return shares.sort((a, b) => b.share - a.share);
}

/** A new day's segments are under a prefix for each tenant and category, its tiles under one for each chain. */
const readPrefixes = (day: Day, { categories }: Assumed): number => day.tenants * (categories + day.chains);

/** Every shard is an execution with a history of its own: that of the one that goes on for longest. */
function sliceEvents(runs: Scaled['runs'], { sliceSeconds, sliceEvents: events }: Assumed): number {
  return Math.max(...Object.values(runs).map(({ seconds }) => Math.ceil(seconds / sliceSeconds) * events));
}
