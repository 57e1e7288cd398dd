// Finds a document of a tenant by its hash.
import { sha256, toHex } from '../../core/crypto.ts';
import type { DocumentCodec } from '../../core/documents/codec.ts';
import { DocumentError } from '../../core/documents/error.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { LOG } from '../../names/log.ts';
import { type EvidenceReader, genuineAt } from '../log/versions.ts';

/** Larger ones than this are written by nobody: core/documents says what each kind may have. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

const PREFIXES = [
  LOG.contentsPrefix,
  LOG.listsPrefix,
  LOG.tombstonesPrefix,
  LOG.holdsPrefix,
  LOG.digestsPrefix,
] as const;

/** Whether a key is that of one of the tenant's documents. */
export function isDocumentOf(tenant: string, key: string): boolean {
  return PREFIXES.some((prefix) => key.startsWith(`${prefix}tenant=${tenant}/`));
}

/** The bytes with that SHA-256 (hexadecimal) among everything that was ever put under the key. */
export function findDocument(store: EvidenceReader, key: string, digest: string): Promise<Uint8Array | undefined> {
  return genuineAt(store, key, MAX_DOCUMENT_BYTES, (bytes) => (toHex(sha256(bytes)) === digest ? bytes : undefined));
}

/** The bytes of a document that a digest names, or a document that such a one names; undefined when they are gone. */
export async function documentBytes(
  store: EvidenceReader,
  { key, version, sha256: digest }: ObjectRef,
): Promise<Uint8Array | undefined> {
  const named = await store.fetch(key, version);
  const genuine = named !== undefined && toHex(sha256(named)) === digest;
  return genuine ? named : findDocument(store, key, digest);
}

/** The document itself; undefined too when it is none. */
export async function readDocument<T>(
  store: EvidenceReader,
  codec: DocumentCodec<T>,
  ref: ObjectRef,
): Promise<T | undefined> {
  const bytes = await documentBytes(store, ref);
  return bytes === undefined ? undefined : parsed(codec, bytes);
}

/** What was sealed as something that no reader takes is as good as gone: whoever verifies has to say so. */
function parsed<T>(codec: DocumentCodec<T>, bytes: Uint8Array): T | undefined {
  try {
    return codec.parse(bytes);
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
