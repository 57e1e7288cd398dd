// Mutations of the files of an export, by whoever holds it.
import { changed } from '../../../test/support/export-copy.ts';
import type { ExportDraft, Exports } from '../exports.ts';
import type { Expected, ExportMutation } from '../mutation.ts';

const TABLE = 'export-0001.csv';
const EVIDENCE = 'evidence-0001.ndjson';
const ROWS = 3;

function mutation(
  name: string,
  does: string,
  expected: Expected,
  falsify: (draft: ExportDraft, exports: Exports) => unknown,
): ExportMutation {
  return { name: `export-${name}`, attacker: 'export', does, expected: { export: expected }, falsify };
}

const altered = (says: string): Expected => ({ exported: 'altered', says });
const incomplete = (says: string): Expected => ({ exported: 'incomplete', says });

const editTable = (draft: ExportDraft) => draft.edit(TABLE, (text) => text.replace('payment', 'gift'));
const editEntry = (draft: ExportDraft) => draft.lines(EVIDENCE, ([one, ...rest]) => [changed(one!), ...rest]);

/** Whoever holds an export holds nothing that is signed but the checkpoint: all else is theirs to write. */
export const EXPORT_FILES: readonly ExportMutation[] = [
  mutation('cell-edited', 'changes a cell of a table', altered(`${TABLE} is not the file`), editTable),
  mutation(
    'cell-edited-to-fit',
    'changes a cell, and the manifest with it',
    altered(`${TABLE} says something else`),
    (draft) => editTable(draft).settle(),
  ),
  mutation(
    'table-passed-over',
    'changes a table, and lists the evidence in its place, so that nobody reads it',
    altered(`${EVIDENCE} says something else`),
    (draft) => editTable(draft).manifest((one) => Object.assign(one, { files: one.evidence })),
  ),
  mutation(
    'table-passed-over-by-format',
    'does the same and calls the evidence the export',
    incomplete(TABLE),
    (draft) => editTable(draft).manifest((one) => Object.assign(one, { files: one.evidence, format: 'ndjson' })),
  ),
  mutation(
    'format-unknown',
    'changes a table, and names a format that nobody can write again',
    incomplete(TABLE),
    (draft) =>
      editTable(draft)
        .settle()
        .manifest((one) => Object.assign(one, { format: 'table' })),
  ),
  mutation('file-added', 'puts in a file that the manifest does not list', incomplete('summary.pdf'), (draft) =>
    draft.set('summary.pdf', '%PDF-1.7'),
  ),
  mutation('file-removed', 'leaves out a table', { exported: 'missing', says: `${TABLE} is missing` }, (draft) =>
    draft.delete(TABLE),
  ),
  mutation('tables-swapped', 'lets two tables change places', altered('says something else'), (draft) => {
    const [one, two] = [draft.text(TABLE), draft.text('export-0002.csv')];
    draft.set(TABLE, two).set('export-0002.csv', one).settle();
  }),
  mutation('entry-edited', 'changes an entry of the evidence', altered(`${EVIDENCE} is not the file`), editEntry),
  mutation(
    'entry-edited-to-fit',
    'changes an entry, its hash and the manifest',
    altered('says something else'),
    (draft) => editEntry(draft).settle(),
  ),
  mutation(
    'entry-edited-alone',
    'changes an entry of an export that is its own evidence',
    altered('The proof does not show'),
    (draft) => asEvidence(editEntry(draft)),
  ),
  mutation(
    'row-removed',
    'leaves out a row of an export that is its own evidence',
    altered('The proof does not show'),
    (draft) => asEvidence(draft.lines(EVIDENCE, ([, ...rest]) => rest)).settle({ [EVIDENCE]: ROWS - 1 }),
  ),
  mutation('row-twice', 'has a row twice', altered('out of order, or twice'), (draft) =>
    asEvidence(draft.lines(EVIDENCE, ([one, ...rest]) => [one!, one!, ...rest])).settle({ [EVIDENCE]: ROWS + 1 }),
  ),
  mutation('rows-swapped', 'has rows in another order', altered('out of order'), (draft) =>
    asEvidence(draft.lines(EVIDENCE, ([one, two, ...rest]) => [two!, one!, ...rest])),
  ),
  mutation('emptied', 'hands on an export of no rows', incomplete('It holds no entries'), (draft) => {
    for (const name of [...draft.files.keys()].filter((one) => one !== 'manifest.json')) draft.delete(name);
    draft.manifest((one) => {
      Object.assign(one, { rows: 0, files: [], evidence: [] });
      delete one.proof;
    });
  }),
  mutation('emptied-with-proof', 'does the same and keeps the proof', altered('The proof does not show'), (draft) => {
    for (const name of [...draft.files.keys()].filter((one) => /^(export|evidence)-/.test(one))) draft.delete(name);
    draft.manifest((one) => Object.assign(one, { rows: 0, files: [], evidence: [] }));
  }),
  mutation('files-unlisted', 'lists no files', { refused: 'manifest' }, (draft) =>
    draft.manifest((one) => Object.assign(one, { files: [] })),
  ),
  mutation('proof-removed', 'leaves out the proof', incomplete('nothing is proven'), (draft) =>
    draft
      .delete('proof.json')
      .delete('proof.bin')
      .manifest((one) => {
        delete one.proof;
      }),
  ),
  mutation(
    'proof-of-another',
    'puts in the proof of another search',
    altered('The proof does not show'),
    (draft, { foreign }) => {
      for (const name of ['proof.json', 'proof.bin']) draft.set(name, foreign.files.get(name)!);
      draft.settle();
    },
  ),
  mutation('checkpoint-half-signed', 'leaves out the signature that is to last', { refused: 'checkpoint' }, (draft) =>
    draft.edit('proof.json', (text) => text.replace(/\\n\u2014 [^\\]*\\n"/, '\\n"')).settle(),
  ),
  mutation(
    'of-another-tenant',
    'says that the entries are another tenant’s',
    altered('an entry of another tenant'),
    (draft) => draft.manifest((one) => Object.assign(one, { tenant: 'globex' })),
  ),
  mutation('of-another-question', 'says that something else was asked', altered('was not asked for'), (draft) =>
    draft.manifest((one) => Object.assign(one, { query: 'target.id:c1' })),
  ),
  mutation(
    'question-malformed',
    'says that something was asked which is no question',
    { refused: 'manifest' },
    (draft) => draft.manifest((one) => Object.assign(one, { query: '(' })),
  ),
  mutation('question-endless', 'says that a megabyte was asked', { refused: 'manifest' }, (draft) =>
    draft.manifest((one) => Object.assign(one, { query: 'a'.repeat(1_000_000) })),
  ),
  mutation('manifest-removed', 'leaves out the manifest', { refused: 'missing-file' }, (draft) =>
    draft.delete('manifest.json'),
  ),
  mutation('time-impossible', 'says that it was made on a day that there is not', { refused: 'manifest' }, (draft) =>
    draft.manifest((one) => Object.assign(one, { createdAt: '2026-02-30T00:00:00.000Z' })),
  ),
  mutation(
    'maker-renamed',
    'says that somebody else asked for it',
    { clean: 'nothing signs that, and it is printed as unsigned' },
    (draft) => draft.manifest((one) => Object.assign(one, { createdBy: 'somebody\u001b[2J' })),
  ),
];

/** The first file alone, as an export whose files are its evidence. */
function asEvidence(draft: ExportDraft): ExportDraft {
  for (const name of [...draft.files.keys()].filter((one) => /^export-|^evidence-000[23]/.test(one)))
    draft.delete(name);
  return draft
    .manifest((one) => {
      const evidence = one.evidence.slice(0, 1);
      Object.assign(one, { format: 'ndjson', files: evidence, evidence });
    })
    .settle();
}
