/** Encrypt, Decrypt, ReEncrypt, data keys, random bytes. */
import { randomBytes } from 'node:crypto';
import { Refusal } from '../aws/refusal.ts';
import { type EncryptionContext, keyIdOf, open, seal } from './ciphertext.ts';
import { base64, demandAlgorithm, type KmsContext, MAX_MESSAGE_BYTES, type Output } from './context.ts';
import { blob, encryptionContext, type Input, invalid, optionalText, text, whole } from './input.ts';
import { type StoredKey, usable } from './keys.ts';

const MAX_CIPHERTEXT_BYTES = 6144;
const MAX_DATA_KEY_BYTES = 1024;
const SYMMETRIC = 'SYMMETRIC_DEFAULT';
const DATA_KEY_BYTES: ReadonlyMap<string, number> = new Map([
  ['AES_256', 32],
  ['AES_128', 16],
]);

export function encrypt(key: StoredKey, input: Input, { keys }: KmsContext): Output {
  usable(key, keys.arnOf(key), 'ENCRYPT_DECRYPT');
  demandAlgorithm(key, optionalText(input, 'EncryptionAlgorithm') ?? SYMMETRIC);
  const sealed = seal(key, blob(input, 'Plaintext', MAX_MESSAGE_BYTES), encryptionContext(input));
  return { CiphertextBlob: base64(sealed), KeyId: keys.arnOf(key), EncryptionAlgorithm: SYMMETRIC };
}

export function dataKey(key: StoredKey, input: Input, { keys }: KmsContext, shown: boolean): Output {
  usable(key, keys.arnOf(key), 'ENCRYPT_DECRYPT');
  const spec = optionalText(input, 'KeySpec');
  const count = whole(input, 'NumberOfBytes', 1, MAX_DATA_KEY_BYTES);
  if ((spec === undefined) === (count === undefined))
    throw invalid('Please specify either number of bytes or key spec.');
  const known = spec === undefined ? count : DATA_KEY_BYTES.get(spec);
  if (known === undefined) throw invalid(`Value '${spec}' at 'keySpec' must be one of ${[...DATA_KEY_BYTES.keys()]}`);
  const plaintext = randomBytes(known);
  const sealed = { CiphertextBlob: base64(seal(key, plaintext, encryptionContext(input))), KeyId: keys.arnOf(key) };
  return shown ? { ...sealed, Plaintext: base64(plaintext) } : sealed;
}

function neededBytes(input: Input): number {
  const count = whole(input, 'NumberOfBytes', 1, MAX_DATA_KEY_BYTES);
  if (count === undefined) throw invalid('NumberOfBytes is required.');
  return count;
}

/** The key is in the blob; one that is named beside it must be the same. */
export function sealingKey(input: Input, { keys }: KmsContext, member: 'KeyId' | 'SourceKeyId'): StoredKey {
  const id = keyIdOf(blob(input, 'CiphertextBlob', MAX_CIPHERTEXT_BYTES));
  const named = optionalText(input, member);
  if (named !== undefined && keys.find(named).id !== id) {
    throw new Refusal(
      400,
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  return keys.find(id);
}

export function decrypt(input: Input, kms: KmsContext): Output {
  const key = sealingKey(input, kms, 'KeyId');
  const plaintext = opened(key, input, encryptionContext(input), kms);
  demandAlgorithm(key, optionalText(input, 'EncryptionAlgorithm') ?? SYMMETRIC);
  return { KeyId: kms.keys.arnOf(key), Plaintext: base64(plaintext), EncryptionAlgorithm: SYMMETRIC };
}

function opened(key: StoredKey, input: Input, context: EncryptionContext, { keys }: KmsContext): Buffer {
  usable(key, keys.arnOf(key), 'ENCRYPT_DECRYPT');
  return open(key, blob(input, 'CiphertextBlob', MAX_CIPHERTEXT_BYTES), context);
}

/** The plaintext is never answered. */
export function reEncrypt(input: Input, kms: KmsContext): Output {
  const { keys } = kms;
  const source = sealingKey(input, kms, 'SourceKeyId');
  const target = keys.find(text(input, 'DestinationKeyId'));
  demandAlgorithm(source, optionalText(input, 'SourceEncryptionAlgorithm') ?? SYMMETRIC);
  demandAlgorithm(target, optionalText(input, 'DestinationEncryptionAlgorithm') ?? SYMMETRIC);
  usable(target, keys.arnOf(target), 'ENCRYPT_DECRYPT');
  const plaintext = opened(source, input, encryptionContext(input, 'SourceEncryptionContext'), kms);
  return {
    CiphertextBlob: base64(seal(target, plaintext, encryptionContext(input, 'DestinationEncryptionContext'))),
    SourceKeyId: keys.arnOf(source),
    KeyId: keys.arnOf(target),
    SourceEncryptionAlgorithm: SYMMETRIC,
    DestinationEncryptionAlgorithm: SYMMETRIC,
  };
}

export function random(input: Input): Output {
  return { Plaintext: base64(randomBytes(neededBytes(input))) };
}
