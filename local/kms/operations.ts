/** The operations of KMS (API version 2014-11-01) that run here; each takes and gives the members of the API reference. */
import { DAY_MS } from '../../names/time.ts';
import { notImplemented, Refusal } from '../aws/refusal.ts';
import { dataKey, decrypt, encrypt, random, reEncrypt, sealingKey } from './cipher.ts';
import type { EncryptionContext } from './ciphertext.ts';
import type { KmsContext, Output } from './context.ts';
import { encryptionContext, type Input, optionalText, text, whole } from './input.ts';
import { KEY_SPECS, type Keys, type StoredKey, usable } from './keys.ts';
import { putKeyPolicy } from './policy.ts';
import { publicKey, signMessage, verifyMessage } from './sign.ts';

const WAITING_DAYS = { least: 7, most: 30, default: 30 } as const;

/** A permission on a key; `context` is the encryption context that it is for. */
interface Need {
  readonly key: StoredKey;
  /** Where it differs from the operation's name. */
  readonly action?: string;
  readonly context?: EncryptionContext;
}

/** `needs` says which permissions on keys it asks for; without it the action has no resource. */
export interface Operation {
  readonly needs?: (input: Input, kms: KmsContext) => readonly Need[];
  run(input: Input, kms: KmsContext, accessKeyId: string): Output;
}

const byKeyId = (input: Input, { keys }: KmsContext) => keys.find(text(input, 'KeyId'));

/** An operation on the key that `KeyId` names. */
const onKey = (run: (key: StoredKey, input: Input, kms: KmsContext, accessKeyId: string) => Output): Operation => ({
  needs: (input, kms) => [{ key: byKeyId(input, kms), context: encryptionContext(input) }],
  run: (input, kms, accessKeyId) => run(byKeyId(input, kms), input, kms, accessKeyId),
});

/** KMS asks for permission before anything else, so whoever lacks it hears that here too and not what is missing. */
const UNIMPLEMENTED = [
  ...['CreateGrant', 'DeleteImportedKeyMaterial', 'GetParametersForImport', 'ImportKeyMaterial', 'ListGrants'],
  ...['ReplicateKey', 'RevokeGrant', 'RotateKeyOnDemand', 'TagResource', 'UntagResource', 'UpdateKeyDescription'],
  'UpdatePrimaryRegion',
];

const unimplemented = Object.fromEntries(
  UNIMPLEMENTED.map((name) => [
    name,
    onKey(() => {
      throw notImplemented(`kms:${name}`);
    }),
  ]),
);

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...unimplemented,
  DescribeKey: onKey((key, _, kms) => ({ KeyMetadata: metadata(key, kms) })),
  GetPublicKey: onKey(publicKey),
  GetKeyPolicy: onKey((key) => ({ Policy: JSON.stringify(key.policy), PolicyName: 'default' })),
  PutKeyPolicy: onKey(putKeyPolicy),
  GetKeyRotationStatus: onKey((key) => ({ KeyRotationEnabled: key.rotation })),
  EnableKey: onKey((key, _, { keys }) => move(keys, key, 'Enabled')),
  DisableKey: onKey((key, _, { keys }) => move(keys, key, 'Disabled')),
  ScheduleKeyDeletion: onKey(scheduleDeletion),
  CancelKeyDeletion: onKey((key, _, { keys }) => {
    const { deletionDate, ...rest } = key;
    if (deletionDate === undefined)
      throw new Refusal(400, 'KMSInvalidStateException', `${keys.arnOf(key)} is not pending deletion.`);
    return { KeyId: keys.arnOf(keys.save({ ...rest, state: 'Disabled' })) };
  }),
  Sign: onKey(signMessage),
  Verify: onKey(verifyMessage),
  Encrypt: onKey(encrypt),
  GenerateDataKey: onKey((key, input, kms) => dataKey(key, input, kms, true)),
  GenerateDataKeyWithoutPlaintext: onKey((key, input, kms) => dataKey(key, input, kms, false)),
  Decrypt: {
    needs: (input, kms) => [{ key: sealingKey(input, kms, 'KeyId'), context: encryptionContext(input) }],
    run: decrypt,
  },
  ReEncrypt: {
    needs: (input, kms) => [
      {
        key: sealingKey(input, kms, 'SourceKeyId'),
        action: 'kms:ReEncryptFrom',
        context: encryptionContext(input, 'SourceEncryptionContext'),
      },
      {
        key: kms.keys.find(text(input, 'DestinationKeyId')),
        action: 'kms:ReEncryptTo',
        context: encryptionContext(input, 'DestinationEncryptionContext'),
      },
    ],
    run: reEncrypt,
  },
  EnableKeyRotation: onKey((key, _, { keys }) => rotate(keys, key, true)),
  DisableKeyRotation: onKey((key, _, { keys }) => rotate(keys, key, false)),
  GenerateRandom: { run: random },
  ListKeys: {
    run: (_, { keys }) => ({
      Keys: keys.all.map((key) => ({ KeyId: key.id, KeyArn: keys.arnOf(key) })),
      Truncated: false,
    }),
  },
  ListAliases: { run: listAliases },
};

