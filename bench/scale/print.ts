// The tables that `npm run scale` prints: what was counted, what is assumed, what follows.
import { KINDS, type Use } from '../prices.ts';
import { ASSUMED, type Assumed } from './assumptions.ts';
import type { millionBill } from './bill.ts';
import { GOALS, type Scaled, type Work } from './model.ts';
import { QUOTAS, type Quota } from './quotas.ts';
import type { Measured, Units } from './units.ts';

const UNITS: readonly (keyof Units)[] = ['fixed', 'day', 'tenant', 'digest', 'entry', 'segment', 'block'];
const WORK = Object.keys(GOALS) as Work[];

export function printMeasured(measured: Measured): void {
  console.log('Counted by running the services over a store and a ledger in memory');
  console.log(`  ${'a unit of'.padEnd(22)} ${KINDS.map((kind) => kind.padStart(9)).join(' ')}    blocks    CPU ms`);
  for (const step of ['archive', 'seal', 'incremental', 'full'] as const) {
    for (const unit of UNITS) {
      const use = measured[step][unit];
      if (isNothing(use)) continue;
      const counts = [...KINDS.map((kind) => use.requests[kind]), use.queries, use.cpuMs];
      console.log(`  ${`${step}, ${unit}`.padEnd(22)} ${counts.map((count) => short(count).padStart(9)).join(' ')}`);
    }
  }
  const { seal, verify } = measured.overlap;
  console.log(
    `  requests that overlap: seal ${short(seal.busy)} (busy), ${short(seal.quiet)} (quiet); ` +
      `verification ${short(verify.busy)}, ${short(verify.quiet)}`,
  );
}

export function printAssumed(assumed: Assumed): void {
  console.log('Assumed');
  for (const [name, { source }] of Object.entries(ASSUMED)) {
    const value = assumed[name as keyof Assumed].toLocaleString('en-US');
    console.log(`  ${name.padEnd(22)} ${value.padStart(10)}  ${source}`);
  }
}

export function printScaled(rows: readonly Scaled[]): void {
  console.log('Computed: a steady load; * is over the goal, a quarter of the time until the next one (6 h, 6 h, 42 h)');
  const head = ['tenants', 'entries/day', 'chains', 'segments/day', 'archive', 'seal', 'daily', 'weekly'];
  console.log(`  ${head.map((text) => text.padStart(14)).join('')}   a seal, daily, weekly run   first quota`);
  for (const { load, day, lag, runs, quotas } of rows) {
    const counts = [load.tenants, load.entriesPerDay, day.chains * load.tenants, Math.round(day.segments)];
    const times = [duration(lag), ...WORK.map((work) => duration(runs[work].seconds) + over(runs[work].seconds, work))];
    const cells = [...counts.map((count) => count.toLocaleString('en-US')), ...times];
    const costs = WORK.map((work) => usd(runs[work].cost).padStart(9)).join('');
    const first = quotas.find(({ name }) => !('kept' in QUOTAS[name]));
    const { unit, adjustable } = QUOTAS[first!.name];
    const share = `${(100 * first!.share).toFixed(first!.share < 0.1 ? 1 : 0)} % of ${unit}${adjustable ? ', can be raised' : ''}`;
    console.log(`  ${cells.map((text) => text.padStart(14)).join('')} ${costs}   ${share}`);
  }
}

/** Of entries that come singly, and in batches of a hundred. */
export function printBills([singly, batched]: readonly ReturnType<typeof millionBill>[]): void {
  console.log(
    'Computed: dollars for a million entries of a day, at list prices of us-east-1; singly, in batches of a hundred',
  );
  for (const part of ['once', 'yearly'] as const) {
    const rows = singly![part].map(
      ({ service, what, dollars }, i) => [service, what, dollars, batched![part][i]!.dollars] as const,
    );
    const sums = [2, 3].map((column) => rows.reduce((sum, row) => sum + (row[column] as number), 0));
    const name = part === 'once' ? 'recorded, sealed, verified once' : 'kept for a year more';
    for (const [service, what, one, many] of [...rows, [name, '', ...sums] as const]) {
      console.log(
        `  ${String(service).padEnd(32)} ${String(what).padEnd(38)} ${cents(one as number)} ${cents(many as number)}`,
      );
    }
  }
}

const cents = (dollars: number): string => `$${dollars.toFixed(3)}`.padStart(9);

export function printQuotas(): void {
  console.log('Quotas');
  for (const quota of Object.values<Quota>(QUOTAS)) {
    const { limit, unit, adjustable, kept, source } = quota;
    const notes = `${adjustable ? ' (can be raised)' : ''}${kept === undefined ? '' : ` (kept to by ${kept})`}`;
    console.log(`  ${limit.toLocaleString('en-US').padStart(10)} ${unit}${notes}: ${source}`);
  }
}

const isNothing = ({ requests, queries, cpuMs }: Use): boolean =>
  KINDS.every((kind) => requests[kind] === 0) && queries === 0 && cpuMs === 0;

const over = (seconds: number, work: Work): string => (seconds > GOALS[work] ? '*' : '');
const usd = (value: number): string =>
  value < 100 ? `$${value.toFixed(2)}` : `$${Math.round(value).toLocaleString('en-US')}`;
const short = (value: number): string => (value === 0 ? '0' : value < 0.01 ? value.toExponential(1) : value.toFixed(2));

/** The largest unit that leaves a number worth reading. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'falls behind';
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7_200) return `${(seconds / 60).toFixed(0)} min`;
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`;
}
