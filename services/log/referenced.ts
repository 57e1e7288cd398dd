// Reads objects that a sealed document names by version and hash.
import { equalBytes, fromHex, sha256 } from '../../core/crypto.ts';
import type { DocumentCodec } from '../../core/documents/codec.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import type { EvidenceReader } from './versions.ts';

/** A version that a sealed document names is not there, or does not have the bytes that it names. */
export class EvidenceLost extends Error {
  override readonly name = 'EvidenceLost';
  readonly code: 'missing' | 'altered';

  constructor(code: 'missing' | 'altered', { key, version }: ObjectRef) {
    super(`${key}?versionId=${version}: the version ${code === 'missing' ? 'is not there' : 'has other bytes'}`);
    this.code = code;
  }
}

/** The bytes of exactly the version that is named. */
export async function readReferenced(store: Pick<EvidenceReader, 'fetch'>, ref: ObjectRef): Promise<Uint8Array> {
  const bytes = await store.fetch(ref.key, ref.version);
  if (bytes === undefined) throw new EvidenceLost('missing', ref);
  if (bytes.length !== ref.bytes || !equalBytes(sha256(bytes), fromHex(ref.sha256))) {
    throw new EvidenceLost('altered', ref);
  }
  return bytes;
}

export async function readDocument<Document>(
  store: Pick<EvidenceReader, 'fetch'>,
  codec: DocumentCodec<Document>,
  ref: ObjectRef,
): Promise<Document> {
  return codec.parse(await readReferenced(store, ref));
}
