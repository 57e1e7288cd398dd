// Mutations of a bundle: documents that digests name.
import { documentFile } from '../../../core/bundle/files.ts';
import { DIGEST } from '../../../core/documents/digest.ts';
import type { BundleFiles } from '../bundles.ts';
import type { BundleMutation, Expected } from '../mutation.ts';
import { type Change, inBundle, WITHOUT_DIGEST } from './shape.ts';

/** The paths of acme's documents of one kind, and what names each. */
const nth = (kind: string, index: number) => (files: BundleFiles) => files.documents(kind).at(index)!;

const edit =
  (kind: string, index: number, change: (text: string) => string): Change =>
  (files) =>
    files.edit(nth(kind, index)(files), change);
const drop =
  (kind: string, index: number): Change =>
  (files) =>
    files.delete(nth(kind, index)(files));

/** A document that has other bytes than something sealed says. */
const documentAltered = (key: RegExp, ...also: string[]): Expected => ({
  verdict: 'altered',
  at: [{ code: 'document-altered', tenant: 'acme', object: key }],
  also: also.map((code) => ({ code })),
});
const documentMissing = (key: RegExp, ...also: string[]): Expected => ({
  verdict: 'incomplete',
  at: [{ code: 'document-missing', tenant: 'acme', object: key }],
  also: also.map((code) => ({ code })),
});

const NEWEST = '0000000003';
const TOMBSTONE_KEY = /^tombstones\/tenant=acme\/0000000000\.json/;

/** Bodies that are gone and whose tombstone can't be read are missing. */
const withoutTombstone: Expected = {
  verdict: 'missing',
  at: [
    { code: 'document-missing', object: TOMBSTONE_KEY },
    { code: 'body-missing', chain: 0 },
  ],
};

