// The log's keys in KMS.
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type SignatureType, type VerifierKey, verifierKey } from '../../core/note/key.ts';
import type { LogKeys } from '../../services/seal/port.ts';

const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** Endpoint, region and credentials come from the standard environment. */
export function kmsClient(): KMSClient {
  return new KMSClient({
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}

/** The KMS key of one of the log's two signatures. */
export interface LogKey {
  readonly arn: string;
  readonly type: SignatureType;
  readonly spec: 'ECC_NIST_EDWARDS25519' | 'ML_DSA_44';
  readonly algorithm: 'ED25519_SHA_512' | 'ML_DSA_SHAKE_256';
  /** Of the raw key, which ends the SubjectPublicKeyInfo that KMS answers. */
  readonly bytes: number;
}

/** ARNs of the keys that sign checkpoints. */
export interface LogKeyArns {
  readonly ed25519: string;
  readonly mlDsa44: string;
}

export function logKeysOf({ ed25519, mlDsa44 }: LogKeyArns): readonly [LogKey, LogKey] {
  return [
    { arn: ed25519, type: 'ed25519', spec: 'ECC_NIST_EDWARDS25519', algorithm: 'ED25519_SHA_512', bytes: 32 },
    { arn: mlDsa44, type: 'ml-dsa-44-cosignature', spec: 'ML_DSA_44', algorithm: 'ML_DSA_SHAKE_256', bytes: 1_312 },
  ];
}

/** What KMS answered is not what the log's key has to be. */
export class KmsKeyFault extends Error {
  override readonly name = 'KmsKeyFault';
  readonly code = 'kms-key';
}

/** The log's public keys, asked for once: a KMS key never changes its material. */
export class KmsKeys implements LogKeys {
  readonly #client: KMSClient;
  readonly #arns: LogKeyArns;
  readonly #origin: string;
  #keys: Promise<readonly [VerifierKey, VerifierKey]> | undefined;

  constructor(client: KMSClient, arns: LogKeyArns, origin: string) {
    this.#client = client;
    this.#arns = arns;
    this.#origin = origin;
  }

  keys(): Promise<readonly [VerifierKey, VerifierKey]> {
    this.#keys ??= this.#read().catch((error: unknown) => {
      // The next caller asks again.
      this.#keys = undefined;
      throw error;
    });
    return this.#keys;
  }

  async #read(): Promise<readonly [VerifierKey, VerifierKey]> {
    const [ed25519, mlDsa44] = logKeysOf(this.#arns);
    return [await this.#publicKey(ed25519), await this.#publicKey(mlDsa44)];
  }

  async #publicKey({ arn, type, spec, bytes }: LogKey): Promise<VerifierKey> {
    const { KeySpec, PublicKey } = await this.#client.send(new GetPublicKeyCommand({ KeyId: arn }));
    if (KeySpec !== spec || PublicKey === undefined) throw new KmsKeyFault(`got a key of ${KeySpec}, want ${spec}`);
    return verifierKey(this.#origin, type, PublicKey.slice(-bytes));
  }
}
