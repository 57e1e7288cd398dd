/**
 * What a person waits for, and what it should take: one table of everything that was measured in this run, beside the same of
 * another checkout where one was given.
 */

type Side = 'before' | 'now';

export const isSide = (name: string): name is Side => name === 'before' || name === 'now';

interface Goal {
  readonly what: string;
  readonly unit: string;
  readonly goal: number;
  /** The goal is a lower bound; without it, an upper one. */
  readonly isLeast?: true;
}

/** Times are 95th percentiles, and all are meant for a quiet machine with two cores. */
const GOALS = {
  bundle: { what: 'a bundle of 100,000 entries', unit: 'entries/s', goal: 20_000, isLeast: true },
  burst: { what: 'newest page in a burst, the service alone', unit: 'ms', goal: 150 },
  newest: { what: 'newest page, through the runtime', unit: 'ms', goal: 60 },
  history: { what: 'history of a target, through the runtime', unit: 'ms', goal: 40 },
  entry: { what: 'entry by position, through the runtime', unit: 'ms', goal: 25 },
  post: { what: 'one POST, through the runtime', unit: 'ms', goal: 20 },
  health: { what: "the runtime's own share of a request", unit: 'ms', goal: 2 },
  actor: { what: 'page by actor, the service alone', unit: 'ms', goal: 40 },
  target: { what: 'page by a rare target, the service alone', unit: 'ms', goal: 40 },
  facets: { what: 'page by two facets, the service alone', unit: 'ms', goal: 60 },
  text: { what: 'free text of a day, the service alone', unit: 'ms', goal: 800 },
  regex: { what: 'regular expression of a day, the service alone', unit: 'ms', goal: 800 },
  histogram: { what: 'counts by day of a month, the service alone', unit: 'ms', goal: 300 },
  everything: { what: 'free text over everything, to the first page', unit: 'ms', goal: 500 },
  verify: { what: 'offline verification, of inflating and hashing alone', unit: '%', goal: 70, isLeast: true },
  cores: { what: 'offline verification on all cores, times one', unit: '', goal: 1.8, isLeast: true },
  start: { what: 'npm start, nothing changed', unit: 's', goal: 4 },
  synthesis: { what: 'npm start, synthesized again', unit: 's', goal: 6 },
  ingest: { what: 'ingest, 8 clients, batches of 200', unit: 'entries/s', goal: 15_000, isLeast: true },
} as const satisfies Record<string, Goal>;

export type GoalName = keyof typeof GOALS;

const figures = new Map<string, number>();
const keyOf = (name: GoalName, side: Side) => `${name} ${side}`;

/** Of several figures of one side, the better. */
export function noteFigure(name: GoalName, side: Side, value: number): void {
  const known = figures.get(keyOf(name, side));
  const best = 'isLeast' in GOALS[name] ? Math.max : Math.min;
  figures.set(keyOf(name, side), known === undefined ? value : best(known, value));
}

export function printGoals(): void {
  console.log('What a person waits for (docs/performance.md)');
  console.log(`  ${''.padEnd(54)}${['before', 'now', 'goal'].map((head) => head.padStart(10)).join('')}`);
  for (const name of Object.keys(GOALS) as GoalName[]) {
    const { what, unit, goal }: Goal = GOALS[name];
    const now = figures.get(keyOf(name, 'now'));
    if (now === undefined) continue;
    const columns = [figures.get(keyOf(name, 'before')), now, goal].map((value) => rounded(value).padStart(10));
    console.log(`  ${what.padEnd(54)}${columns.join('')} ${unit.padEnd(10)}${isMet(name, now) ? '' : 'missed'}`);
  }
}

function isMet(name: GoalName, value: number): boolean {
  const { goal, isLeast }: Goal = GOALS[name];
  return isLeast === true ? value >= goal : value <= goal;
}

function rounded(value: number | undefined): string {
  if (value === undefined) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1);
}
