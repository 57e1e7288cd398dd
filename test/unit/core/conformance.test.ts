// The suites that hold other implementations against the format.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runConformance } from '../../conformance/run.ts';
import type { Suite } from '../../conformance/suite.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'indelible-vectors-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(path: string, content: string): void {
  const file = join(directory, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
}

async function run(suites?: readonly Suite[]) {
  const lines: string[] = [];
  const tally = await runConformance(directory, (line) => lines.push(line), suites);
  return { ...tally, lines };
}

const CYBERPHONE = 'cyberphone-json-canonicalization/testdata';

test('what passes, what fails and what is not covered is counted and named', async () => {
  write(`${CYBERPHONE}/input/good.json`, ' [ 1.0 ] ');
  write(`${CYBERPHONE}/output/good.json`, '[1]');
  write(`${CYBERPHONE}/outhex/good.txt`, '5b 31 5d\n');
  write(`${CYBERPHONE}/input/bad.json`, '[1]');
  write(`${CYBERPHONE}/output/bad.json`, '[2]');
  write(`${CYBERPHONE}/outhex/bad.txt`, '5b325d');
  write('somebody-elses/case.json', '{}');
  const { passed, failed, lines } = await run();
  expect({ passed, failed }).toEqual({ passed: 1, failed: 1 });
  expect(lines).toContainEqual(expect.stringContaining('bad.json: got 5b315d, want the output 5b325d'));
  expect(lines).toContainEqual('not covered: somebody-elses');
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
});

test('a parser that accepts what has to be refused would be noticed, and the other way round', async () => {
  write('nst-JSONTestSuite/test_parsing/n_fine.json', '[]');
  write('nst-JSONTestSuite/test_parsing/y_broken.json', '[');
  write('nst-JSONTestSuite/test_parsing/i_either.json', '[');
  write('nst-JSONTestSuite/test_transform/number_1.0.json', '[1.0]');
  write('nst-JSONTestSuite/test_transform/nobody_knows.json', '[]');
  const { passed, failed } = await run();
  expect({ passed, failed }).toEqual({ passed: 2, failed: 3 });
});

test('nothing to check is a failure, and so is half a folder', async () => {
  expect(await run()).toMatchObject({ passed: 0, failed: 1 });
  mkdirSync(join(directory, CYBERPHONE, 'input'), { recursive: true });
  mkdirSync(join(directory, 'nst-JSONTestSuite/test_parsing'), { recursive: true });
  const { passed, failed, lines } = await run();
  expect({ passed, failed }).toEqual({ passed: 0, failed: 2 });
  expect(lines).toContainEqual('  cyberphone-json-canonicalization: holds no case');
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}nst-JSONTestSuite: .*ENOENT/));
});

test('a check that rejects later is waited for, and fails', async () => {
  mkdirSync(join(directory, 'late'));
  const later = async (broken: boolean) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (broken) throw new Error('too late to pass');
  };
  const late: Suite = {
    folder: 'late',
    cases: () => [
      { name: 'good', check: () => later(false) },
      { name: 'bad', check: () => later(true) },
    ],
  };
  const { passed, failed, lines } = await run([late]);
  expect({ passed, failed }).toEqual({ passed: 1, failed: 1 });
  expect(lines).toContainEqual('  bad: too late to pass');
});
