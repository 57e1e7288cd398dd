// The history of the deployment that trials start from.
import { verifyLive } from './doors.ts';
import { type Alarms, type LogSigners, newSigners, World } from './world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAY_1 = Date.parse('2026-03-01T00:00:00.000Z');

/** When, on the deployment's first to fourth day. */
const at = (day: number, hour: number, minute = 0) => DAY_1 + (day - 1) * DAY_MS + hour * HOUR_MS + minute * 60_000;

interface Step {
  readonly name: string;
  readonly at: number;
  readonly run: (world: World) => Promise<void>;
}

const day = (number: number): readonly Step[] => [
  { name: `day-${number}-recorded`, at: at(number, 9), run: (world) => record(world, number) },
  { name: `day-${number}-archived`, at: at(number, 9, 1), run: (world) => world.archive() },
];

/**
 * Four days of a deployment: acme on two chains and umbra on one, five categories; day 1's and day 2's debug entries
 * expire, error entries are past their time and under hold, segments of day 1 and 3 straddle a seal, and of the blocks of
 * the first days TTL has left none.
 */
const STEPS: readonly Step[] = [
  ...day(1),
  {
    name: 'held',
    at: at(1, 12),
    run: (world) => world.hold('acme', { event: 'applied', id: 'h-1', scope: { category: 'error' } }),
  },
  {
    name: 'late-1-recorded',
    at: at(1, 23, 50),
    run: (world) => world.append('acme', [{ category: 'authentication', count: 6 }]),
  },
  { name: 'seal-0', at: at(2, 0, 10), run: sealAcross },
  ...day(2),
  { name: 'seal-1', at: at(3, 0, 10), run: (world) => world.seal().then(() => undefined) },
  { name: 'expired-1', at: at(3, 1), run: expire },
  ...day(3),
  {
    name: 'late-3-recorded',
    at: at(3, 23, 50),
    run: (world) => world.append('acme', [{ category: 'authentication', count: 5 }]),
  },
  { name: 'seal-2', at: at(4, 0, 10), run: sealAcross },
  { name: 'verified', at: at(4, 0, 30), run: verify },
  { name: 'expired-2', at: at(4, 1), run: expire },
  ...day(4),
  { name: 'seal-3', at: at(5, 0, 10), run: (world) => world.seal().then(() => undefined) },
];

async function record(world: World, number: number): Promise<void> {
  const share = number === 1 ? 3 : 1;
  for (let batch = 0; batch < 4; batch++) {
    await world.append('acme', [
      { category: 'data_access', count: 12 * share },
      { category: 'debug', count: 4 * share },
      { category: 'authentication', count: 5 * share },
      { category: 'error', count: number < 4 ? 2 : 0 },
      { category: 'security', count: 3 * share },
    ]);
    world.now += 60_000;
  }
  await world.appendTo('acme#1', [
    { category: 'data_access', count: 20 },
    { category: 'security', count: 5 },
  ]);
  await world.append('umbra', [
    { category: 'data_access', count: 15 },
    { category: 'debug', count: 5 },
  ]);
}

/** More is recorded between the plan of a seal and its work, and one delivery archives both sides of the boundary. */
async function sealAcross(world: World): Promise<void> {
  const now = world.now;
  await world.seal({
    async planned() {
      // By a writer that took its time: these are of the day before.
      world.now = now - 20 * 60_000;
      await world.append('acme', [{ category: 'authentication', count: 7 }]);
      await world.archive();
      world.now = now;
    },
    filed: async () => undefined,
  });
}

/** What this verification passes, the daily one does not look at again. */
async function verify(world: World): Promise<void> {
  await verifyLive(world, 'full');
}

async function expire(world: World): Promise<void> {
  world.expireBlocks();
  await world.expire('debug');
  await world.expire('error');
  await world.archive();
}

/** When a mutation strikes: after the step of that name. */
export type Moment = string;
export const SEALED: Moment = 'seal-3';

/** The history up to every moment, made once; whoever strikes gets a copy and lives on from there. */
export class History {
  readonly #moments = new Map<Moment, World>();
  /** Of all the time. */
  alarms: Alarms = { evidence: [], short: [], ledger: [], writer: [] };

  static async make(signers: LogSigners = newSigners()): Promise<History> {
    const history = new History();
    const world = new World(DAY_1, signers);
    for (const step of STEPS) {
      world.now = step.at;
      await step.run(world);
      history.#moments.set(step.name, world.copy());
    }
    history.alarms = world.alarms;
    return history;
  }

  at(moment: Moment): World {
    const world = this.#moments.get(moment);
    if (world === undefined) throw new RangeError(`got no moment ${moment}`);
    return world.copy();
  }

  /** What happens to the world after the moment, up to the last seal. */
  async liveOn(world: World, moment: Moment): Promise<void> {
    for (const step of STEPS.slice(STEPS.findIndex(({ name }) => name === moment) + 1)) {
      world.now = step.at;
      await step.run(world);
    }
  }
}
