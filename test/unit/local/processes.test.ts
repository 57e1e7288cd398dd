// Child processes and the end of a process that hangs.
import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';

const MODULE = new URL('../../../local/processes.ts', import.meta.url).href;

/** A query that takes minutes on a thread of libuv, which process.exit waits for. */
const SCRIPT = `
  import { DuckDBInstance } from '@duckdb/node-api';
  import { endForCertain } from ${JSON.stringify(MODULE)};
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  void connection.run('SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range % 7 = b.range % 5');
  setTimeout(() => {
    endForCertain(1);
    process.exit(0);
  }, 500);
`;

test('a process that has native work under way is gone soon after it wanted to be', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = await new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  expect(ended).toBe('SIGKILL');
});
