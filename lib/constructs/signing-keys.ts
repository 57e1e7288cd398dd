// The keys that sign the digest log's checkpoints.
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { LOG } from '../../names/log.ts';
import { acknowledge } from './acknowledge.ts';
import type { Code } from './code.ts';
import { deny, denyDestruction, denyLending } from './key-policy.ts';
import { anyoneBut, type Trusted } from './trusted.ts';

export interface SigningKeysProps {
  readonly origin: string;
  readonly trusted: Trusted;
  /** The one role that signs, whatever permissions others have. */
  readonly publisher: IRole;
}

/**
 * The two keys that sign the digest log's checkpoints: Ed25519 for today's clients, ML-DSA-44 for as long as evidence has to
 * last. They never leave KMS, and can't be replaced without a new log: whoever verifies knows them.
 */
export class SigningKeys extends Construct {
  readonly #ed25519: Key;
  readonly #mlDsa44: Key;
  readonly #origin: string;

  constructor(scope: Construct, id: string, props: SigningKeysProps) {
    super(scope, id);
    this.#origin = props.origin;
    this.#ed25519 = this.#key('Ed25519', KeySpec.ECC_NIST_EDWARDS25519, props);
    this.#mlDsa44 = this.#key('MlDsa44', KeySpec.ML_DSA_44, props);
  }

  /** Both, for whoever watches over them. */
  get keys(): readonly Key[] {
    return [this.#ed25519, this.#mlDsa44];
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

  /** A session of a role has the role's ARN as its principal, so that the exception is for the role and nobody beside it. */
  #key(id: string, keySpec: KeySpec, { trusted, publisher }: SigningKeysProps): Key {
    const key = new Key(this, id, {
      description: `Indelible: signs checkpoints (${keySpec})`,
      keySpec,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    denyDestruction(key, trusted);
    denyLending(key, 'nobody may');
    deny(key, 'PublisherSigns', ['kms:Sign'], anyoneBut([publisher.roleArn]));
    acknowledge(
      key,
      'AwsSolutions-KMS5',
      'KMS rotates no asymmetric keys, and a log is known by the keys that it has.',
    );
    return key;
  }
}
