/**
 * Drives a whole runtime through kills and full disks, and checks after each that everything that was acknowledged is in the
 * ledger and in the archive, once. `npm run rounds -- --kill 50 --full-disk 20`
 */
import { parseArgs } from 'node:util';
import { fullDiskRounds, killRounds, type Tally } from './rounds.ts';

const { values } = parseArgs({
  options: { kill: { type: 'string', default: '3' }, 'full-disk': { type: 'string', default: '2' } },
});
const [kills, fills] = [Number(values.kill), Number(values['full-disk'])];
if (!Number.isInteger(kills) || !Number.isInteger(fills) || kills < 0 || fills < 0) {
  console.error('usage: npm run rounds -- [--kill N] [--full-disk N]');
  process.exit(2);
}
const tally: Tally = { rounds: 0, acknowledged: 0, lost: 0, doubled: 0, late: 0 };
const show = (line: string): void => console.log(line);
await killRounds(kills, tally, show);
if (!(await fullDiskRounds(fills, tally, show))) show('skipped: a small disk can only be mounted by root on Linux');
const { rounds, acknowledged, lost, doubled, late } = tally;
console.log(`${rounds} rounds, ${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled`);
if (late > 0) console.log(`${late} stops took longer than 10 s`);
if (lost + doubled + late > 0) process.exitCode = 1;
