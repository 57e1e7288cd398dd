// The documents of an export: its manifest and its proof.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { MAX_CHAINS } from '../chain.ts';
import { DOCUMENT_VERSION, documentCodec } from '../documents/codec.ts';
import { DocumentError } from '../documents/error.ts';
import { Chain, Count, Hash, strict, Tenant, Time } from '../documents/fields.ts';
import { GAP_REASONS } from '../gap/gap.ts';

const KIND = 'export';
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_FILES = 20_000;

/** No folder, and nothing that a shell or a file system takes for something else. */
const FileName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}(?:\\.[a-z0-9]{1,8}){1,2}$' });

const FileSchema = Type.Object({ name: FileName, rows: Count, bytes: Count, sha256: Hash }, strict);
export type ExportFile = Static<typeof FileSchema>;

const GapSchema = Type.Object(
  {
    ...{ tenant: Tenant, chain: Chain, first: Count, last: Count, reason: Type.Enum([...GAP_REASONS]) },
    recovered: Type.Optional(Type.Literal(true)),
  },
  strict,
);

const Schema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    tenant: Tenant,
    /** The export's id. */
    id: Type.String({ minLength: 1, maxLength: 128 }),
    createdAt: Time,
    /** The subject that asked for it. */
    createdBy: Type.String(),
    /** What was asked, and what of the tenant's entries there was for whoever asked; in the search language. */
    query: Type.String(),
    filter: Type.String(),
    /** Recorded from then on, and before. */
    from: Time,
    to: Time,
    order: Type.Enum(['asc', 'desc']),
    format: Type.String({ minLength: 1, maxLength: 32 }),
    fields: Type.Optional(Type.Array(Type.String())),
    rows: Count,
    /** In the format that was asked for, in order. */
    files: Type.Array(FileSchema, { maxItems: MAX_FILES }),
    /** The entries' exact bytes, one a line, file by file the rows of `files`; those themselves where they hold them. */
    evidence: Type.Array(FileSchema, { maxItems: MAX_FILES }),
    /** Absent where nothing of it was sealed yet. */
    proof: Type.Optional(Type.Array(FileSchema, { minItems: 2, maxItems: 2 })),
    /** Positions that may belong into it and that nothing vouched for; absent where there were none. */
    gaps: Type.Optional(Type.Array(GapSchema, { minItems: 1 })),
  },
  strict,
);
export type ExportManifest = Static<typeof Schema>;

/** What an export says that it is. It is not signed: only what its proof shows is shown. */
export const EXPORT_MANIFEST = documentCodec(Schema, {
  kind: KIND,
  maxBytes: MAX_BYTES,
  check: ({ files, evidence, proof = [], rows, from, to }) => {
    const names = [...files, ...evidence, ...proof].map(({ name }) => name);
    const shared = evidence.filter(({ name }) => files.some((file) => file.name === name)).length;
    if (new Set(names).size !== names.length - shared) throw new DocumentError('order', KIND, 'got a file twice');
    for (const list of [files, evidence]) {
      const sum = list.reduce((total, file) => total + file.rows, 0);
      if (sum !== rows) throw new DocumentError('positions', KIND, `got files of ${sum} rows, want ${rows}`);
    }
    if (from > to) throw new DocumentError('shape', KIND, 'got an end before the beginning');
  },
});

export const PROOF_FILES = { document: 'proof.json', hashes: 'proof.bin' } as const;
export const MANIFEST_FILE = 'manifest.json';

const ProofSchema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal('export-proof'),
    tenant: Tenant,
    /** The digest's exact text: its bytes are the leaf of the digest log. */
    digest: Type.String(),
    /** The digest in the log's tree, as the checkpoint signs it: hashes in base64, from the leaf's sibling up. */
    log: Type.Object({ index: Count, proof: Type.Array(Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })) }, strict),
    /** The signed note. */
    checkpoint: Type.String(),
    /** By number: how many rows of the export are below what the digest seals, and how many hashes show them. */
    chains: Type.Array(Type.Object({ chain: Chain, rows: Count, hashes: Count }, strict), { maxItems: MAX_CHAINS }),
    /** Rows that were not sealed when the export was made. */
    unsealed: Count,
  },
  strict,
);
export type ExportProof = Static<typeof ProofSchema>;

/** What goes from an export's entries to a signed checkpoint: docs/format.md, "Export proof". */
export const EXPORT_PROOF = documentCodec(ProofSchema, {
  kind: 'export-proof',
  maxBytes: 4 * 1024 * 1024,
  check: ({ chains }) => {
    for (const [i, { chain }] of chains.entries()) {
      if (chain <= (chains[i - 1]?.chain ?? -1))
        throw new DocumentError('order', 'export-proof', 'got chains out of order');
    }
  },
});
