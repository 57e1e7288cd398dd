// Mutations of a bundle: lines of its files of digests and seals.
import { FILES } from '../../../core/bundle/files.ts';
import type { BundleMutation, Expected } from '../mutation.ts';
import { type Change, inBundle } from './shape.ts';

const INCONSISTENT = { code: 'seals-inconsistent' } as const;
const seals = (seal: number): Expected => ({
  verdict: 'altered',
  at: [{ ...INCONSISTENT, seal }],
  also: [INCONSISTENT, { code: 'checkpoint-unlinked' }],
});
const sealLine =
  (change: (line: string) => string): Change =>
  (files) =>
    files.editLines(FILES.seals, (lines) => lines.with(1, change(lines[1]!)));
const lineRefused: Expected = { refused: 'digest-line', path: FILES.digests };
const lineText =
  (change: (line: string) => string): Change =>
  (files) =>
    files.editLines(FILES.digests, (lines) => lines.with(1, change(lines[1]!)));

/** What the log says of its past, and how lines of the bundle's files are spelled. */
export const BUNDLE_LINES: readonly BundleMutation[] = [
  inBundle('seal-removed', 'leaves out a seal', seals(2), (files) => files.setSeals(files.seals.toSpliced(1, 1))),
  inBundle('seal-removed-last', 'leaves out the newest seal', seals(2), (files) =>
    files.setSeals(files.seals.slice(0, -1)),
  ),
  inBundle(
    'seals-removed-first',
    'leaves out the first seals, so that nothing shows what the log was then',
    seals(2),
    (files) => files.setSeals(files.seals.slice(2)),
  ),
  inBundle('seals-renumbered', 'says that all seals had other numbers', seals(100), (files) =>
    files.setSeals(files.seals.map((one) => ({ ...one, seal: one.seal + 100 }))),
  ),
  inBundle(
    'seals-removed-all',
    'leaves out all seals',
    { verdict: 'altered', at: [INCONSISTENT], also: [{ code: 'checkpoint-unlinked' }] },
    (files) => files.set(FILES.seals, ''),
  ),
  inBundle('seal-root-edited', 'names another root of an old seal', seals(1), (files) =>
    files.setSeals(files.seals.with(1, { ...files.seals[1]!, root: files.seals[0]!.root })),
  ),
  inBundle('seal-size-edited', 'says that the log was another size', seals(1), (files) =>
    files.setSeals(files.seals.with(1, { ...files.seals[1]!, size: 3 })),
  ),
  inBundle('seal-proof-of-another', 'gives a seal another one’s proof', seals(1), (files) =>
    files.setSeals(files.seals.with(1, { ...files.seals[1]!, proof: files.seals[2]!.proof })),
  ),
  inBundle('seals-swapped', 'lets two seals change places', seals(2), (files) =>
    files.setSeals([files.seals[0]!, files.seals[2]!, files.seals[1]!, files.seals[3]!]),
  ),
  inBundle(
    'seal-line-with-blanks',
    'spells a line otherwise',
    { refused: 'seal-line', path: FILES.seals },
    sealLine((line) => line.replace(':', ': ')),
  ),
  inBundle(
    'seal-line-non-minimal',
    'writes a number with a leading zero',
    { refused: 'seal-line', path: FILES.seals },
    sealLine((line) => line.replace('"size":', '"size":0')),
  ),
  inBundle(
    'digest-line-with-blanks',
    'spells a line otherwise',
    lineRefused,
    lineText((line) => line.replace('"index":', '"index": ')),
  ),
  inBundle(
    'digest-line-with-member',
    'adds a member to a line',
    lineRefused,
    lineText((line) => line.replace('"index":', '"a":1,"index":')),
  ),
  inBundle(
    'digest-line-non-minimal',
    'writes a number with a leading zero',
    lineRefused,
    lineText((line) => line.replace('"index":', '"index":0')),
  ),
  inBundle(
    'digest-line-huge',
    'names a leaf beyond what numbers hold',
    lineRefused,
    lineText((line) => line.replace(/"index":\d+/, '"index":9007199254740993')),
  ),
  inBundle(
    'digest-line-nan',
    'names a leaf that is no number',
    lineRefused,
    lineText((line) => line.replace(/"index":\d+/, '"index":NaN')),
  ),
  inBundle(
    'digest-line-negative',
    'names a leaf before the first',
    lineRefused,
    lineText((line) => line.replace(/"index":\d+/, '"index":-1')),
  ),
  inBundle(
    'digest-line-duplicate-member',
    'names a member twice',
    lineRefused,
    lineText((line) => line.replace('"index":', '"index":0,"index":')),
  ),
  inBundle(
    'digest-line-bad-base64',
    'leaves bits in the end of base64',
    lineRefused,
    lineText((line) => line.replace(/(.)="\]/, (_, last: string) => `${last === 'B' ? 'C' : 'B'}="]`)),
  ),
];
