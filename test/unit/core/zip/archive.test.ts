// Reading ZIP archives.
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { zlibZip } from '../../../../adapters/zip/zlib.ts';
import { openZip } from '../../../../core/zip/archive.ts';
import { DEFAULT_LIMITS, HARMLESS_BYTES } from '../../../../core/zip/limits.ts';
import type { Inflating } from '../../../../core/zip/port.ts';
import { contents, memorySource, openBytes } from '../../../support/zip.ts';
import { type Forgery, forge } from '../../../support/zip-forger.ts';

const archive = forge([
  { name: 'entries.ndjson', content: 'line\n'.repeat(100_000) },
  { name: 'tile/0/000', content: 'hashes', method: 0 },
]);

test('lists entries in their order and finds one by its exact path', async () => {
  const zip = await openBytes(archive);
  expect(zip.entries.map(({ path, method, size }) => [path, method, size])).toEqual([
    ['entries.ndjson', 'deflated', 500_000],
    ['tile/0/000', 'stored', 6],
  ]);
  expect(zip.find('tile/0/000')).toBe(zip.entries[1]);
  expect(zip.find('Tile/0/000')).toBeUndefined();
  expect(zip.find('tile')).toBeUndefined();
});

test('reads entries in any order, and side by side', async () => {
  const zip = await openBytes(archive);
  const [tile, entries, again] = await Promise.all(
    [zip.entries[1]!, zip.entries[0]!, zip.entries[0]!].map((entry) => zip.read(entry, 500_000)),
  );
  expect(Buffer.from(tile!).toString()).toBe('hashes');
  expect(Buffer.from(entries!).toString()).toBe('line\n'.repeat(100_000));
  expect(Buffer.from(again!).equals(entries!)).toBe(true);
});

test('a reader may stop early', async () => {
  const zip = await openBytes(archive);
  for await (const piece of zip.stream(zip.entries[0]!)) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  expect(await zip.read(zip.entries[1]!, 6)).toHaveLength(6);
});

test('an entry larger than its reader wants is refused unread', async () => {
  const unreadable = {
    ...zlibZip,
    inflate: () => {
      throw new Error('was inflated');
    },
  };
  const zip = await openZip(memorySource(archive), unreadable);
  await expect(zip.read(zip.entries[0]!, 499_999)).rejects.toMatchObject({ code: 'too-large', path: 'entries.ndjson' });
});

test('a refusal inside of an entry names it', async () => {
  const bad = forge([{ name: 'a/bad', content: 'x', both: { crc: 1 }, local: { crc: 0 } }]);
  const zip = await openBytes(bad);
  await expect(zip.read(zip.entries[0]!, 10)).rejects.toMatchObject({ code: 'crc', path: 'a/bad' });
});

test('a refused name is shown with what is hidden in it spelled out', async () => {
  await expect(openBytes(forge([{ name: '\x1b[2J' }]))).rejects.toMatchObject({
    code: 'name',
    path: undefined,
    message: expect.stringMatching(/^got '\\u001b\[2J', which is no relative path/),
  });
});

test('a source that has become shorter is a truncated archive', async () => {
  const source = memorySource(archive);
  const shrunk = {
    ...source,
    read: async (offset: number, length: number) => archive.slice(offset, Math.min(offset + length, 300)),
  };
  await expect(openZip(shrunk, zlibZip)).rejects.toMatchObject({ code: 'truncated' });
});

test('a failing source is reported as what it is', async () => {
  const source = memorySource(archive);
  let failing = false;
  const zip = await openZip(
    {
      ...source,
      read: async (offset, length) => {
        if (failing) throw new Error('the disk is gone');
        return source.read(offset, length);
      },
    },
    zlibZip,
  );
  failing = true;
  for (const entry of zip.entries) await expect(zip.read(entry, 1e6)).rejects.toThrow(new Error('the disk is gone'));
});

describe('limits', () => {
  const bomb: Forgery = {
    name: 'bomb',
    data: deflateRawSync(Buffer.alloc(50_000_000)),
    both: { size: 1000 },
    local: { size: 0 },
  };

  test('no more is inflated than an entry declares, but for one piece', async () => {
    let inflated = 0;
    const counting: Inflating = {
      ...zlibZip,
      inflate: (compressed, size) => {
        const inflation = zlibZip.inflate(compressed, size);
        async function* counted() {
          for await (const piece of inflation) {
            inflated += piece.length;
            yield piece;
          }
        }
        return {
          [Symbol.asyncIterator]: counted,
          get consumed() {
            return inflation.consumed;
          },
        };
      },
    };
    const zip = await openZip(memorySource(forge([bomb])), counting);
    let yielded = 0;
    const reading = (async () => {
      for await (const piece of zip.stream(zip.entries[0]!)) yielded += piece.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'size', path: 'bomb' });
    expect(yielded).toBeLessThanOrEqual(1000);
    expect(inflated).toBeLessThanOrEqual(300_000);
  });

  /** Declares so much content; nothing of it is there, so a reader that went on to inflate would say `size`. */
  const declaring = (name: string, size: number): Forgery => ({
    name,
    data: Buffer.alloc(1_500_000),
    both: { size },
    local: { size: 0 },
  });

  test('the ratio of one entry', async () => {
    const opened = openBytes(forge([declaring('note', 10), declaring('bomb', 1_500_000 * 251)]));
    await expect(opened).rejects.toMatchObject({ code: 'ratio', path: 'bomb' });
  });

  test('the ratio of the whole, of entries that are harmless one by one', async () => {
    const several = ['a', 'b', 'c', 'd'].map((name) => declaring(name, HARMLESS_BYTES));
    await expect(openBytes(forge(several))).rejects.toMatchObject({ code: 'ratio', path: undefined });
    await expect(openBytes(forge(several.slice(0, 1)))).resolves.toBeDefined();
  });

  test('a ratio that the caller allows', async () => {
    const archive = forge([declaring('large', 1_500_000 * 251)]);
    const limits = { ...DEFAULT_LIMITS, ratio: 1032, entryRatio: 1032 };
    expect((await openZip(memorySource(archive), zlibZip, limits)).entries).toHaveLength(1);
  });

  test('entries that repeat themselves are no bomb while they are few', async () => {
    const repeated = 'x'.repeat(5_000_000);
    expect(await contents(forge([{ name: 'repeated', content: repeated }]))).toEqual({ repeated });
  });

  test('the count of entries, before the directory is read', async () => {
    const source = memorySource(archive);
    const reads: number[] = [];
    const watched = {
      ...source,
      read: (offset: number, length: number) => {
        reads.push(length);
        return source.read(offset, length);
      },
    };
    const opened = openZip(watched, zlibZip, { ...DEFAULT_LIMITS, entries: 1 });
    await expect(opened).rejects.toMatchObject({ code: 'too-many-entries' });
    expect(reads).toEqual([98]);
    expect((await openZip(source, zlibZip, { ...DEFAULT_LIMITS, entries: 2 })).entries).toHaveLength(2);
  });
});