function metadata(key: StoredKey, { keys, account }: KmsContext): Output {
  const { usage, algorithms } = KEY_SPECS[key.spec];
  const list = usage === 'SIGN_VERIFY' ? 'SigningAlgorithms' : 'EncryptionAlgorithms';
  return {
    AWSAccountId: account,
    KeyId: key.id,
    Arn: keys.arnOf(key),
    CreationDate: key.createdAt / 1000,
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: usage,
    KeyState: key.state,
    ...(key.deletionDate === undefined ? {} : { DeletionDate: key.deletionDate / 1000 }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    [list]: algorithms,
    MultiRegion: false,
  };
}

function move(keys: Keys, key: StoredKey, state: 'Enabled' | 'Disabled'): Output {
  if (key.state === 'PendingDeletion') {
    throw new Refusal(400, 'KMSInvalidStateException', `${keys.arnOf(key)} is pending deletion.`);
  }
  keys.save({ ...key, state });
  return {};
}

/** The key is unusable from now on; here it stays so when the waiting is over, and its file stays too. */
function scheduleDeletion(key: StoredKey, input: Input, { keys, now }: KmsContext): Output {
  if (key.state === 'PendingDeletion') {
    throw new Refusal(400, 'KMSInvalidStateException', `${keys.arnOf(key)} is pending deletion.`);
  }
  const days = whole(input, 'PendingWindowInDays', WAITING_DAYS.least, WAITING_DAYS.most) ?? WAITING_DAYS.default;
  const deletionDate = now() + days * DAY_MS;
  keys.save({ ...key, state: 'PendingDeletion', deletionDate });
  return {
    KeyId: keys.arnOf(key),
    DeletionDate: deletionDate / 1000,
    KeyState: 'PendingDeletion',
    PendingWindowInDays: days,
  };
}

function rotate(keys: Keys, key: StoredKey, rotation: boolean): Output {
  if (key.spec !== 'SYMMETRIC_DEFAULT') {
    throw new Refusal(
      400,
      'UnsupportedOperationException',
      `${keys.arnOf(key)} can't be rotated: only symmetric keys are.`,
    );
  }
  usable(key, keys.arnOf(key), 'ENCRYPT_DECRYPT');
  keys.save({ ...key, rotation });
  return {};
}

function listAliases(input: Input, { keys }: KmsContext): Output {
  const only = optionalText(input, 'KeyId');
  const target = only === undefined ? undefined : keys.find(only).id;
  const aliases = [...keys.aliases]
    .filter(([, id]) => target === undefined || id === target)
    .map(([name, id]) => ({ AliasName: name, AliasArn: keys.aliasArn(name), TargetKeyId: id }));
  return { Aliases: aliases, Truncated: false };
}
