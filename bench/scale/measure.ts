/** Counts what the services ask for: the real ones, over a store and a ledger in memory that are metered. */

import { ARCHIVE } from '../../names/archive.ts';
import type { ArchiveLimits } from '../../services/archive/context.ts';
import { DAY_MS } from '../../test/support/sealing.ts';
import { Verifying } from '../../test/support/verifying.ts';
import { MeteredDeployment, useOf } from '../metered.ts';
import type { Use } from '../prices.ts';
import { verifyIntact } from '../quiet.ts';
import { type Measured, NO_UNITS, type Overlap, slope, type Units, without } from './units.ts';

/** Enough that what a run does once is a small part of it. */
const ENTRIES = 20_000;
const LARGE_BLOCK = 500;
const SMALL_BLOCK = 50;

/** Windows that make as few segments as there can be, and one of each small block. */
const WIDE: Partial<ArchiveLimits> = { windowEntries: 20_000 };
const NARROW: Partial<ArchiveLimits> = { windowEntries: SMALL_BLOCK };

/** Tenants and days of which the differences are taken. */
const TENANTS = [3, 6] as const;
const DAYS = [4, 8] as const;

/** What an answer of the store is made to take: long against what computing in between takes. */
const DELAY_MS = 30;
/** Segments of several categories run side by side. */
const CATEGORIES = ['payment', 'debug', 'security', 'authentication', 'session'] as const;
const DELAYED_ENTRIES = [5_000, 25_000] as const;
const DELAYED_DAYS = [5, 45] as const;

type Step = 'archive' | 'seal' | 'incremental' | 'full';
type Steps = Record<Step, Use>;
const STEPS: readonly Step[] = ['archive', 'seal', 'incremental', 'full'];

export async function measure(): Promise<Measured> {
  await busy(LARGE_BLOCK, WIDE, 2_000);
  return { ...(await measureUnits(ENTRIES)), overlap: await measureOverlap() };
}

/** What each unit takes: the difference that more of it makes. */
export async function measureUnits(entries: number): Promise<Omit<Measured, 'overlap'>> {
  const quiet = await measureQuiet();
  const fewer = await busy(LARGE_BLOCK, WIDE, entries / 4);
  const few = await busy(LARGE_BLOCK, WIDE, entries);
  const blocks = await busy(SMALL_BLOCK, WIDE, entries);
  const segments = await busy(SMALL_BLOCK, NARROW, entries);
  const units = (step: Step): Units => {
    const block = slope(blocks.uses[step], few.uses[step], blocks.blocks - few.blocks);
    const segment = slope(segments.uses[step], blocks.uses[step], segments.segments - blocks.segments);
    const { fixed, day, tenant, digest } = quiet[step];
    const own = [
      [block, few.blocks - fewer.blocks],
      [segment, few.segments - fewer.segments],
    ] as const;
    const more = slope(few.uses[step], fewer.uses[step], entries - entries / 4);
    const entry = without(more, ...own.map(([use, times]) => [use, times / (entries - entries / 4)] as const));
    return { fixed, day, tenant, digest, block, segment, entry };
  };
  return Object.fromEntries(STEPS.map((step) => [step, units(step)])) as Record<Step, Units>;
}

interface Busy {
  readonly blocks: number;
  readonly segments: number;
  readonly uses: Steps;
}

/** One tenant's day: all of it archived, sealed and verified. */
export async function busy(block: number, limits: Partial<ArchiveLimits>, entries: number): Promise<Busy> {
  const deployment = new MeteredDeployment({ archiveLimits: limits });
  const blocks = entries / block;
  const uses = await oneDay(deployment, new Verifying(deployment), async () => {
    await deployment.record('acme#0', ...Array.from({ length: blocks }, () => deployment.some('payment', block)));
  });
  return { blocks, segments: deployment.store.keys(ARCHIVE.entriesPrefix).length, uses };
}

async function oneDay(
  deployment: MeteredDeployment,
  verifying: Verifying,
  record: () => Promise<void>,
): Promise<Steps> {
  const archive = useOf(await deployment.metered(record));
  const seal = useOf(await deployment.metered(() => deployment.seal()));
  deployment.pass(3 * 3_600_000);
  const incremental = useOf(await deployment.metered(() => verifyIntact(verifying, 'incremental')));
  deployment.pass(1);
  const full = useOf(await deployment.metered(() => verifyIntact(verifying, 'full')));
  deployment.pass(DAY_MS - 3 * 3_600_000 - 1);
  return { archive, seal, incremental, full };
}

