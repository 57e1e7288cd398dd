// What a sealer takes into the newest seal although it is of another time, or no entry at all.
import type { Tombstone } from '../../../core/documents/tombstone.ts';
import type { BundleFiles } from '../bundles.ts';
import type { BundleMutation, Expected, Place } from '../mutation.ts';
import { renamed } from '../reseal.ts';
import { headOf, rehash } from './sealer-digests.ts';
import { altered, at, ofDigest, type Rewrite, resealed, withHead } from './shape.ts';

/** Of acme's second chain, in the newest seal. */
const POSITION = 90;

/** Sealed as it is, links, tree and all. */
function sealedEntry(name: string, does: string, code: string, change: (text: string) => string): BundleMutation {
  const place: Place = at(code, POSITION, POSITION, 1);
  const expected: Expected = code === 'entry-late' ? { verdict: 'incomplete', at: [place] } : altered(place);
  return resealed(`entry-${name}`, does, expected, (digests, files) => {
    const [before, newest] = digests.slice(-2);
    edit(files, change);
    return digests.with(-1, withHead(newest!, 1, rehash(files, 75, headOf(before!, 1).link)));
  });
}

function edit(files: BundleFiles, change: (text: string) => string): void {
  files.editEntries(1, (lines) => lines.with(POSITION, change(lines[POSITION]!)));
}

/** Recorded, and said to have happened, on that day. */
const onDay = (day: string) => (text: string) => text.replaceAll('"2026-03-04T', `"${day}T`);

const tombstone = (change: Partial<Tombstone>): Rewrite => {
  return (digests, files) => renamed(files, digests, { tombstone: (one) => ({ ...one, ...change }) });
};

const otherDay = (day: string): Rewrite => {
  return (digests, files) =>
    renamed(files, digests, {
      list: (list) => (list.chain === 1 ? { ...list, segments: list.segments.map((one) => ({ ...one, day })) } : list),
    });
};

const segments = (code: string): Place => ({ code, tenant: 'acme', chain: 1, digest: 3 });

export const SEALER_TIMES: readonly BundleMutation[] = [
  sealedEntry('backdated', 'seals an entry of years ago', 'entry-backdated', onDay('2019-03-04')),
  sealedEntry('late', 'seals an entry of the week before', 'entry-late', onDay('2026-02-25')),
  sealedEntry('ahead', 'seals an entry of a hundred years on', 'entry-ahead', onDay('2126-03-04')),
  sealedEntry('without-category', 'seals an entry of no category that there is', 'entry-category', (text) =>
    text.replace(/"category":"[a-z_]+"/, '"category":"nonsense"'),
  ),
  sealedEntry('with-blanks', 'seals an entry that is spelled otherwise', 'entry-not-canonical', (text) =>
    text.replace(':', ': '),
  ),
  sealedEntry('of-version-2', 'seals an entry of another version', 'entry-version', (text) =>
    text.replace('"v":1', '"v":2'),
  ),
  sealedEntry('with-more-members', 'seals an entry with a member that none has', 'entry-malformed', (text) =>
    text.replace('{', '{"aa":1,'),
  ),
  sealedEntry('of-another-tenant', 'seals another tenant’s entry', 'entry-tenant', (text) =>
    text.replace('"tenant":"acme"', '"tenant":"umbra"'),
  ),
  sealedEntry('of-nothing', 'seals what is no entry', 'entry-malformed', () => 'nothing'),
  resealed(
    'tombstone-ahead',
    'buries by a tombstone of the time after its seal',
    { verdict: 'altered', at: [ofDigest('event-ahead', 3)], also: [{ code: 'body-missing', chain: 0 }] },
    tombstone({ at: '2099-01-01T00:00:00.000Z' }),
  ),
  resealed(
    'tombstone-backdated',
    'buries by a tombstone of before the seal before, as if a hold had come later',
    {
      verdict: 'altered',
      at: [ofDigest('event-late', 3)],
      also: [
        { code: 'body-missing', chain: 0 },
        { code: 'early-expiry', chain: 0 },
      ],
    },
    tombstone({ at: '2026-03-03T12:00:00.000Z' }),
  ),
  resealed(
    'segment-backdated',
    'says that new entries are of years ago, to have them expire at once',
    { verdict: 'altered', at: [segments('entry-backdated')] },
    otherDay('2019-03-04'),
  ),
  resealed(
    'segment-ahead',
    'says that new entries are of a day that has not come',
    { verdict: 'altered', at: [segments('entry-ahead')] },
    otherDay('2026-03-07'),
  ),
  resealed(
    'signed-before-sealed',
    'signs earlier than it seals',
    { verdict: 'altered', at: [ofDigest('digest-ahead', 3)] },
    (digests) => digests,
    { timestamp: Date.parse('2026-03-05T00:09:00.000Z') / 1_000 },
  ),
];
