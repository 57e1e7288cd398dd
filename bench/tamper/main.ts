/**
 * Tampers with a sealed deployment and with its bundles in every way that is listed in catalogue/, one at a time, and says
 * which of it was not noticed, or not where it was done. `npm run tamper -- [--only NAME] [--verbose]`;
 * `--list` only prints what is tried.
 */
import { parseArgs } from 'node:util';
import { exportAll } from './bundles.ts';
import { CATALOGUE } from './catalogue/index.ts';
import { tryControl } from './control.ts';
import { makeExports } from './exports.ts';
import type { Ground } from './ground.ts';
import { History, SEALED } from './history.ts';
import { listing } from './listing.ts';
import { type Kind, kindOf, type Mutation } from './mutation.ts';
import { sealedIn } from './sealed.ts';
import { printTable, type Tried } from './table.ts';
import { type Trial, tryAt } from './try.ts';

/** Of one mutation at one door. */
const SPELLED = 8;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
if (values.list) console.log(listing(CATALOGUE));
else process.exitCode = await main(values.only, values.verbose);

async function main(only: string | undefined, verbose: boolean): Promise<number> {
  const mutations = CATALOGUE.filter(({ name }) => only === undefined || name === only);
  if (mutations.length === 0) {
    console.error(`got no mutation ${only}, want one of:\n${CATALOGUE.map(({ name }) => `  ${name}`).join('\n')}`);
    return 2;
  }
  const ground = await prepare();
  const control = await tryControl(ground);
  print('control', control, verbose);
  const tried: Tried[] = [];
  for (const mutation of mutations) {
    const trials = await tryAt(mutation, ground);
    tried.push({ mutation, trials });
    print(mutation.name, trials, verbose);
  }
  printTable(tried);
  const clean = control.every(({ faults }) => faults.length === 0);
  const caught = tried.filter(({ trials }) => trials.every(({ faults }) => faults.length === 0));
  console.log(`control ${clean ? 'clean' : 'NOT CLEAN'}`);
  console.log(`caught ${caught.length} of ${tried.length}: ${kinds(caught)}`);
  return clean && caught.length === tried.length ? 0 : 1;
}

function kinds(caught: readonly Tried[]): string {
  const count = (kind: Kind) => caught.filter(({ mutation }) => kindOf(mutation) === kind).length;
  return `${count('reported')} reported, ${count('healed')} healed and kept as evidence, ${count('harmless')} without effect`;
}

async function prepare(): Promise<Ground> {
  const history = await History.make();
  const foreign = await History.make();
  const [bundles, exports] = [await exportAll(history, foreign), await makeExports()];
  return { history, bundles, exports, undisturbed: await sealedIn(history.at(SEALED)) };
}

function print(name: Mutation['name'], trials: readonly Trial[], verbose: boolean): void {
  for (const { door, faults } of trials) {
    if (faults.length === 0 && verbose) console.log(`ok   ${name} at ${door}`);
    if (faults.length === 0) continue;
    console.log(`MISS ${name} at ${door}:`);
    for (const fault of faults.slice(0, SPELLED)) console.log(`  ${fault}`);
    if (faults.length > SPELLED) console.log(`  and ${faults.length - SPELLED} more`);
  }
}
