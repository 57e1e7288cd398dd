import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