export const BUNDLE_DOCUMENTS: readonly BundleMutation[] = [
  inBundle(
    'contents-edited',
    'changes a contents document',
    documentAltered(new RegExp(`^contents/tenant=acme/${NEWEST}`), 'body-missing'),
    edit('contents', -1, (text) => text.replace('"nextHold":1', '"nextHold":2')),
  ),
  inBundle(
    'contents-removed',
    'leaves out a contents document',
    {
      verdict: 'missing',
      at: [
        { code: 'document-missing', object: new RegExp(`^contents/tenant=acme/${NEWEST}`) },
        { code: 'body-missing', chain: 0 },
      ],
    },
    drop('contents', -1),
  ),
  inBundle(
    'contents-swapped',
    'lets two contents documents change places',
    {
      verdict: 'altered',
      at: [
        { code: 'document-altered', object: /^contents\/.*0002/ },
        { code: 'document-altered', object: /^contents\/.*0003/ },
      ],
      also: [{ code: 'body-missing' }],
    },
    swap(nth('contents', -1), nth('contents', -2)),
  ),
  inBundle(
    'contents-of-other-tenant',
    'puts another tenant’s contents under the name',
    documentAltered(/^contents\/tenant=acme\/0000000001/, 'body-missing'),
    async (files, { umbra }) => {
      const foreign = await umbra.open();
      return files.set(files.documents('contents')[1]!, foreign.get(foreign.documents('contents')[1]!));
    },
  ),
  inBundle(
    'list-position-left-out',
    'says of a position that it is nowhere',
    documentAltered(new RegExp(`^lists/tenant=acme/${NEWEST}/01`)),
    edit('segments', -1, (text) =>
      text.replace(/"positions":"(\d+)-/, (_, first: string) => `"positions":"${Number(first) + 1}-`),
    ),
  ),
  inBundle(
    'list-position-twice',
    'says of a position that it is in two segments',
    documentAltered(new RegExp(`^lists/tenant=acme/${NEWEST}/01`)),
    edit('segments', -1, (text) =>
      text.replace(/-(\d+)","version|-(\d+)"\}/, (all) => all.replace(/\d+/, (last) => String(Number(last) + 1))),
    ),
  ),
  inBundle(
    'list-version-changed',
    'names another version of a segment',
    documentAltered(new RegExp(`^lists/tenant=acme/${NEWEST}/01`)),
    edit('segments', -1, (text) => text.replace(/"version":"v/, '"version":"w')),
  ),
  inBundle(
    'list-hash-changed',
    'names another hash of a segment',
    documentAltered(new RegExp(`^lists/tenant=acme/${NEWEST}/01`)),
    edit('segments', -1, (text) => text.replace(/"sha256":"./, '"sha256":"g')),
  ),
  inBundle(
    'list-removed',
    'leaves out a segment list',
    documentMissing(new RegExp(`^lists/tenant=acme/${NEWEST}/01`)),
    drop('segments', -1),
  ),
  inBundle(
    'lists-swapped-between-chains',
    'lets the lists of two chains change places',
    {
      verdict: 'altered',
      at: [
        { code: 'document-altered', object: /^lists\/.*\/00-/ },
        { code: 'document-altered', object: /^lists\/.*\/01-/ },
      ],
    },
    swap(nth('segments', -1), nth('segments', -2)),
  ),
  inBundle(
    'lists-swapped-between-seals',
    'lets the lists of two seals change places',
    {
      verdict: 'altered',
      at: [
        { code: 'document-altered', object: /^lists\/.*0002\/01-/ },
        { code: 'document-altered', object: /^lists\/.*0003\/01-/ },
      ],
    },
    swap(nth('segments', -1), nth('segments', -3)),
  ),
  inBundle('tombstone-removed', 'leaves out the tombstone of what has expired', withoutTombstone, drop('tombstone', 0)),
  inBundle(
    'tombstone-edited',
    'changes the time of a tombstone',
    {
      verdict: 'altered',
      at: [
        { code: 'document-altered', object: TOMBSTONE_KEY },
        { code: 'body-missing', chain: 0 },
      ],
    },
    edit('tombstone', 0, (text) => text.replace('"at":"2026', '"at":"2025')),
  ),
  inBundle(
    'tombstone-widened',
    'has a tombstone name one segment more, to take entries out under it',
    {
      verdict: 'altered',
      at: [{ code: 'document-altered', object: TOMBSTONE_KEY }],
      also: [{ code: 'body-missing', chain: 0 }],
    },
    (files) => {
      files.edit(nth('tombstone', 0)(files), (text) => text.replace('"segments":[', '"segments":[{},'));
      files.editEntries(0, (lines) => lines.toSpliced(0, 5));
    },
  ),
  inBundle(
    'tombstones-swapped',
    'lets two tombstones change places',
    {
      verdict: 'altered',
      at: [
        { code: 'document-altered', object: /^tombstones\/.*0000\.json/ },
        { code: 'document-altered', object: /^tombstones\/.*0001\.json/ },
        { code: 'body-missing', chain: 0 },
      ],
    },
    swap(nth('tombstone', 0), nth('tombstone', 1)),
  ),
  inBundle(
    'tombstone-of-other-tenant',
    'puts another tenant’s tombstone under the name',
    {
      verdict: 'altered',
      at: [
        { code: 'document-altered', object: TOMBSTONE_KEY },
        { code: 'body-missing', chain: 0 },
      ],
    },
    async (files, { umbra }) => {
      const foreign = await umbra.open();
      return files.set(files.documents('tombstone')[0]!, foreign.get(foreign.documents('tombstone')[0]!));
    },
  ),
  inBundle(
    'hold-removed',
    'leaves out a legal hold',
    documentMissing(/^holds\/tenant=acme\/0000000000/),
    drop('hold', 0),
  ),
  inBundle(
    'hold-edited',
    'turns a legal hold into its release',
    documentAltered(/^holds\/tenant=acme\/0000000000/),
    edit('hold', 0, (text) => text.replace('applied', 'released')),
  ),
  inBundle(
    'hold-left-out-of-contents',
    'takes a legal hold out of the contents, and follows the hashes up to the digest',
    { verdict: 'altered', at: [{ code: 'digest-not-in-log', digest: 0 }], also: WITHOUT_DIGEST },
    (files) => rename(files, 0, (text) => text.replace(/"holds":\[.*?\]/, '"holds":[]')),
  ),
  inBundle(
    'list-forged-up-to-the-digest',
    'changes a list and every hash up to the digest',
    { verdict: 'altered', at: [{ code: 'digest-not-in-log', digest: 3 }], also: WITHOUT_DIGEST },
    (files) => rename(files, 3, (text) => text.replace('"nextTombstone":2', '"nextTombstone":3')),
  ),
  inBundle(
    'document-version-downgraded',
    'says that a list is of an older format',
    documentAltered(new RegExp(`^lists/tenant=acme/${NEWEST}/01`)),
    edit('segments', -1, (text) => text.replace('"v":1', '"v":0')),
  ),
];

function swap(one: (files: BundleFiles) => string, other: (files: BundleFiles) => string): Change {
  return (files) => {
    const [a, b] = [one(files), other(files)];
    const first = files.get(a);
    files.set(a, files.get(b)).set(b, first);
  };
}

/** A contents document changed, and the digest that names it: only the log still says what it was. */
function rename(files: BundleFiles, number: number, change: (text: string) => string): void {
  const sealed = files.digests[number]!;
  const digest = DIGEST.parse(sealed.bytes);
  const path = documentFile(digest.contents!.sha256);
  const text = change(files.text(path));
  files.delete(path);
  const contents = { ...digest.contents!, sha256: files.addDocument(text), bytes: Buffer.byteLength(text) };
  files.setDigests(files.digests.with(number, { ...sealed, bytes: DIGEST.format({ ...digest, contents }) }));
}
