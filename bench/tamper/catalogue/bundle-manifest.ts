// Mutations of a bundle: its manifest.
import { documentFile, entriesFile, FILES } from '../../../core/bundle/files.ts';
import type { BundleFiles, Bundles } from '../bundles.ts';
import type { BundleMutation, Expected } from '../mutation.ts';
import { type Change, inBundle, ofDigest, WITHOUT_DIGEST } from './shape.ts';

const edit =
  (change: (text: string) => string): Change =>
  (files) =>
    files.edit(FILES.manifest, change);
const scope: Expected = { refused: 'scope', path: FILES.manifest };
const manifest: Expected = { refused: 'manifest', path: FILES.manifest };
const through = (from: number, to: number) => (text: string) => text.replace(`"through":${from}`, `"through":${to}`);

export const BUNDLE_MANIFEST: readonly BundleMutation[] = [
  inBundle(
    'scope-shortened',
    'says that the newest entries were not asked for, and leaves them out',
    scope,
    (files) => {
      files.edit(FILES.manifest, through(100, 75));
      return files.editEntries(1, (lines) => lines.slice(0, 75));
    },
  ),
  inBundle('scope-shortened-inside-a-seal', 'ends a chain where no seal does', scope, (files) => {
    files.edit(FILES.manifest, through(100, 90));
    return files.editEntries(1, (lines) => lines.slice(0, 90));
  }),
  inBundle(
    'scope-shortened-by-day',
    'says that only earlier days were asked for, and leaves out some of those too',
    scope,
    (files) => {
      files.edit(FILES.manifest, (text) => through(100, 50)(text).replace('"tool":', '"to":"2026-03-03","tool":'));
      return files.editEntries(1, (lines) => lines.slice(0, 50));
    },
  ),
  ...(
    [
      ['day-impossible', 'says that days were asked for which no calendar has', '"tool":', '"to":"2026-99-99","tool":'],
      ['day-of-no-leap-year', 'says that 29 February 2026 was asked for', '"tool":', '"to":"2026-02-29","tool":'],
      [
        'days-reversed',
        'says that days were asked for which end before they begin',
        '"kind":',
        '"from":"2026-03-02","kind":',
      ],
    ] as const
  ).map(([name, does, from, to]) =>
    inBundle(
      `manifest-${name}`,
      does,
      manifest,
      edit((text) => {
        const changed = text.replace(from, to);
        return name === 'days-reversed' ? changed.replace('"tool":', '"to":"2026-03-01","tool":') : changed;
      }),
    ),
  ),
  inBundle(
    'manifest-time-impossible',
    'says that the bundle was made at a time which there is not',
    manifest,
    edit((text) => text.replace(/"createdAt":"[^"]*"/, '"createdAt":"9999-99-99T99:99:99.999Z"')),
  ),
  inBundle('scope-emptied', 'says that no entry was asked for', scope, (files) => {
    files.edit(FILES.manifest, (text) => through(100, 0)(through(628, 0)(text)));
    return files.set(entriesFile(0), '').set(entriesFile(1), '');
  }),
  inBundle('scope-begun-late', 'leaves out the first digest and says that it was not asked for', scope, (files) => {
    files.edit(FILES.manifest, (text) => text.replace('"first":0', '"first":1'));
  }),
  inBundle(
    'scope-begun-late-by-day',
    'says that only later days were asked for, and leaves out some of those too',
    scope,
    (files) => files.edit(FILES.manifest, (text) => text.replace('"first":0', '"first":2,"from":"2026-03-03"')),
  ),
  inBundle('scope-chain-left-out', 'says that there is no second chain', scope, (files) => {
    for (const path of [...files.files.keys()]) if (path.startsWith('chains/1/')) files.delete(path);
    return files.edit(FILES.manifest, (text) => text.replace(/,\{"chain":1[^}]*\}/, ''));
  }),
  inBundle('scope-chain-added', 'says that there is a third chain', { refused: 'scope' }, (files) => {
    files.edit(FILES.manifest, (text) => text.replace(']', ',{"chain":2,"from":0,"through":0}]'));
    return files.set(entriesFile(2), '');
  }),
  inBundle(
    'scope-beyond-digests',
    'says that there are more digests than there are',
    { verdict: 'truncated', at: [{ code: 'ends-early', tenant: 'acme' }] },
    edit((text) => text.replace('"last":3', '"last":9')),
  ),
  inBundle(
    'scope-beyond-entries',
    'says that a chain is longer than it is sealed',
    { verdict: 'truncated', at: [{ code: 'ends-early', tenant: 'acme', chain: 1, first: 100, last: 109 }] },
    edit(through(100, 110)),
  ),
  inBundle(
    'manifest-tenant-changed',
    'says that the evidence is another tenant’s',
    {
      verdict: 'altered',
      at: [{ code: 'digest-tenant', tenant: 'umbra' }],
      also: [{ code: 'no-digest' }, { code: 'no-position' }, ...WITHOUT_DIGEST],
    },
    edit((text) => text.replace('acme', 'umbra')),
  ),
  inBundle(
    'bundle-under-another-name',
    'hands on another tenant’s evidence under this tenant’s name',
    {
      verdict: 'altered',
      at: [{ code: 'digest-tenant', tenant: 'acme' }],
      also: [{ code: 'no-digest' }, { code: 'no-position' }],
    },
    () => undefined,
    {
      async forge({ umbra }) {
        return (await umbra.open()).edit(FILES.manifest, (text) => text.replace('umbra', 'acme')).bytes();
      },
    },
  ),
  inBundle(
    'manifest-log-changed',
    'says that the evidence is another log’s',
    { refused: 'manifest' },
    edit((text) => text.replace('log.example/indelible', 'log.example/another')),
  ),
  inBundle(
    'manifest-version-unknown',
    'says that the bundle is of a later format',
    { refused: 'version', path: FILES.manifest },
    edit((text) => text.replace('"v":1', '"v":2')),
  ),
  inBundle(
    'manifest-version-downgraded',
    'says that the bundle is of an older format',
    { refused: 'version', path: FILES.manifest },
    edit((text) => text.replace('"v":1', '"v":0')),
  ),
  inBundle(
    'manifest-with-unknown-member',
    'adds a member',
    manifest,
    edit((text) => text.replace('"v":1', '"v":1,"verdict":"intact"')),
  ),
  inBundle(
    'manifest-with-blanks',
    'spells the manifest otherwise',
    manifest,
    edit((text) => text.replace(':', ': ')),
  ),
  inBundle(
    'manifest-not-json',
    'breaks the manifest',
    manifest,
    edit((text) => text.slice(1)),
  ),
  inBundle('manifest-emptied', 'leaves nothing of the manifest', manifest, (files) => files.set(FILES.manifest, '')),
  inBundle('manifest-removed', 'leaves out the manifest', { refused: 'missing-file', path: FILES.manifest }, (files) =>
    files.delete(FILES.manifest),
  ),
  inBundle(
    'entries-file-removed',
    'leaves out a chain’s entries, file and all',
    { refused: 'missing-file', path: entriesFile(1) },
    (files) => files.delete(entriesFile(1)),
  ),
  inBundle(
    'digests-file-removed',
    'leaves out the digests, file and all',
    { refused: 'missing-file', path: FILES.digests },
    (files) => files.delete(FILES.digests),
  ),
  inBundle(
    'checkpoint-file-removed',
    'leaves out the checkpoint, file and all',
    { refused: 'missing-file', path: FILES.checkpoint },
    (files) => files.delete(FILES.checkpoint),
  ),
  inBundle('file-added', 'puts in a file that no bundle has', { refused: 'unknown-file', path: 'verify.sh' }, (files) =>
    files.set('verify.sh', '#!/bin/sh\necho intact\n'),
  ),
  inBundle(
    'file-added-to-a-chain',
    'puts in a chain that the manifest does not name',
    { refused: 'unknown-file', path: entriesFile(7) },
    (files) => files.set(entriesFile(7), ''),
  ),
  inBundle(
    'bundle-emptied',
    'hands on an archive of nothing',
    { refused: 'missing-file', path: FILES.manifest },
    (files) => files.files.clear(),
  ),
  inBundle('document-added', 'puts in a document that nothing names', { refused: 'unnamed-file' }, (files) =>
    files.addDocument('{"kind":"tombstone","v":1}'),
  ),
  inBundle(
    'document-misnamed',
    'puts in a copy under another hash',
    { refused: 'unnamed-file', path: documentFile('00'.repeat(32)) },
    (files) => files.set(documentFile('00'.repeat(32)), files.get(files.documents('hold')[0]!)),
  ),
  inBundle(
    'digest-removed-with-entries',
    'leaves out the newest sealed day, its entries, and that they were there',
    { verdict: 'truncated', at: [ofDigest('digest-not-newest', 2)], also: [{ code: 'ends-early' }] },
    cutNewest,
  ),
];

/** Everything of the newest seal, as somebody does who has kept the bundle from before: only the checkpoint is the new one. */
async function cutNewest(files: BundleFiles, { older }: Bundles): Promise<void> {
  const [digests, seals, checkpoint] = [files.digests, files.seals, files.get(FILES.checkpoint)];
  const before = await older.open();
  files.files.clear();
  for (const [path, bytes] of before.files) files.set(path, bytes);
  files.set(FILES.checkpoint, checkpoint).setDigests(digests.slice(0, -1)).setSeals(seals);
}
