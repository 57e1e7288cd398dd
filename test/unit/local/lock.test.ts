// The lock of a data directory.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lockDataDir } from '../../../local/lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the lock of a data directory', () => {
  test('is held once, and again after its release', () => {
    const release = lockDataDir(folder);
    expect(() => lockDataDir(folder)).toThrow(`is in use by process ${process.pid}`);
    release();
    lockDataDir(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a killed process is taken over', async () => {
    const script = `import { lockDataDir } from './local/lock.ts'; lockDataDir(process.argv[1]); console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(() => lockDataDir(folder)).toThrow(`is in use by process ${child.pid}`);
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(existsSync(join(folder, 'lock'))).toBe(true);
    lockDataDir(folder)();
  });

  (process.platform === 'linux' ? test : test.skip)(
    'of a process that is over, though nobody has taken notice of it, is stale',
    async () => {
      // The child outlives the shell, and what takes the shell's place never asks for it: it stays a zombie.
      const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 600'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
        const fields = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
        while (fields()[2] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 5));
        // With the start time that a lock of its would have had.
        writeFileSync(join(folder, 'lock'), JSON.stringify({ pid, startedAt: fields()[21] }));
        lockDataDir(folder)();
      } finally {
        parent.kill('SIGKILL');
      }
    },
  );

  test.each([
    ['a process id that another process has by now', JSON.stringify({ pid: process.pid, startedAt: 'before' })],
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 - 1, startedAt: '1' })],
    ['half of a lock', '{"pid": 1'],
    ['nothing', ''],
  ])('that names %s is stale', (_, text) => {
    writeFileSync(join(folder, 'lock'), text);
    lockDataDir(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });
});
