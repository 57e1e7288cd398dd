/**
 * How far it scales: `npm run scale`, or `npm run scale -- historyDays=2555 verifyFunctions=500` under other assumptions.
 * Requests and CPU time are counted by running the services; durations and costs are computed from them.
 */
import { type Assumed, assumed as defaults } from './assumptions.ts';
import { millionBill } from './bill.ts';
import { measure } from './measure.ts';
import { scale } from './model.ts';
import { printAssumed, printBills, printMeasured, printQuotas, printScaled } from './print.ts';

const TENANTS = [1, 1_000, 100_000];
const ENTRIES = [1e6, 1e7, 1e8, 1e9];

function assumedWith(settings: readonly string[]): Assumed {
  const given = settings.map((setting): [string, number] => {
    const [name = '', value] = setting.split('=');
    if (!Object.hasOwn(defaults, name) || !(Number(value) > 0)) {
      throw new RangeError(`got ${setting}, want NAME=NUMBER with a name of bench/scale/assumptions.ts`);
    }
    return [name, Number(value)];
  });
  return { ...defaults, ...Object.fromEntries(given) };
}

const assumed = assumedWith(process.argv.slice(2));
const measured = await measure();
const loads = TENANTS.flatMap((tenants) => ENTRIES.map((entriesPerDay) => ({ tenants, entriesPerDay })));
printMeasured(measured);
console.log();
printAssumed(assumed);
console.log();
printScaled(loads.map((load) => scale(load, measured, assumed)));
console.log();
printBills([1, 100].map((entriesPerRequest) => millionBill(measured, { ...assumed, entriesPerRequest })));
console.log();
printQuotas();
