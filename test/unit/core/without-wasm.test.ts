// Where there is no WebAssembly, everything is computed all the same.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { madeOnce } from '../../../core/wasm/once.ts';
import { sampleBytes } from '../../support/ledger-stream.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What an entry is checked as, often enough that a module would be made of it, and what becomes of hashes. */
const SCRIPT = `
  import { EntryRules } from './core/verify/entry-rules.ts';
  import { extendLinkFast, subtreeRootFast } from './core/wasm/batch.ts';
  import { digestFast } from './core/wasm/message.ts';
  const bytes = Uint8Array.from(Buffer.from(process.argv[2], 'base64'));
  const rules = new EntryRules('acme');
  const read = new Set();
  for (let i = 0; i < 6000; i++) read.add(rules.check(bytes) ?? rules.recordedAt);
  const hashes = new Uint8Array(64 * 32);
  const link = new Uint8Array(32);
  const isHashed = extendLinkFast(link, hashes) || subtreeRootFast(hashes) !== undefined || digestFast(bytes, link, 0);
  console.log(JSON.stringify([typeof WebAssembly, [...read], isHashed]));
`;

describe('a process', () => {
  test('without WebAssembly reads entries, and leaves hashing to the slow way', () => {
    const folder = mkdtempSync(join(tmpdir(), 'indelible-wasm-'));
    try {
      // Node needs WebAssembly itself, to read TypeScript.
      const outfile = join(folder, 'script.mjs');
      buildSync({
        stdin: { contents: SCRIPT, resolveDir: ROOT },
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
      });
      const time = Date.parse('2026-03-01T10:00:00Z');
      const entry = Buffer.from(sampleBytes('acme', { category: 'payment', recordedAt: time }, 1)).toString('base64');
      const said = execFileSync(process.execPath, ['--jitless', outfile, entry], { encoding: 'utf8' });
      expect(JSON.parse(said)).toEqual(['undefined', [time], false]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('that has no memory for a module does not try again', () => {
    let tries = 0;
    const made = madeOnce(() => {
      tries += 1;
      throw new RangeError('WebAssembly.Instance(): Out of memory');
    });
    expect([made(), made(), tries]).toEqual([undefined, undefined, 1]);
  });

  test('that can make it has the same one each time', () => {
    const made = madeOnce(() => ({}));
    expect(made()).toBe(made());
    expect(made()).toBeDefined();
  });
});
