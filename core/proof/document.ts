// The document that proves one entry.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { DOCUMENT_VERSION, documentCodec } from '../documents/codec.ts';
import { Chain, Count, Hash, strict, Tenant } from '../documents/fields.ts';

const KIND = 'entry-proof';
/** A digest and a checkpoint of the largest size that they may have, the checkpoint twice. */
const MAX_BYTES = 2 * 1024 * 1024;

/** 32 bytes in base64, as C2SP's texts spell hashes; whether unused bits are zero is for whoever decodes it. */
const TreeHash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' });
/** From the leaf's sibling to the root's child. */
const Path = Type.Array(TreeHash);

export const EntryProofSchema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    tenant: Tenant,
    chain: Chain,
    position: Count,
    leafHash: Hash,
    /** The leaf in the chain's tree, as the digest seals it. */
    inclusion: Type.Object({ size: Count, root: TreeHash, proof: Path }, strict),
    /** The digest's exact text: its bytes are the leaf of the digest log. */
    digest: Type.String(),
    /** The digest in the log's tree, as the checkpoint signs it. */
    log: Type.Object({ index: Count, size: Count, root: TreeHash, proof: Path }, strict),
    /** The signed note. */
    checkpoint: Type.String(),
    /** The digest's way to the checkpoint once more, as a file of C2SP tlog-proof that other tools read. */
    tlogProof: Type.String(),
  },
  strict,
);
export type EntryProof = Static<typeof EntryProofSchema>;

/** What goes from one entry's bytes to a signed checkpoint: docs/format.md, "Entry proof". */
export const ENTRY_PROOF = documentCodec(EntryProofSchema, { kind: KIND, maxBytes: MAX_BYTES });
