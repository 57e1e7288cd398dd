// Tombstones that no digest has sealed: they travel in a bundle, and nothing signed names them.
import { documentFile, UNSEALED_FILE } from '../../../core/bundle/files.ts';
import { unsealedLine } from '../../../core/bundle/lines.ts';
import { leafHash } from '../../../core/chain.ts';
import { equalBytes } from '../../../core/crypto.ts';
import { parsePositions } from '../../../core/documents/positions.ts';
import { SEGMENT_LIST, type SealedSegment } from '../../../core/documents/segments.ts';
import { TOMBSTONE, type Tombstone } from '../../../core/documents/tombstone.ts';
import { tombstoneKey } from '../../../names/log.ts';
import type { BundleFiles, Bundles } from '../bundles.ts';
import type { BundleMutation, Expected } from '../mutation.ts';
import { inBundle } from './shape.ts';

/** As acme's expiry would number its next one. */
const NUMBER = 2;
/** Debug entries of this day are past their time at the newest seal, and their expiry has not come yet. */
const PAST = { category: 'debug', day: '2026-03-03' };
/** Security entries are kept. */
const KEPT = { category: 'security', day: '2026-03-03' };
const AT = '2026-03-05T00:05:00.000Z';

type Shelf = typeof PAST;

/** Takes a shelf's entries of acme's first chain out of a bundle, under a tombstone that is put beside it. */
function taken(files: BundleFiles, shelf: Shelf, change: Partial<Tombstone>, hash?: string): void {
  const gone = segmentsOf(files, shelf);
  const bodies = gone.flatMap((segment) => bodiesOf(files, segment));
  files.editEntries(0, (lines) =>
    lines.filter((line) => {
      const leaf = leafHash(new TextEncoder().encode(line));
      return !bodies.some((body) => equalBytes(body, leaf));
    }),
  );
  const segments = gone.map(({ object, day, first, last }) => ({
    ...{ object: hash === undefined ? object : { ...object, sha256: hash }, chain: 0, day, first, last },
  }));
  const { category } = shelf;
  const own = { v: 1, kind: 'tombstone', tenant: 'acme', number: NUMBER, at: AT, category, retention: 'P1D' } as const;
  const text = new TextDecoder().decode(TOMBSTONE.format({ ...own, segments, ...change }));
  const sha256 = files.addDocument(text);
  const bytes = files.get(documentFile(sha256)).length;
  files.set(UNSEALED_FILE, unsealedLine({ bytes, key: tombstoneKey('acme', NUMBER), sha256, version: 'forged' }));
}

function segmentsOf(files: BundleFiles, { category, day }: Shelf): SealedSegment[] {
  const lists = files.documents('segments').map((path) => SEGMENT_LIST.parse(files.get(path)));
  const own = lists.filter(({ chain }) => chain === 0).flatMap(({ segments }) => segments);
  const found = own.filter((segment) => segment.category === category && segment.day === day);
  if (found.length === 0) throw new Error(`got no segment of ${category} of ${day}`);
  return found;
}

function bodiesOf(files: BundleFiles, { positions }: SealedSegment): Uint8Array[] {
  return parsePositions(positions).flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, i) => files.leaf(0, first + i)),
  );
}

const caught = (code: string): Expected => ({
  verdict: 'altered',
  at: [{ code, tenant: 'acme' }],
  also: [{ code: 'body-missing', tenant: 'acme', chain: 0 }],
});

/** Of a bundle that was made between an expiry and the seal that follows. */
const expiring = (
  name: string,
  does: string,
  expected: Expected,
  change: (files: BundleFiles) => unknown,
): BundleMutation => ({
  ...{ name, attacker: 'bundle', does, expected: { bundle: expected, trusted: expected } },
  expectThrough: '2026-03-04',
  async forge(bundles: Bundles) {
    const files = await bundles.expiring.open();
    await change(files);
    return files.bytes();
  },
});

export const BUNDLE_UNSEALED: readonly BundleMutation[] = [
  inBundle(
    'unsealed-tombstone-forged',
    'takes out entries that are past their time, under a tombstone that could be true and is said to be sealed soon',
    { verdict: 'unconfirmed', at: [{ code: 'body-unconfirmed', tenant: 'acme', chain: 0 }] },
    (files) => taken(files, PAST, {}),
  ),
  inBundle(
    'unsealed-tombstone-early',
    'takes out entries that are kept, under a tombstone that no digest has sealed',
    caught('early-expiry'),
    (files) => taken(files, KEPT, {}),
  ),
  inBundle(
    'unsealed-tombstone-of-the-future',
    'dates such a tombstone to when the entries will be past their time',
    caught('tombstone-future'),
    (files) => taken(files, PAST, { at: '2036-01-01T00:00:00.000Z' }),
  ),
  inBundle(
    'unsealed-tombstone-of-another-segment',
    'names a segment of other bytes in such a tombstone',
    caught('tombstone-foreign'),
    (files) => taken(files, PAST, {}, 'f'.repeat(64)),
  ),
  inBundle(
    'unsealed-tombstone-of-another-category',
    'takes out entries that are kept under the name of a category that is not',
    caught('tombstone-foreign'),
    (files) => taken(files, KEPT, { category: 'debug' }),
  ),
  inBundle(
    'unsealed-tombstone-of-another-tenant',
    'hands such a tombstone on as another tenant’s',
    caught('document-foreign'),
    (files) => taken(files, PAST, { tenant: 'umbra' }),
  ),
  inBundle(
    'unsealed-tombstone-renumbered',
    'gives such a tombstone the number of one that is sealed',
    caught('slot-number'),
    (files) => taken(files, PAST, { number: 0 }),
  ),
  expiring(
    'unsealed-tombstone-left-out',
    'leaves out the tombstone of what expired since the newest seal',
    {
      verdict: 'missing',
      at: [{ code: 'body-missing', tenant: 'acme', chain: 0 }],
    },
    (files) => {
      for (const line of files.lines(UNSEALED_FILE)) {
        files.delete(documentFile((JSON.parse(line) as { sha256: string }).sha256));
      }
      files.delete(UNSEALED_FILE);
    },
  ),
  expiring(
    'unsealed-tombstone-altered',
    'changes the tombstone of what expired since the newest seal',
    {
      verdict: 'altered',
      at: [{ code: 'document-altered', tenant: 'acme' }],
      also: [{ code: 'body-missing', tenant: 'acme', chain: 0 }],
    },
    (files) => {
      const { sha256 } = JSON.parse(files.lines(UNSEALED_FILE)[0]!) as { sha256: string };
      files.edit(documentFile(sha256), (text) => text.replace('"retention":"P1D"', '"retention":"P2D"'));
    },
  ),
];
