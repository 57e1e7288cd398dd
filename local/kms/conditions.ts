/** KMS's condition keys. */
import type { ConditionValues } from '../aws/service.ts';
import type { EncryptionContext } from './ciphertext.ts';
import { type Input, optionalText } from './input.ts';
import { KEY_SPECS, type Keys, type StoredKey } from './keys.ts';

/** What is known of the key itself; `named` is how the request names it. */
export function keyConditions(key: StoredKey, named: string | undefined, keys: Keys, account: string): ConditionValues {
  const aliases = [...keys.aliases].flatMap(([name, id]) => (id === key.id ? [name] : []));
  return {
    'kms:CallerAccount': account,
    'kms:KeySpec': key.spec,
    'kms:KeyUsage': KEY_SPECS[key.spec].usage,
    'kms:KeyOrigin': 'AWS_KMS',
    ...(aliases.length === 0 ? {} : { 'kms:ResourceAliases': aliases }),
    ...(named?.includes('alias/') ? { 'kms:RequestAlias': named.slice(named.indexOf('alias/')) } : {}),
  };
}

const REQUEST_KEYS = ['EncryptionAlgorithm', 'MacAlgorithm', 'MessageType', 'SigningAlgorithm'];

/** What a request states. */
export function requestConditions(input: Input): ConditionValues {
  const values: Record<string, string> = {};
  for (const member of REQUEST_KEYS) {
    const value = optionalText(input, member);
    if (value !== undefined) values[`kms:${member}`] = value;
  }
  const { PendingWindowInDays: days } = input;
  if (typeof days === 'number') values['kms:ScheduleKeyDeletionPendingWindowInDays'] = String(days);
  return values;
}

export function contextConditions(context: EncryptionContext): ConditionValues {
  const names = Object.keys(context);
  if (names.length === 0) return {};
  const pairs = names.map((name) => [`kms:EncryptionContext:${name}`, context[name]!] as const);
  return { ...Object.fromEntries(pairs), 'kms:EncryptionContextKeys': names };
}
