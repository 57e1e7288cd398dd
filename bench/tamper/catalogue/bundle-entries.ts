// Mutations of a bundle: entries.
import { entriesFile } from '../../../core/bundle/files.ts';
import type { BundleMutation } from '../mutation.ts';
import { altered, at, type Change, inBundle as mutation } from './shape.ts';

/** Of acme's first chain: in the newest seal, in a tile that is not full. */
const AT = 560;
/** In a tile that is full. */
const EARLY = 340;
const SIZE = 628;

/** All of the second chain, seal by seal. */
const sealedRanges = (code: string) => [0, 25, 50, 75].map((first) => at(code, first, first + 24, 1));

const line = (position: number, change: (text: string) => string, chain = 0): Change => {
  return (files) =>
    files.editEntries(chain, (lines) =>
      lines.with(files.lineOf(chain, position), change(lines[files.lineOf(chain, position)]!)),
    );
};

const spelling = (name: string, does: string, change: (text: string) => string) =>
  mutation(`entry-spelled-${name}`, does, altered(at('body-altered', AT)), line(AT, change));

export const BUNDLE_ENTRIES: readonly BundleMutation[] = [
  mutation(
    'entry-edited',
    'changes a value of one entry',
    altered(at('body-altered', AT)),
    line(AT, (text) => text.replace('Zoë', 'Zoe')),
  ),
  mutation(
    'entry-edited-early',
    'changes a value in the first seal of a chain',
    altered(at('body-altered', 7)),
    line(7, (text) => text.replace('Zoë', 'Eve')),
  ),
  mutation(
    'entry-category-edited',
    'files an entry under a category that is kept shorter',
    altered(at('body-altered', AT)),
    line(AT, (text) => text.replace(/"category":"[a-z_]+"/, '"category":"debug"')),
  ),
  mutation(
    'entry-version-downgraded',
    'says that an entry is of an older format',
    altered(at('body-altered', AT)),
    line(AT, (text) => text.replace('"v":1', '"v":0')),
  ),
  mutation('entry-removed', 'leaves out one entry', { verdict: 'missing', at: [at('body-missing', AT)] }, (files) =>
    files.editEntries(0, (lines) => lines.toSpliced(files.lineOf(0, AT), 1)),
  ),
  mutation(
    'entry-removed-first',
    'leaves out the first entry of a chain',
    { verdict: 'missing', at: [at('body-missing', 0, 0, 1)] },
    (files) => files.editEntries(1, (lines) => lines.slice(1)),
  ),
  mutation(
    'entries-removed-run',
    'leaves out twenty entries in a row',
    { verdict: 'missing', at: [at('body-missing', EARLY, 346), at('body-missing', 351, 363)] },
    (files) => files.editEntries(0, (lines) => lines.toSpliced(files.lineOf(0, EARLY), 20)),
  ),
  mutation(
    'entries-removed-by-actor',
    'leaves out what one person did',
    {
      verdict: 'missing',
      at: [at('body-missing', 3, 3, 1), at('body-missing', 94, 94, 1)],
      also: [{ code: 'body-missing', chain: 1 }],
    },
    (files) => files.editEntries(1, (lines) => lines.filter((_, i) => i % 7 !== 3)),
  ),
  mutation(
    'tail-cut',
    'leaves out the newest entries',
    { verdict: 'truncated', at: [at('tail-missing', SIZE - 3, SIZE - 1)] },
    (files) => files.editEntries(0, (lines) => lines.slice(0, -3)),
  ),
  mutation(
    'entries-emptied',
    'leaves out all entries of a chain',
    { verdict: 'missing', at: [...sealedRanges('body-missing').slice(0, 3), at('tail-missing', 75, 99, 1)] },
    (files) => files.set(entriesFile(1), ''),
  ),
  mutation('entries-swapped', 'lets two neighbours change places', altered(at('body-misplaced', AT, AT + 1)), (files) =>
    files.editEntries(0, (lines) => {
      const i = files.lineOf(0, AT);
      return lines.with(i, lines[i + 1]!).with(i + 1, lines[i]!);
    }),
  ),
  mutation(
    'entry-moved',
    'puts an entry where a later one was',
    altered(at('body-misplaced', AT, AT + 1), at('body-repeated', AT + 31)),
    (files) =>
      files.editEntries(0, (lines) => {
        const [i, j] = [files.lineOf(0, AT), files.lineOf(0, AT + 30)];
        return lines.toSpliced(i, 1).toSpliced(j, 0, lines[i]!);
      }),
  ),
  mutation(
    'entries-reversed',
    'turns a chain around',
    { verdict: 'altered', at: [{ code: 'body-misplaced', chain: 1 }], also: [{ code: 'body-altered', chain: 1 }] },
    (files) => files.editEntries(1, (lines) => lines.toReversed()),
  ),
  mutation('entry-duplicated', 'puts an entry twice', altered(at('body-repeated', AT + 1)), (files) =>
    files.editEntries(0, (lines) => lines.toSpliced(files.lineOf(0, AT) + 1, 0, lines[files.lineOf(0, AT)]!)),
  ),
  mutation(
    'entry-duplicated-at-the-end',
    'appends an entry that is in the chain already',
    altered(at('body-repeated', 100, 100, 1)),
    (files) => files.editEntries(1, (lines) => [...lines, lines[99]!]),
  ),
  mutation('entry-inserted', 'puts in an entry that nobody recorded', altered(at('body-inserted', AT)), (files) =>
    files.editEntries(0, (lines) =>
      lines.toSpliced(files.lineOf(0, AT), 0, lines[files.lineOf(0, AT)]!.replace('Zoë', 'Eve')),
    ),
  ),
  mutation('entry-appended', 'appends an entry that nobody recorded', altered(at('body-inserted', SIZE)), (files) =>
    files.editEntries(0, (lines) => [...lines, lines.at(-1)!.replace('was', 'is')]),
  ),
  mutation(
    'entry-replaced-same-chain',
    'puts another entry of the chain in an entry’s place',
    altered(at('body-misplaced', AT)),
    (files) => files.editEntries(0, (lines) => lines.with(files.lineOf(0, AT), lines[files.lineOf(0, AT + 10)]!)),
  ),
  mutation(
    'entry-replaced-other-chain',
    'puts an entry of another chain in an entry’s place',
    altered(at('body-altered', AT)),
    (files) => files.editEntries(0, (lines) => lines.with(files.lineOf(0, AT), files.entries(1)[60]!)),
  ),
  mutation(
    'entry-replaced-other-tenant',
    'puts another tenant’s entry in an entry’s place',
    altered(at('body-altered', AT)),
    async (files, { umbra }) => {
      const [foreign] = (await umbra.open()).entries(0);
      return files.editEntries(0, (lines) => lines.with(files.lineOf(0, AT), foreign!));
    },
  ),
  mutation(
    'chains-swapped',
    'gives each chain the other’s entries',
    {
      verdict: 'altered',
      at: [{ code: 'body-altered', chain: 1 }],
      also: [{ code: 'body-altered' }, { code: 'body-inserted' }, { code: 'body-missing' }, { code: 'tail-missing' }],
    },
    (files) => {
      const [zero, one] = [files.entries(0), files.entries(1)];
      return files.setLines(entriesFile(0), one).setLines(entriesFile(1), zero);
    },
  ),
  mutation('expired-entry-invented', 'puts an entry where one has expired', altered(at('body-inserted', 48)), (files) =>
    files.editEntries(0, (lines) => lines.toSpliced(36, 0, lines[35]!.replace('Zoë', 'Eve'))),
  ),
  spelling('with-blanks', 'adds white space that JSON does not count', (text) => text.replace('":', '": ')),
  spelling('in-other-order', 'changes the order of members', (text) =>
    text.replace(/^\{("action":"[^"]*"),(.*)\}$/, '{$2,$1}'),
  ),
  spelling('escaped', 'writes a letter as an escape', (text) => text.replace('Zoë', 'Zo\\u00eb')),
  spelling('normalized', 'decomposes a letter, as some editors do', (text) => text.normalize('NFD')),
  spelling('with-exponent', 'writes a number with an exponent', (text) => text.replace('"v":1', '"v":1e0')),
  spelling('with-duplicate-member', 'names a member twice, for readers that take the last', (text) =>
    text.replace('{', '{"action":"document.deleted",'),
  ),
  spelling('with-carriage-return', 'ends a line as Windows does', (text) => `${text}\r`),
  spelling('with-nul', 'puts a NUL behind an entry', (text) => `${text}\0`),
  mutation(
    'entries-with-crlf',
    'ends every line of a chain as Windows does',
    altered(...sealedRanges('body-altered')),
    (files) => files.edit(entriesFile(1), (text) => text.replaceAll('\n', '\r\n')),
  ),
  mutation('entries-with-bom', 'puts a byte order mark in front', altered(at('body-altered', 0, 0, 1)), (files) =>
    files.edit(entriesFile(1), (text) => `\ufeff${text}`),
  ),
  mutation('entries-with-empty-line', 'appends an empty line', altered(at('body-inserted', 100, 100, 1)), (files) =>
    files.edit(entriesFile(1), (text) => `${text}\n`),
  ),
  mutation('entries-unterminated', 'cuts the last line feed', { refused: 'line', path: entriesFile(1) }, (files) =>
    files.edit(entriesFile(1), (text) => text.slice(0, -1)),
  ),
  mutation(
    'entry-endless',
    'makes a line longer than an entry can be',
    { refused: 'line', path: entriesFile(1) },
    line(50, (text) => text.padEnd(70_000), 1),
  ),
  mutation('entry-not-utf8', 'breaks the encoding of an entry', altered(at('body-altered', 50, 50, 1)), (files) => {
    const bytes = files.get(entriesFile(1)).slice();
    const begin = Buffer.from(bytes).indexOf(files.entries(1)[50]!);
    bytes[begin + 2] = 0xff;
    return files.set(entriesFile(1), bytes);
  }),
];
