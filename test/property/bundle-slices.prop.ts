// Archives that are made of slices: the same content as in one go, whatever the cuts.
import { crc32, inflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { combineCrc32 } from '../../core/zip/combine.ts';
import { STANDARD_LAYOUT, ZipLayout } from '../../core/zip/layout.ts';
import { DEFLATE_END } from '../../core/zip/port.ts';
import { storedRecord, type Written } from '../../core/zip/writer.ts';
import { Assembly } from '../../services/bundle-job/assembly.ts';
import { MemoryBundleFiles } from '../fakes/memory-bundle-files.ts';
import { contents, written } from '../support/zip.ts';

/** Text that compresses, and bytes that do not; sometimes none. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3_000 }),
  fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(2_000)).map(([unit, times]) => {
    return Buffer.concat(Array.from({ length: times }, () => unit));
  }),
);

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 701) yield bytes.subarray(at, at + 701);
}

async function slice(bytes: Uint8Array): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of zlibZip.slice(inPieces(bytes))) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

test('the CRC-32 of a whole follows from those of its parts', () => {
  fc.assert(
    fc.property(fc.array(content, { maxLength: 6 }), (parts) => {
      const combined = parts.reduce((sum, part) => combineCrc32(sum, crc32(part), part.length), 0);
      expect(combined).toBe(crc32(Buffer.concat(parts)));
    }),
  );
});

test('also where a part is longer than 32 bits count: as if its zero bytes were summed one by one', () => {
  // Behind 2^20 zero bytes, and behind those again: the length of what follows is all that counts.
  const zeros = new Uint8Array(2 ** 20);
  const one = crc32(Buffer.from('indelible'));
  let stepped = one;
  for (let i = 0; i < 64; i++) stepped = combineCrc32(stepped, crc32(zeros), zeros.length);
  expect(combineCrc32(one, crc32(new Uint8Array(2 ** 26)), 2 ** 26)).toBe(stepped);
  const far = (length: number) => combineCrc32(one, 0, length);
  expect(combineCrc32(far(2 ** 40), 0, 2 ** 33)).toBe(far(2 ** 40 + 2 ** 33));
  expect(() => combineCrc32(1, 1, -1)).toThrow(RangeError);
  expect(() => combineCrc32(1, 1, 0.5)).toThrow(RangeError);
});

test('slices one behind the other and the end are one deflate stream of the whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(content, { maxLength: 6 }), async (parts) => {
      const stream = Buffer.concat([...(await Promise.all(parts.map(slice))), DEFLATE_END]);
      expect(inflateRawSync(stream).equals(Buffer.concat(parts))).toBe(true);
    }),
  );
});

const from = (bytes: Uint8Array, to: Uint8Array[]): Written => ({
  bytes: bytes.length,
  append: async () => void to.push(bytes),
});

const layouts = fc.constantFrom(STANDARD_LAYOUT, new ZipLayout({ size: 100, entries: 3 }));

test('an archive of slices and of records that were written elsewhere holds the same files', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(content, { maxLength: 4 }), { maxLength: 4 }),
      layouts,
      async (files, layout) => {
        const small = files.flat().filter(({ length }) => !layout.isLarge(length));
        const records = small.map((bytes, i) => ({
          path: `stored/${i}`,
          size: bytes.length,
          crc32: crc32(bytes),
          bytes,
        }));
        // The writer hands on what it holds before anything is appended past it.
        const pieces: Uint8Array[] = [];
        const archive = await written(
          async (zip) => {
            await zip.add('first', Buffer.from('first'));
            const block = Buffer.concat(records.map((one) => storedRecord(one.path, one.bytes, one.crc32, layout)));
            await zip.splice(records, from(block, pieces));
            for (const [i, parts] of files.entries()) {
              const slices = await Promise.all(
                parts.map(async (part) => ({
                  ...from(await slice(part), pieces),
                  ...{ crc32: crc32(part), size: part.length },
                })),
              );
              await zip.join(`joined/${i}`, slices);
            }
          },
          layout,
          pieces,
        );
        expect(await contents(archive)).toEqual({
          first: 'first',
          ...Object.fromEntries(small.map((bytes, i) => [`stored/${i}`, Buffer.from(bytes).toString('latin1')])),
          ...Object.fromEntries(files.map((parts, i) => [`joined/${i}`, Buffer.concat(parts).toString('latin1')])),
        });
      },
    ),
  );
});

const LEAST = 50;
const TASK = { tenant: 'acme', id: 'bundle-1' };

/** What is written, or a range of a piece of so many bytes. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), length: fc.nat(130) }),
  fc.record({ kind: fc.constant('copy' as const), before: fc.nat(20), length: fc.nat(300), behind: fc.nat(20) }),
);

test('parts of an upload have their least size and hold everything in order, and little of it passes through', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      const files = new MemoryBundleFiles(LEAST);
      const upload = await files.upload(TASK);
      const assembly = new Assembly(upload, (piece, begin, to) => files.range(TASK, piece, begin, to));
      const wanted: Buffer[] = [];
      const filled = (length: number, i: number) => Buffer.from(Array.from({ length }, (_, at) => (7 * i + at) % 251));
      for (const [i, one] of steps.entries()) {
        const bytes = filled(one.length, i);
        if (bytes.length === 0) continue;
        wanted.push(bytes);
        if (one.kind === 'write') {
          await assembly.write(bytes);
          continue;
        }
        const writer = files.piece(TASK, `piece-${i}`);
        await writer.write(Buffer.concat([filled(one.before, 99), bytes, filled(one.behind, 98)]));
        const piece = { name: `piece-${i}`, ...(await writer.close()) };
        await assembly.copy(piece, one.before, one.before + bytes.length);
      }
      await assembly.finish();
      await upload.complete();
      expect(Buffer.concat(wanted).equals([...files.objects.values()][0]!)).toBe(true);
      // Of each piece at most what fills a part up, or what is too small to be copied.
      expect(files.passed).toBeLessThan(2 * LEAST * steps.length);
    }),
  );
});

test('a part that fails is what the assembly fails with, and nothing is begun behind it', async () => {
  const files = new MemoryBundleFiles(LEAST);
  const upload = await files.upload(TASK);
  let parts = 0;
  files.fault = (kind, write) => {
    if (kind === 'put' && ++parts === 2) throw new Error('refused');
    return write();
  };
  const assembly = new Assembly(upload, async () => new Uint8Array());
  const all = async () => {
    for (let i = 0; i < 100; i++) await assembly.write(new Uint8Array(LEAST));
    await assembly.finish();
  };
  await expect(all()).rejects.toThrow('refused');
  expect(parts).toBeLessThan(100);
  await assembly.settle();
});
