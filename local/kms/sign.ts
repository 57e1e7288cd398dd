/** Sign, Verify, GetPublicKey. */
import { createPublicKey, sign, verify } from 'node:crypto';
import { notImplemented, Refusal } from '../aws/refusal.ts';
import { base64, demandAlgorithm, type KmsContext, MAX_MESSAGE_BYTES, type Output } from './context.ts';
import { blob, type Input, invalid, optionalText, text } from './input.ts';
import { KEY_SPECS, type Keys, type StoredKey, usable } from './keys.ts';

const MAX_SIGNATURE_BYTES = 6144;
/** The representative of a message in ML-DSA (FIPS 204, section 6.2). */
const MU_BYTES = 64;

export function publicKey(key: StoredKey, _: Input, { keys }: KmsContext): Output {
  usable(key, keys.arnOf(key), 'SIGN_VERIFY');
  const der = createPublicKey(keys.privateKeyOf(key)).export({ format: 'der', type: 'spki' });
  return {
    KeyId: keys.arnOf(key),
    PublicKey: base64(der),
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: KEY_SPECS[key.spec].algorithms,
  };
}

/** The message of Sign and Verify. Of an ML-DSA representative node:crypto makes no signature, so that is refused by name. */
function messageOf(key: StoredKey, input: Input, keys: Keys): { message: Buffer; algorithm: string } {
  usable(key, keys.arnOf(key), 'SIGN_VERIFY');
  const algorithm = text(input, 'SigningAlgorithm');
  demandAlgorithm(key, algorithm);
  const type = optionalText(input, 'MessageType') ?? 'RAW';
  const message = blob(input, 'Message', MAX_MESSAGE_BYTES);
  if (type === 'RAW') return { message, algorithm };
  if (type !== 'EXTERNAL_MU' || algorithm !== 'ML_DSA_SHAKE_256') {
    throw invalid(`${algorithm} does not take a message of type ${type}`);
  }
  if (message.length !== MU_BYTES)
    throw invalid(`A message of type EXTERNAL_MU has ${MU_BYTES} bytes, got ${message.length}`);
  throw notImplemented('messages of type EXTERNAL_MU (KMS)');
}

export function signMessage(key: StoredKey, input: Input, { keys }: KmsContext): Output {
  const { message, algorithm } = messageOf(key, input, keys);
  const signature = sign(null, message, keys.privateKeyOf(key));
  return { KeyId: keys.arnOf(key), Signature: base64(signature), SigningAlgorithm: algorithm };
}

export function verifyMessage(key: StoredKey, input: Input, { keys }: KmsContext): Output {
  const { message, algorithm } = messageOf(key, input, keys);
  const signature = blob(input, 'Signature', MAX_SIGNATURE_BYTES);
  if (!verify(null, message, createPublicKey(keys.privateKeyOf(key)), signature)) {
    throw new Refusal(400, 'KMSInvalidSignatureException', 'The signature does not match.');
  }
  return { KeyId: keys.arnOf(key), SignatureValid: true, SigningAlgorithm: algorithm };
}
