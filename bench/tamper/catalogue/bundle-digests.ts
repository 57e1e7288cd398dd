// Mutations of a bundle: digests.
import { FILES } from '../../../core/bundle/files.ts';
import { leafHash } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';
import { DIGEST, type Digest } from '../../../core/documents/digest.ts';
import type { SealedDigest } from '../../../core/verify/evidence.ts';
import type { BundleFiles } from '../bundles.ts';
import type { BundleMutation, Expected, Place } from '../mutation.ts';
import { type Change, inBundle, ofDigest, WITHOUT_DIGEST, withHead } from './shape.ts';

const decoded = ({ bytes }: SealedDigest) => DIGEST.parse(bytes);
const encoded = (digest: Digest) => DIGEST.format(digest);

/** What one digest says, changed; the others still name it by its old hash. */
const rewrite = (number: number, change: (digest: Digest) => Digest): Change => {
  return (files) => {
    const digests = files.digests;
    const sealed = digests[number]!;
    files.setDigests(digests.with(number, { ...sealed, bytes: encoded(change(decoded(sealed))) }));
  };
};

/** The same, and every later digest names the one before by its new hash. */
function rewriteAll(files: BundleFiles, change: (digest: Digest, number: number) => Digest): void {
  let previous: string | undefined;
  files.setDigests(
    files.digests.map((sealed, number) => {
      const digest = change({ ...decoded(sealed), ...(previous === undefined ? {} : { previous }) }, number);
      const bytes = encoded(digest);
      previous = toHex(leafHash(bytes));
      return { ...sealed, bytes };
    }),
  );
}

const digests = (change: (digests: SealedDigest[]) => readonly SealedDigest[]): Change => {
  return (files) => files.setDigests(change(files.digests));
};
const spelled = (number: number, change: (text: string) => string): Change =>
  digests((all) =>
    all.with(number, { ...all[number]!, bytes: Buffer.from(change(`${Buffer.from(all[number]!.bytes)}`)) }),
  );

/** One that is not in the log is none, so that its number is missing. */
const notInLog = (number: number): Expected => ({
  ...{ verdict: 'altered', at: [ofDigest('digest-not-in-log', number)], also: WITHOUT_DIGEST },
});
/** What is no digest of this tenant, or says that it is another leaf. */
const noDigest = (place: Place): Expected => ({ verdict: 'altered', at: [place], also: WITHOUT_DIGEST });
const gone = (...at: Place[]): Expected => ({ verdict: 'missing', at, also: WITHOUT_DIGEST });

