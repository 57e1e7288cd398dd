// Documents that the steps of a verification write under lock, and that later steps read back.
import { sha256, toHex } from '../../core/crypto.ts';
import type { DocumentCodec } from '../../core/documents/codec.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { EvidenceRecorder } from '../object-lock/evidence-recorder.ts';
import { dayOf, lockUntil } from '../object-lock/lock-dates.ts';
import type { EvidenceStore } from '../object-lock/port.ts';
import { putLocked } from '../object-lock/put-locked.ts';
import { oldestValid } from '../object-lock/slots.ts';
import { byKey } from './by-key.ts';
import type { VerifyPorts } from './port.ts';
import type { StoredDocument } from './steps.ts';

/** A document that a step was given is not there, or is another than the one that was meant. */
export class ArtifactFault extends Error {
  override readonly name = 'ArtifactFault';
  readonly code = 'artifact';

  constructor(key: string, found: string) {
    super(`${key}: got ${found}, want the version with the bytes that another step wrote`);
  }
}

type ArtifactPorts = Pick<VerifyPorts, 'store' | 'now' | 'reportRetention'>;

/** Keeps what a verification writes, under lock for as long as reports are kept. Writing the same again changes nothing. */
export function putArtifact(
  ports: ArtifactPorts,
  key: string,
  bytes: Uint8Array,
  contentType = 'application/json',
): Promise<StoredDocument> {
  const now = ports.now();
  const recorder = new EvidenceRecorder(ports.store, [], ports.now);
  const object = { bytes, contentType, metadata: {}, retainUntil: lockUntil(dayOf(now), ports.reportRetention, now) };
  return putLocked(ports.store, key, object, (at, found) => recorder.foreign(at, found));
}

/** What another step of the same execution wrote. Throws an ArtifactFault. */
export async function readArtifact<Document>(
  { store }: ArtifactPorts,
  codec: DocumentCodec<Document>,
  { key, version, sha256: hash }: StoredDocument,
): Promise<Document> {
  const bytes = await store.fetch(key, version);
  if (bytes === undefined) throw new ArtifactFault(key, 'nothing');
  if (toHex(sha256(bytes)) !== hash) throw new ArtifactFault(key, 'other bytes');
  return codec.parse(bytes);
}

/** Documents under a prefix after a key, each the oldest valid version: what was put over it later changes nothing. */
export async function* artifactsUnder<Document>(
  store: EvidenceStore,
  codec: DocumentCodec<Document>,
  prefix: string,
  after?: string,
): AsyncGenerator<Document, void, undefined> {
  for await (const all of byKey(store.list(prefix, after))) {
    const { key } = all[0]!;
    if (!key.endsWith('.json')) continue;
    const versions = all.filter(({ marker }) => !marker);
    const document = await oldestValid(store, key, versions, codec.maxBytes, (bytes) => parsed(codec, bytes));
    if (document !== undefined) yield document;
  }
}

/** The first of them: keys of reports begin with the newest. */
export async function newestArtifact<Document>(
  { store }: ArtifactPorts,
  codec: DocumentCodec<Document>,
  prefix: string,
): Promise<Document | undefined> {
  for await (const document of artifactsUnder(store, codec, prefix)) return document;
  return undefined;
}

function parsed<Document>(codec: DocumentCodec<Document>, bytes: Uint8Array): Document | undefined {
  try {
    return codec.parse(bytes);
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}

/** Steps that are repeated write other bytes, so each has a name of its own. */
export function fingerprint(bytes: Uint8Array): string {
  return toHex(sha256(bytes)).slice(0, 12);
}
