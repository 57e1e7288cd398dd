import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cyberphone } from './cyberphone.ts';
import { nst } from './nst.ts';
import type { Suite } from './suite.ts';

const SUITES: readonly Suite[] = [nst, cyberphone];

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Runs every folder of vectors that there is code for, and names those that there is none for yet. */
export function runConformance(directory: string, print: (line: string) => void, suites = SUITES): Tally {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((item) => item.isDirectory());
  let passed = 0;
  let failed = 0;
  for (const { name } of folders.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const suite = suites.find(({ folder }) => folder === name);
    if (suite === undefined) {
      print(`not covered yet: ${name} (needs seal)`);
      continue;
    }
    const tally = runSuite(suite, join(directory, name), print);
    print(`${name}: ${tally.passed} passed, ${tally.failed} failed`);
    passed += tally.passed;
    failed += tally.failed;
  }
  if (passed + failed === 0) {
    print(`no vectors in ${directory}`);
    failed = 1;
  }
  print(`${passed} passed, ${failed} failed`);
  return { passed, failed };
}

function runSuite(suite: Suite, directory: string, print: (line: string) => void): Tally {
  let passed = 0;
  let failed = 0;
  for (const { name, check } of suite.cases(directory)) {
    try {
      check();
      passed++;
    } catch (error) {
      failed++;
      print(`  ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (passed + failed > 0) return { passed, failed };
  print(`  no case in ${directory}`);
  return { passed, failed: 1 };
}
