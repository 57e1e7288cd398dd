// Measures what a tenant costs that records nothing.
import { CATEGORIES, retentionOf } from '../core/catalog/categories.ts';
import { expire } from '../services/expire/expire.ts';
import { newestSealedLog } from '../services/expire/log.ts';
import { planExpiry } from '../services/expire/plan.ts';
import type { ExpirePorts } from '../services/expire/port.ts';
import { HoldEvents } from '../services/hold/events.ts';
import type { VerifyMode } from '../services/verify/steps.ts';
import { DAY_MS } from '../test/support/sealing.ts';
import { Verifying } from '../test/support/verifying.ts';
import { MeteredDeployment, useOf } from './metered.ts';
import { combined, type Use } from './prices.ts';

/** Two deployments: what the second costs more is what tenants cost, the rest what any deployment does. */
const TENANTS = [10, 20] as const;

/** Days before the one that is measured. */
export const DAYS = 30;

/** The last one is of once a week, and reads everything again. */
export const STEPS = ['archive', 'expire', 'seal', 'verify', 'verify fully'] as const;
export type Step = (typeof STEPS)[number];

/** What one day takes, by step: of each quiet tenant, and of a deployment that has none. */
export interface Quiet {
  readonly tenant: Readonly<Record<Step, Use>>;
  readonly fixed: Readonly<Record<Step, Use>>;
}

/** A quiet tenant records nothing; verifying it does, once a day, in its own trail. */
export async function measureQuiet(): Promise<Quiet> {
  const [fewer, more] = [await dayOf(TENANTS[0]), await dayOf(TENANTS[1])];
  const perStep = (of: (step: Step) => Use) =>
    Object.fromEntries(STEPS.map((step) => [step, of(step)])) as Record<Step, Use>;
  const added = TENANTS[1] - TENANTS[0];
  const tenant = perStep((step) => combined(fewer[step], more[step], (few, many) => Math.max(0, many - few) / added));
  const fixed = perStep((step) =>
    combined(fewer[step], tenant[step], (few, each) => Math.max(0, few - TENANTS[0] * each)),
  );
  return { tenant, fixed };
}

async function dayOf(tenants: number): Promise<Record<Step, Use>> {
  const deployment = new MeteredDeployment();
  const verifying = new Verifying(deployment);
  for (let day = 0; day < DAYS; day++) await oneDay(deployment, verifying, tenants);
  const day = await oneDay(deployment, verifying, tenants);
  return { ...day, 'verify fully': useOf(await deployment.metered(() => verifyIntact(verifying, 'full'))) };
}

/** In the order of the schedule: what was recorded is archived at once, and the day ends with its verification. */
async function oneDay(
  deployment: MeteredDeployment,
  verifying: Verifying,
  tenants: number,
): Promise<Omit<Record<Step, Use>, 'verify fully'>> {
  const archive = await deployment.metered(async () => {
    for (let i = 0; i < tenants; i++) await deployment.record(`tenant-${i}#0`, deployment.some('audit'));
  });
  const expiring = await deployment.metered(() => expireAll(deployment, verifying));
  const seal = await deployment.metered(() => deployment.seal());
  deployment.pass(1_000);
  const verify = await deployment.metered(() => verifyIntact(verifying, 'incremental'));
  deployment.pass(DAY_MS - 1_000);
  return { archive: useOf(archive), expire: useOf(expiring), seal: useOf(seal), verify: useOf(verify) };
}

export async function verifyIntact(verifying: Verifying, mode: VerifyMode): Promise<void> {
  const { verdict } = await verifying.run({ mode });
  if (verdict !== 'intact') throw new Error(`the deployment is ${verdict}`);
}

async function expireAll(deployment: MeteredDeployment, verifying: Verifying): Promise<void> {
  const { codec, now } = deployment.ports;
  const store = deployment.bucket;
  const ports: ExpirePorts = {
    ...{ store, codec, now, recording: verifying.ports.recording, holds: new HoldEvents(store, now) },
    retention: (_, category) => retentionOf(category),
    newestSeal: async () => newestSealedLog({ ...(await deployment.log()), store }),
    onFinding: ({ key }) => {
      throw new Error(`got ${key} among the expired`);
    },
    budgetMs: DAY_MS,
  };
  for (const task of await planExpiry('bench', {}, ports)) await expire(task, ports);
}

/** Categories that expire one day: each is a task of the daily expiry. */
export const EXPIRING = [...CATEGORIES.keys()].filter((category) => retentionOf(category) !== 'permanent').length;
