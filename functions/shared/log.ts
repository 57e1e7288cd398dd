// Keys of the digest log's checkpoints, out of the environment.
import { KmsKeys, kmsClient, type LogKeyArns } from '../../adapters/kms/keys.ts';
import { LOG } from '../../names/log.ts';
import type { LogKeys } from '../../services/seal/port.ts';
import { type Environment, requiredText } from './environment.ts';

/** ARNs of the keys that sign checkpoints. */
export function logKeyArns(environment: Environment): LogKeyArns {
  return {
    ed25519: requiredText(environment, LOG.ed25519KeyEnv),
    mlDsa44: requiredText(environment, LOG.mlDsa44KeyEnv),
  };
}

/** The log's public keys, for functions that verify. */
export function logKeys(environment: Environment): LogKeys {
  return new KmsKeys(kmsClient(), logKeyArns(environment), requiredText(environment, LOG.originEnv));
}
