/** KMS as S3 uses it: in the caller's name, through S3 (`kms:ViaService`), answering in S3's error codes. */
import { type Access, AccessDenied } from '../aws/iam/access.ts';
import { Refusal } from '../aws/refusal.ts';
import type { DataKeys } from '../s3/encryption.ts';
import { askKey } from './ask.ts';
import type { EncryptionContext } from './ciphertext.ts';
import type { Keys } from './keys.ts';

export interface ServiceUse {
  /** The service's short name, such as `s3`. */
  readonly service: string;
  readonly region: string;
  readonly account: string;
}

export function dataKeysFor({ service, region, account }: ServiceUse, keys: Keys, access: Access): DataKeys {
  const use = (accessKeyId: string, name: string, action: string, context: EncryptionContext): string => {
    try {
      const question = { caller: { accessKeyId }, key: name, actions: [action], context, service, region, account };
      return askKey(question, keys, access);
    } catch (error) {
      throw inServiceTerms(error);
    }
  };
  return {
    generate: (accessKeyId, key, context) => use(accessKeyId, key, 'kms:GenerateDataKey', context),
    decrypt: (accessKeyId, keyArn, context) => void use(accessKeyId, keyArn, 'kms:Decrypt', context),
  };
}

/** `KMS.NotFoundException` and so on; a denial stays a denial. */
function inServiceTerms(error: unknown): unknown {
  if (error instanceof AccessDenied || !(error instanceof Refusal)) return error;
  return new Refusal(error.status, `KMS.${error.code}`, error.message);
}
