// Runs the suites whose vectors are there, and counts.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cyberphone } from './cyberphone.ts';
import { formats } from './formats.ts';
import { merkle } from './merkle.ts';
import { nst } from './nst.ts';
import { specExamples } from './spec-examples.ts';
import type { Suite } from './suite.ts';
import { tessera } from './tessera.ts';
import { wycheproof } from './wycheproof.ts';

const SUITES: readonly Suite[] = [nst, cyberphone, merkle, tessera, formats, specExamples, wycheproof];

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Runs every folder of vectors that there is code for, and names those that there is none for. */
export async function runConformance(
  directory: string,
  print: (line: string) => void,
  suites = SUITES,
): Promise<Tally> {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((item) => item.isDirectory());
  let passed = 0;
  let failed = 0;
  for (const { name } of folders.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const suite = suites.find(({ folder }) => folder === name);
    if (suite === undefined) {
      print(`not covered: ${name}`);
      continue;
    }
    const tally = await runSuite(suite, join(directory, name), print);
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

async function runSuite(suite: Suite, directory: string, print: (line: string) => void): Promise<Tally> {
  let passed = 0;
  let failed = 0;
  const fail = (name: string, error: unknown) => {
    failed++;
    print(`  ${name}: ${error instanceof Error ? error.message : String(error)}`);
  };
  try {
    for (const { name, check } of suite.cases(directory)) {
      try {
        await check();
        passed++;
      } catch (error) {
        fail(name, error);
      }
    }
    if (passed + failed === 0) fail(suite.folder, 'holds no case');
  } catch (error) {
    fail(suite.folder, error);
  }
  return { passed, failed };
}
