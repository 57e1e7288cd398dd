// ZIP archives give their content back, and changed ones are refused.
import { posix, win32 } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { zlibZip } from '../../../adapters/zip/zlib.ts';
import { STANDARD_LAYOUT, ZipLayout } from '../../../core/zip/layout.ts';
import { ZipWriter } from '../../../core/zip/writer.ts';
import { contents, written, zipRefusal } from '../../support/zip.ts';

const letters = [...'abcdefgABCDEFG0123456789._=#-'];
const segment = fc
  .string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 12 })
  .filter((s) => !s.endsWith('.'));
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

/** No two that collide: told apart by a folder of their own. */
const paths = fc.array(path, { maxLength: 8 }).map((all) => all.map((one, i) => `${i}/${one}`));

/** Text that compresses, and bytes that do not. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc
    .tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(8000))
    .map(([unit, times]) => Buffer.concat(Array.from({ length: times }, () => unit))),
);
const entry = fc.record({ content, stored: fc.boolean(), cuts: fc.array(fc.nat(), { maxLength: 12 }) });
const files = paths.chain((all) => fc.tuple(...all.map((one) => entry.map((rest) => ({ ...rest, path: one })))));
const layout = fc.constantFrom(
  STANDARD_LAYOUT,
  new ZipLayout({ size: 100, entries: 3 }),
  new ZipLayout({ size: 1, entries: 0 }),
);

type File = { path: string; content: Uint8Array; stored: boolean; cuts: number[] };

/** The content in pieces, some of them empty. */
async function* cut({ content: whole, cuts }: File): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const end of [...cuts.map((one) => one % (whole.length + 1)).toSorted((a, b) => a - b), whole.length]) {
    yield whole.subarray(at, end);
    at = end;
  }
}

function fits({ stored, content: whole }: File, zip: ZipLayout): boolean {
  return stored && !zip.isLarge(whole.length);
}

async function pack(all: readonly File[], zip: ZipLayout, inPieces: boolean): Promise<Buffer> {
  return written(async (writer) => {
    for (const file of all) {
      if (fits(file, zip)) await writer.store(file.path, file.content);
      else await writer.add(file.path, inPieces ? cut(file) : file.content);
    }
  }, zip);
}

test('every archive gives its entries back, and the pieces that they came in change no byte', async () => {
  await fc.assert(
    fc.asyncProperty(files, layout, async (all, zip) => {
      const archive = await pack(all, zip, true);
      const want = all.map((file) => [file.path, Buffer.from(file.content).toString('latin1')]);
      expect(await contents(archive)).toEqual(Object.fromEntries(want));
      expect(archive.equals(await pack(all, zip, false))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

const sample: File[] = [
  {
    path: 'entries.ndjson',
    content: Buffer.from('{"id":"a","v":1}\n{"id":"b","v":1}\n'.repeat(9)),
    stored: false,
    cuts: [],
  },
  { path: 'tile/0/000', content: Buffer.from('thirty-two bytes of a leaf hash.'), stored: true, cuts: [] },
  { path: 'empty', content: Buffer.alloc(0), stored: false, cuts: [] },
  {
    path: 'random',
    content: Uint8Array.from({ length: 120 }, (_, i) => (i * i * 31 + i * 7) & 255),
    stored: false,
    cuts: [],
  },
];
const layouts = [STANDARD_LAYOUT, new ZipLayout({ size: 40, entries: 3 })];
const archives = await Promise.all(layouts.map((zip) => pack(sample, zip, false)));

test('a changed byte is refused, unless no content changes by it', async () => {
  const want = await contents(archives[0]!);
  let harmless = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(0, 1), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, random, flip) => {
      const changed = Buffer.from(archives[which]!);
      const at = random % changed.length;
      changed[at]! ^= flip;
      if ((await zipRefusal(changed)) !== 'accepted') return;
      harmless++;
      expect(await contents(changed)).toEqual(want);
    }),
    { numRuns: 3000 },
  );
  // What a header says of systems, versions and permissions, and spare bits at the end of a deflate stream.
  expect(harmless).toBeLessThan(300);
});

test.each([0, 1])('an archive cut off anywhere is refused (%i)', async (which) => {
  const archive = archives[which]!;
  for (let length = 0; length < archive.length; length++) {
    const code = await zipRefusal(archive.subarray(0, length));
    expect(code).toBe(length === 0 ? 'not-a-zip' : 'truncated');
  }
});

test('bytes put in, taken out or swapped are refused', async () => {
  const archive = archives[0]!;
  const place = fc.nat(archive.length);
  await fc.assert(
    fc.asyncProperty(place, fc.nat(40), fc.uint8Array({ maxLength: 40 }), async (at, removed, added) => {
      const changed = Buffer.concat([archive.subarray(0, at), added, archive.subarray(at + removed)]);
      if (changed.equals(archive)) return;
      const code = await zipRefusal(changed);
      if (code === 'accepted') expect(await contents(changed)).toEqual(await contents(archive));
    }),
    { numRuns: 1000 },
  );
});

test('arbitrary bytes are refused by a ZipError, however they begin and end', async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constantFrom('PK\x03\x04', 'PK\x01\x02', 'PK\x06\x06', 'PK\x06\x07').map((mark) => Buffer.from(mark)),
    fc.constantFrom(
      archives[0]!.subarray(-22),
      archives[1]!.subarray(-98),
      Buffer.from(`504b0506${'ff'.repeat(16)}0000`, 'hex'),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      expect(await zipRefusal(Buffer.concat(pieces))).not.toBe('accepted');
    }),
    { numRuns: 1000 },
  );
});

test('no name that the writer takes leaves its folder', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'ab./\\:'), maxLength: 8 }), async (name) => {
      const zip = new ZipWriter(async () => undefined, zlibZip);
      try {
        await zip.store(name, new Uint8Array());
      } catch (error) {
        expect(error).toMatchObject({ name: 'ZipError', code: 'name' });
        return;
      }
      expect(posix.resolve('/top', name)).toBe(`/top/${name}`);
      expect(win32.resolve('D:\\top', name)).toBe(`D:\\top\\${name.replaceAll('/', '\\')}`);
    }),
  );
});