/** What digests say, and their way to the log. */
export const BUNDLE_DIGESTS: readonly BundleMutation[] = [
  inBundle(
    'digest-removed',
    'leaves out a sealed day',
    gone(ofDigest('digest-number', 2)),
    digests((all) => all.toSpliced(1, 1)),
  ),
  inBundle(
    'digests-removed-in-a-row',
    'leaves out two sealed days in a row',
    gone(ofDigest('digest-number', 3)),
    digests((all) => all.toSpliced(1, 2)),
  ),
  inBundle(
    'digest-removed-first',
    'leaves out the first sealed day',
    gone(ofDigest('digest-number', 1)),
    digests((all) => all.slice(1)),
  ),
  inBundle(
    'digest-removed-last',
    'leaves out the newest sealed day',
    gone(ofDigest('digest-not-newest', 2), { code: 'ends-early' }),
    digests((all) => all.slice(0, -1)),
  ),
  inBundle(
    'digests-removed-all',
    'leaves out all digests',
    { verdict: 'incomplete', at: [{ code: 'no-digest' }], also: [{ code: 'no-position' }] },
    (files) => files.set(FILES.digests, ''),
  ),
  inBundle(
    'digests-swapped',
    'lets two sealed days change places',
    {
      verdict: 'altered',
      at: [{ code: 'digest-number' }],
      also: [
        { code: 'digest-order' },
        { code: 'digest-previous' },
        { code: 'coverage-gap' },
        { code: 'coverage-overlap' },
        { code: 'chain-shrunk' },
        ...WITHOUT_DIGEST,
      ],
    },
    digests((all) => [all[0]!, all[2]!, all[1]!, all[3]!]),
  ),
  inBundle(
    'digest-duplicated',
    'puts a digest twice',
    {
      verdict: 'altered',
      at: [ofDigest('digest-order', 1), ofDigest('digest-number', 1)],
      also: [{ code: 'coverage-overlap' }, { code: 'slot-number' }],
    },
    digests((all) => all.toSpliced(1, 0, all[1]!)),
  ),
  inBundle(
    'digest-size-edited',
    'says that a chain had fewer entries',
    notInLog(1),
    rewrite(1, (digest) => withHead(digest, 1, { size: 40 })),
  ),
  inBundle(
    'digest-root-edited',
    'names another root',
    notInLog(3),
    rewrite(3, (digest) => withHead(digest, 0, { root: '00'.repeat(32) })),
  ),
  inBundle(
    'digest-link-edited',
    'names another link',
    notInLog(3),
    rewrite(3, (digest) => withHead(digest, 0, { link: '00'.repeat(32) })),
  ),
  inBundle(
    'digest-retention-shortened',
    'says that entries were kept for a day',
    notInLog(3),
    rewrite(3, (digest) => ({ ...digest, retention: { ...digest.retention, data_access: 'P1D' } })),
  ),
  inBundle(
    'digest-chain-left-out',
    'says that there was no second chain',
    notInLog(3),
    rewrite(3, (digest) => ({ ...digest, chains: digest.chains.slice(0, 1) })),
  ),
  inBundle(
    'digest-contents-left-out',
    'says that a day brought nothing',
    notInLog(2),
    rewrite(2, ({ contents: _, ...digest }) => digest),
  ),
  inBundle(
    'digest-backdated',
    'says that a seal was made earlier',
    notInLog(3),
    rewrite(3, (digest) => ({ ...digest, sealedAt: '2026-03-04T12:00:00.000Z' })),
  ),
  inBundle(
    'digest-postdated',
    'says that a seal was made years later',
    notInLog(3),
    rewrite(3, (digest) => ({
      ...{ ...digest, sealedAt: '2036-03-05T00:10:00.000Z', nextBy: '2036-03-06T00:10:00.000Z' },
    })),
  ),
  inBundle(
    'digests-forged',
    'rewrites history from the second seal on, each digest naming the one before',
    { verdict: 'altered', at: [1, 2, 3].map((number) => ofDigest('digest-not-in-log', number)), also: WITHOUT_DIGEST },
    (files) =>
      rewriteAll(files, (digest, number) => (number === 0 ? digest : withHead(digest, 1, { root: '11'.repeat(32) }))),
  ),
  inBundle(
    'digest-of-other-tenant',
    'puts another tenant’s digest in a digest’s place',
    noDigest({ code: 'digest-tenant' }),
    async (files, { umbra }) => {
      const foreign = (await umbra.open()).digests;
      files.setDigests(files.digests.with(1, foreign[1]!));
    },
  ),
  inBundle(
    'digest-claimed-from-other-tenant',
    'renames another tenant’s digest',
    notInLog(1),
    async (files, { umbra }) => {
      const foreign = (await umbra.open()).digests[1]!;
      files.setDigests(files.digests.with(1, { ...foreign, bytes: encoded({ ...decoded(foreign), tenant: 'acme' }) }));
    },
  ),
  inBundle(
    'digest-version-downgraded',
    'says that a digest is of an older format',
    noDigest({ code: 'digest-version' }),
    spelled(1, (text) => text.replace('"v":1', '"v":0')),
  ),
  inBundle(
    'digest-with-unknown-member',
    'adds a member to a digest',
    noDigest({ code: 'digest-malformed' }),
    spelled(1, (text) => text.replace('"v":1', '"v":1,"x":1')),
  ),
  inBundle(
    'digest-with-blanks',
    'spells a digest otherwise',
    noDigest({ code: 'digest-malformed' }),
    spelled(1, (text) => text.replace(',"', ', "')),
  ),
  inBundle(
    'digest-in-upper-case',
    'spells a hash in upper case',
    noDigest({ code: 'digest-malformed' }),
    spelled(1, (text) => text.replace(/"link":"[0-9a-f]{64}"/, (hash) => hash.toUpperCase().replace('LINK', 'link'))),
  ),
  inBundle(
    'digest-index-moved',
    'says that a digest is another leaf',
    noDigest(ofDigest('digest-index', 1)),
    digests((all) => all.with(1, { ...all[1]!, index: 3 })),
  ),
  inBundle(
    'digest-proof-of-another',
    'gives a digest another one’s proof',
    notInLog(1),
    digests((all) => all.with(1, { ...all[1]!, proof: all[2]!.proof })),
  ),
  inBundle(
    'digest-proof-shortened',
    'cuts a hash from a proof',
    notInLog(1),
    digests((all) => all.with(1, { ...all[1]!, proof: all[1]!.proof.slice(0, -1) })),
  ),
  inBundle(
    'digest-proof-lengthened',
    'appends a hash to a proof',
    notInLog(1),
    digests((all) => all.with(1, { ...all[1]!, proof: [...all[1]!.proof, all[1]!.proof[0]!] })),
  ),
  inBundle(
    'digest-proof-emptied',
    'gives a digest no proof',
    notInLog(1),
    digests((all) => all.with(1, { ...all[1]!, proof: [] })),
  ),
];
