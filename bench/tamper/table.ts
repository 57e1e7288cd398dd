// Prints how many trials came out as expected.
import { ATTACKERS, type Attacker, DOORS, type Door, type Mutation } from './mutation.ts';
import type { Trial } from './try.ts';

export interface Tried {
  readonly mutation: Mutation;
  readonly trials: readonly Trial[];
}

const WIDTH = 13;

/** Trials that came out as expected, of all, by who tampered and where it was looked for. */
export function printTable(tried: readonly Tried[]): void {
  const doors = Object.keys(DOORS) as Door[];
  console.log(
    `\n${['', ...doors]
      .map((text) => text.padEnd(WIDTH))
      .join('')
      .trimEnd()}`,
  );
  for (const attacker of Object.keys(ATTACKERS) as Attacker[]) {
    const cells = doors.map((door) => cell(tried, attacker, door));
    console.log(
      [attacker, ...cells]
        .map((text) => text.padEnd(WIDTH))
        .join('')
        .trimEnd(),
    );
  }
}

function cell(tried: readonly Tried[], attacker: Attacker, door: Door): string {
  const trials = tried
    .filter(({ mutation }) => mutation.attacker === attacker)
    .flatMap((one) => one.trials.filter((trial) => trial.door === door));
  const right = trials.filter(({ faults }) => faults.length === 0);
  return trials.length === 0 ? '-' : `${right.length}/${trials.length}`;
}
