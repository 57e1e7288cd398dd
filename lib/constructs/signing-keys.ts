import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { LOG } from '../../names/log.ts';
import { acknowledge } from './acknowledge.ts';
import type { Code } from './code.ts';

/**
 * The two keys that sign the digest log's checkpoints: Ed25519 for today's clients, ML-DSA-44 for as long as evidence has to
 * last. They never leave KMS, and can't be replaced without a new log: whoever verifies knows them.
 */
export class SigningKeys extends Construct {
  readonly #ed25519: Key;
  readonly #mlDsa44: Key;
  readonly #origin: string;

  constructor(scope: Construct, id: string, origin: string) {
    super(scope, id);
    this.#origin = origin;
    this.#ed25519 = this.#key('Ed25519', KeySpec.ECC_NIST_EDWARDS25519);
    this.#mlDsa44 = this.#key('MlDsa44', KeySpec.ML_DSA_44);
  }

  /** Open checkpoints: the log's origin and its public keys. */
  grantVerify(code: Code): void {
    this.#grant(code, ['kms:GetPublicKey']);
  }

  /** Sign checkpoints, each twice. */
  grantSign(code: Code): void {
    this.#grant(code, ['kms:GetPublicKey', 'kms:Sign']);
  }

  #grant(code: Code, actions: readonly string[]): void {
    code.configure(LOG.originEnv, this.#origin);
    code.configure(LOG.ed25519KeyEnv, this.#ed25519.keyArn);
    code.configure(LOG.mlDsa44KeyEnv, this.#mlDsa44.keyArn);
    code.allow({ actions, resources: [this.#ed25519.keyArn, this.#mlDsa44.keyArn] });
  }

  #key(id: string, keySpec: KeySpec): Key {
    const key = new Key(this, id, {
      description: `Indelible: signs checkpoints (${keySpec})`,
      keySpec,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      key,
      'AwsSolutions-KMS5',
      'KMS rotates no asymmetric keys, and a log is known by the keys that it has.',
    );
    return key;
  }
}
