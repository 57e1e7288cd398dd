// Listings of the local S3 agree with a look at every key.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SortedKeys } from '../../../local/s3/keys.ts';
import { type Listed, markerPlace, page, walk } from '../../../local/s3/listing.ts';
import { compareText } from '../../../names/order.ts';

const key = fc.stringMatching(/^[ab/\u{e000}\u{1f600}é]{1,6}$/u);
const keys = fc.uniqueArray(key, { maxLength: 40 });
const prefix = fc.oneof(fc.constant(''), fc.stringMatching(/^[ab/]{1,3}$/));
const delimiter = fc.constantFrom('', '/', 'a', 'b/');

/** Looks at every key. */
function reference(all: readonly string[], wanted: string, cut: string): Listed[] {
  const found: Listed[] = [];
  const seen = new Set<string>();
  for (const name of [...all].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))) {
    if (!name.startsWith(wanted)) continue;
    const at = cut === '' ? -1 : name.indexOf(cut, wanted.length);
    const common = name.slice(0, at + cut.length);
    if (at < 0) found.push({ kind: 'key', name });
    else if (!seen.has(common)) found.push({ kind: 'prefix', name: common });
    if (at >= 0) seen.add(common);
  }
  return found;
}

describe('listing', () => {
  test('keys are in the order of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (left, right) => {
        expect(Math.sign(compareText(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
      }),
    );
  });

  test('a walk finds what looking at every key finds', () => {
    fc.assert(
      fc.property(keys, prefix, delimiter, (all, wanted, cut) => {
        const found = [...walk(SortedKeys.from(all), { prefix: wanted, delimiter: cut, visible: () => true })];
        expect(found).toEqual(reference(all, wanted, cut));
      }),
    );
  });

  test('pages of any size are the whole, by token and by marker', () => {
    fc.assert(
      fc.property(
        keys,
        prefix,
        delimiter,
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (all, wanted, cut, size, byMarker) => {
          const sorted = SortedKeys.from(all);
          const found: Listed[] = [];
          for (let after: Listed | undefined; ; ) {
            const walked = walk(sorted, {
              prefix: wanted,
              delimiter: cut,
              visible: () => true,
              ...(after ? { after } : {}),
            });
            const { items, truncated } = page(walked, size);
            found.push(...items);
            const last = items.at(-1);
            if (!truncated || !last) break;
            after = byMarker ? markerPlace(last.name, wanted, cut) : last;
          }
          expect(found).toEqual(reference(all, wanted, cut));
        },
      ),
    );
  });

  test('keys that are added and deleted stay in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), key), { maxLength: 60 }), (steps) => {
        const sorted = new SortedKeys();
        const model = new Set<string>();
        for (const [add, name] of steps) {
          if (add) sorted.add(name);
          else sorted.delete(name);
          if (add) model.add(name);
          else model.delete(name);
        }
        const listed = [...walk(sorted, { prefix: '', delimiter: '', visible: () => true })].map(({ name }) => name);
        expect(listed).toEqual([...model].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right))));
      }),
    );
  });
});