/** Tenants that record one entry a day: what each of them, each day of them, and what they share take. */
async function measureQuiet(): Promise<Record<Step, Units>> {
  const at = async (days: number) => [await quietDays(TENANTS[0], days), await quietDays(TENANTS[1], days)] as const;
  const [young, old] = [await at(DAYS[0]), await at(DAYS[1])];
  const tenants = TENANTS[1] - TENANTS[0];
  const days = DAYS[1] - DAYS[0];
  const units = (step: Step): Units => {
    const each = slope(old[1][step], old[0][step], tenants);
    const shared = without(old[0][step], [each, TENANTS[0]]);
    // Only a full verification goes back; what others read of a history does not grow with it.
    if (step !== 'full') return { ...NO_UNITS, tenant: each, fixed: shared };
    const eachYoung = slope(young[1][step], young[0][step], tenants);
    const digest = slope(each, eachYoung, days);
    const day = slope(shared, without(young[0][step], [eachYoung, TENANTS[0]]), days);
    return {
      ...NO_UNITS,
      digest,
      day,
      tenant: without(each, [digest, DAYS[1]]),
      fixed: without(shared, [day, DAYS[1]]),
    };
  };
  return Object.fromEntries(STEPS.map((step) => [step, units(step)])) as Record<Step, Units>;
}

async function quietDays(tenants: number, days: number): Promise<Steps> {
  const deployment = new MeteredDeployment();
  const verifying = new Verifying(deployment);
  let last: Steps | undefined;
  for (let day = 0; day < days; day++) {
    last = await oneDay(deployment, verifying, async () => {
      for (let i = 0; i < tenants; i++) await deployment.record(`tenant-${i}#0`, deployment.some('audit'));
    });
  }
  return last!;
}

/** How many requests are under way, while any is: of those that more of the same takes. */
async function measureOverlap(): Promise<Measured['overlap']> {
  const busyOnes = [await delayed(1, DELAYED_ENTRIES[0]), await delayed(1, DELAYED_ENTRIES[1])] as const;
  const quietOnes = [await delayed(DELAYED_DAYS[0], 1), await delayed(DELAYED_DAYS[1], 1)] as const;
  const pick = (step: 'seal' | 'verify'): Overlap => ({
    busy: overlapOf(busyOnes[0][step], busyOnes[1][step]),
    // One seal has one entry of a quiet tenant, whatever its history.
    quiet: step === 'seal' ? 1 : overlapOf(quietOnes[0][step], quietOnes[1][step]),
  });
  return { seal: pick('seal'), verify: pick('verify') };
}

/** Milliseconds: of all requests together, and during which there was one. */
interface Waited {
  readonly requests: number;
  readonly any: number;
}

const overlapOf = (less: Waited, more: Waited): number =>
  Math.max(1, (more.requests - less.requests) / Math.max(1, more.any - less.any));

/** Some days of a tenant; of the last one, its seal, and then its verification, with answers that take their time. */
async function delayed(days: number, entries: number): Promise<{ seal: Waited; verify: Waited }> {
  const clock = new DelayClock();
  const deployment = new MeteredDeployment({ archiveLimits: NARROW, delay: () => clock.delay() });
  const verifying = new Verifying(deployment, { shards: 1 });
  const block = Math.min(entries, SMALL_BLOCK);
  for (let day = 1; day <= days; day++) {
    await deployment.record(
      'acme#0',
      ...Array.from({ length: entries / block }, (_, i) => deployment.some(CATEGORIES[i % CATEGORIES.length]!, block)),
    );
    if (day === days) break;
    await deployment.seal();
    deployment.pass(DAY_MS);
  }
  const seal = await clock.during(() => deployment.seal());
  deployment.pass(3_600_000);
  return { seal, verify: await clock.during(() => verifyIntact(verifying, 'full')) };
}

/** Makes answers wait, and counts how many do. */
class DelayClock {
  #on = false;
  #waiting = 0;
  #since = 0;
  #requests = 0;
  #any = 0;

  async delay(): Promise<void> {
    if (!this.#on) return;
    this.#pass();
    this.#waiting++;
    await new Promise<void>((resolve) => setTimeout(resolve, DELAY_MS));
    this.#pass();
    this.#waiting--;
  }

  #pass(): void {
    const passed = performance.now() - this.#since;
    this.#since += passed;
    this.#requests += passed * this.#waiting;
    if (this.#waiting > 0) this.#any += passed;
  }

  async during(act: () => Promise<unknown>): Promise<Waited> {
    this.#on = true;
    this.#since = performance.now();
    this.#requests = 0;
    this.#any = 0;
    await act();
    this.#on = false;
    return { requests: this.#requests, any: this.#any };
  }
}
