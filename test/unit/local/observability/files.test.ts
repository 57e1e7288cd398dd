// Log files that can't be written.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openLogFiles } from '../../../../local/observability/files.ts';
import { type SmallDisk, smallDisk } from '../../../support/small-disk.ts';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('log lines that can not be written', () => {
  let folder: string;
  let disk: SmallDisk | undefined;
  const shown: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'logs-'));
    shown.length = 0;
  });
  afterEach(() => {
    disk?.unmount();
    disk = undefined;
    rmSync(folder, { recursive: true });
  });

  test('are lost, and that is said once', () => {
    symlinkSync('/dev/full', join(folder, 'runtime.ndjson'));
    const logs = openLogFiles(folder, (line) => shown.push(line));
    const file = logs.open('runtime.ndjson');
    for (let n = 0; n < 3; n += 1) file.line({ n });
    logs.close();
    unlinkSync(join(folder, 'runtime.ndjson'));
    expect(shown).toEqual([
      expect.stringMatching(
        /^Log lines can't be written to .+ and are lost: (Error: )?ENOSPC: no space left on device, write\.$/,
      ),
    ]);
  });

  test('are counted, and that there is space again is said once; no line is glued to a torn one', () => {
    disk = smallDisk(2);
    if (!disk) return console.log('skipped: a small disk can only be mounted by root on Linux');
    const directory = join(disk.path, 'logs');
    const logs = openLogFiles(directory, (line) => shown.push(line));
    const file = logs.open('runtime.ndjson');
    file.line({ n: 'before' });
    disk.fill();
    for (let n = 0; n < 20; n += 1) file.line({ n: 'x'.repeat(3_000) });
    disk.free();
    for (const n of ['after', 'later']) file.line({ n });
    logs.close();
    expect(shown).toEqual([
      expect.stringContaining('are lost:'),
      expect.stringMatching(/^Log lines are written again to .+; \d+ were lost\.$/),
    ]);
    const lines = readFileSync(join(directory, 'runtime.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.slice(-2)).toEqual(['{"n":"after"}', '{"n":"later"}']);
    expect(lines[0]).toBe('{"n":"before"}');
  });
});
