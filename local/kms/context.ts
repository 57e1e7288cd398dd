/** What KMS's operations share. */
import { Refusal } from '../aws/refusal.ts';
import { KEY_SPECS, type Keys, type StoredKey } from './keys.ts';

/** "You can submit messages of up to 4096 bytes", and as much to Encrypt. */
export const MAX_MESSAGE_BYTES = 4096;

export type Output = Record<string, unknown>;

export interface KmsContext {
  readonly keys: Keys;
  readonly account: string;
  now(): number;
  /** Whether the caller could change the policy of this key again if the policy were this one; there with IAM. */
  readonly mayPutPolicy?: (accessKeyId: string, keyArn: string, policy: unknown) => boolean;
}

export function demandAlgorithm(key: StoredKey, algorithm: string): void {
  if ((KEY_SPECS[key.spec].algorithms as readonly string[]).includes(algorithm)) return;
  throw new Refusal(
    400,
    'InvalidKeyUsageException',
    `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`,
  );
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
