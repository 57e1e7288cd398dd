// The plan of a bundle: fixed by the first who writes it, so that every step and every repeat makes the same.
import { BUNDLE } from '../../names/bundles.ts';
import { Cuts } from '../bundle/cuts.ts';
import { type BundlePlan, NothingSealed, namedDocuments, type Period, planBundle } from '../bundle/plan.ts';
import { type BundleJob, changeBundle, hasEnded, readBundle } from './job.ts';
import type { BundlePorts } from './ports.ts';
import { positionsOf, type SlicePlan, sliced } from './slices.ts';
import type { BundlePlanned, BundleTask } from './steps.ts';
import { StoredSource } from './stored-source.ts';

const PLAN = 'plan.json';
const VERSION = 1;

interface ChainRange {
  readonly chain: number;
  readonly size: number;
  readonly from: number;
  readonly through: number;
}

/** What a bundle holds, and who makes which part of it. */
export interface FixedPlan extends Omit<BundlePlan, 'chains'> {
  readonly v: typeof VERSION;
  readonly chains: readonly ChainRange[];
  readonly slices: readonly SlicePlan[];
}

/** The plan of a job that is under way is not there, or is of another version of the service. */
class PlanMissing extends Error {
  override readonly name = 'PlanMissing';
  readonly code = 'plan-missing';
}

/** Fixes the plan, or takes the one that is fixed. A job that has ended has no slices. */
export async function planBundleJob(ports: BundlePorts, task: BundleTask): Promise<BundlePlanned> {
  const item = await readBundle(ports.jobs, task);
  if (item === undefined || hasEnded(item.value)) return { ...task, slices: [] };
  const plan = (await storedPlan(ports, task)) ?? (await fixed(ports, task, item.value));
  if (typeof plan === 'string') {
    await changeBundle(ports.jobs, task, (job) => ({ ...job, status: 'failed', endedAt: ports.now(), reason: plan }));
    return { ...task, slices: [] };
  }
  const positions = plan.slices.reduce((sum, slice) => sum + positionsOf(slice), 0);
  const job = await changeBundle(ports.jobs, task, (one) => ({ ...one, status: 'running', positions }));
  return { ...task, slices: job === undefined || hasEnded(job) ? [] : plan.slices.map((_, i) => i) };
}

/** Throws PlanMissing. */
export async function planOf(ports: BundlePorts, task: BundleTask): Promise<FixedPlan> {
  const plan = await storedPlan(ports, task);
  if (plan !== undefined) return plan;
  throw new PlanMissing(`bundle ${task.id} has no plan; ask for the bundle again`);
}

/** In memory it is a plan as services/bundle has it, whose chains may be widened. */
export function planned({ chains, ...plan }: FixedPlan): BundlePlan {
  return { ...plan, chains: chains.map((range) => ({ ...range, cuts: new Cuts() })) };
}

async function storedPlan({ files }: BundlePorts, task: BundleTask): Promise<FixedPlan | undefined> {
  const bytes = await files.read(task, PLAN);
  if (bytes === undefined) return undefined;
  const plan = JSON.parse(new TextDecoder().decode(bytes)) as FixedPlan;
  if (plan.v === VERSION) return plan;
  throw new PlanMissing(`bundle ${task.id} has a plan of version ${plan.v}, want ${VERSION}; ask for the bundle again`);
}

/** The plan that counts, whoever was first; or why there is none. */
async function fixed(ports: BundlePorts, task: BundleTask, job: BundleJob): Promise<FixedPlan | string> {
  const source = await StoredSource.open(ports, task.tenant, job.seal);
  try {
    const plan = await made(source, job, ports.sizes);
    const bytes = new TextEncoder().encode(JSON.stringify(plan));
    if (await ports.files.create(task, PLAN, bytes)) return plan;
  } catch (error) {
    if (error instanceof NothingSealed) return `There is nothing to export: ${error.message}.`;
    throw error;
  }
  return planOf(ports, task);
}

/** Reads the digests, and the documents that they name: the lists say where the entries are, and how much there is of them. */
async function made(source: StoredSource, period: Period, sizes: BundlePorts['sizes']): Promise<FixedPlan> {
  const plan = await planBundle(source, period, () => new Cuts(sizes?.partBytes));
  for await (const _ of namedDocuments(source, plan, period, true));
  const { chains, ...scope } = plan;
  return {
    ...{ v: VERSION, ...scope, slices: sliced(chains, BUNDLE.mostSlices, sizes?.sliceBytes) },
    chains: chains.map(({ chain, size, from, through }) => ({ chain, size, from, through })),
  };
}
