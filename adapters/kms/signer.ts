// Signs checkpoints with KMS.
import { type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { VerifierKey } from '../../core/note/key.ts';
import type { NoteSignature } from '../../core/note/note.ts';
import { checkSignature, messageToSign, noteSignature } from '../../core/note/signature.ts';
import type { Signer } from '../../services/seal/port.ts';
import { KmsKeyFault, KmsKeys, type LogKey, type LogKeyArns, logKeysOf } from './keys.ts';

/**
 * Signs checkpoints with the log's two KMS keys, two calls a checkpoint. Messages go whole (RAW), as both algorithms want
 * it, and are far below KMS's 4,096 bytes. Each signature is verified here before anybody sees it.
 */
export class KmsSigner implements Signer {
  readonly #client: KMSClient;
  readonly #arns: LogKeyArns;
  readonly #keys: KmsKeys;

  constructor(client: KMSClient, arns: LogKeyArns, origin: string) {
    this.#client = client;
    this.#arns = arns;
    this.#keys = new KmsKeys(client, arns, origin);
  }

  keys(): Promise<readonly [VerifierKey, VerifierKey]> {
    return this.#keys.keys();
  }

  async sign(text: string, timestamp: number): Promise<readonly NoteSignature[]> {
    const [ed25519, mlDsa44] = logKeysOf(this.#arns);
    const [first, second] = await this.keys();
    return [await this.#signWith(ed25519, first, text), await this.#signWith(mlDsa44, second, text, timestamp)];
  }

  async #signWith(key: LogKey, verifier: VerifierKey, text: string, timestamp?: number): Promise<NoteSignature> {
    const sign = new SignCommand({
      KeyId: key.arn,
      Message: messageToSign(verifier, text, timestamp),
      MessageType: 'RAW',
      SigningAlgorithm: key.algorithm,
    });
    const { Signature } = await this.#client.send(sign);
    if (Signature === undefined) throw new KmsKeyFault(`got no signature by the key of ${key.spec}`);
    const signature = noteSignature(verifier, Signature, timestamp);
    checkSignature(verifier, text, signature.signature);
    return signature;
  }
}
