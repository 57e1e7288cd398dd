/**
 * What Encrypt and GenerateDataKey return. KMS's own format is not public; this one is
 * version ‖ key id (16) ‖ nonce (12) ‖ AES-256-GCM ciphertext ‖ tag (16), with the encryption context authenticated.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Refusal } from '../aws/refusal.ts';
import type { StoredKey } from './keys.ts';

const VERSION = 1;
const ID_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + ID_BYTES;

export type EncryptionContext = Readonly<Record<string, string>>;

export function seal(key: StoredKey, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const header = Buffer.concat([Buffer.of(VERSION), Buffer.from(key.id.replaceAll('-', ''), 'hex')]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.material, 'base64'), nonce);
  cipher.setAAD(Buffer.concat([header, associated(context)]));
  return Buffer.concat([header, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** The id of the key that sealed a blob; throws InvalidCiphertextException. */
export function keyIdOf(blob: Buffer): string {
  if (blob.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || blob[0] !== VERSION) throw invalid();
  return blob.toString('hex', 1, HEADER_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function open(key: StoredKey, blob: Buffer, context: EncryptionContext): Buffer {
  const nonceEnd = HEADER_BYTES + NONCE_BYTES;
  const decipher = createDecipheriv(
    'aes-256-gcm',
    Buffer.from(key.material, 'base64'),
    blob.subarray(HEADER_BYTES, nonceEnd),
  );
  decipher.setAAD(Buffer.concat([blob.subarray(0, HEADER_BYTES), associated(context)]));
  decipher.setAuthTag(blob.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(blob.subarray(nonceEnd, -TAG_BYTES)), decipher.final()]);
  } catch {
    // GCM says no more than that something does not match, and neither does KMS.
    throw invalid();
  }
}

function associated(context: EncryptionContext): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function invalid(): Refusal {
  return new Refusal(
    400,
    'InvalidCiphertextException',
    'The ciphertext is corrupted, or its encryption context differs.',
  );
}
