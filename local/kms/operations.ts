/** The operations of KMS (API version 2014-11-01) that run here; each takes and gives the members of the API reference. */
import { createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { Refusal } from '../aws/refusal.ts';
import { keyIdOf, open, seal } from './ciphertext.ts';
import { blob, encryptionContext, type Input, invalid, optionalText, text, whole } from './input.ts';
import { KEY_SPECS, type Keys, type StoredKey, usable } from './keys.ts';

/** "You can submit messages of up to 4096 bytes", and as much to Encrypt. */
const MAX_MESSAGE_BYTES = 4096;
const MAX_CIPHERTEXT_BYTES = 6144;
const MAX_SIGNATURE_BYTES = 6144;
const MAX_DATA_KEY_BYTES = 1024;
const DATA_KEY_BYTES = { AES_256: 32, AES_128: 16 } as const;
const WAITING_DAYS = { least: 7, most: 30, default: 30 } as const;
const DAY_MS = 86_400_000;

type Output = Record<string, unknown>;

export interface Desk {
  readonly keys: Keys;
  readonly account: string;
  now(): number;
}

/** `resource` names the key that a permission is asked for; without it the action has no resource. */
export interface Operation {
  readonly resource?: (input: Input, desk: Desk) => StoredKey;
  run(input: Input, desk: Desk): Output;
}

const byKeyId = (input: Input, { keys }: Desk) => keys.find(text(input, 'KeyId'));

/** An operation on the key that `KeyId` names. */
const onKey = (run: (key: StoredKey, input: Input, desk: Desk) => Output): Operation => ({
  resource: byKeyId,
  run: (input, desk) => run(byKeyId(input, desk), input, desk),
});

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeKey: onKey((key, _, desk) => ({ KeyMetadata: metadata(key, desk) })),
  GetPublicKey: onKey(publicKey),
  GetKeyPolicy: onKey((key) => ({ Policy: JSON.stringify(key.policy), PolicyName: 'default' })),
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
  Encrypt: onKey((key, input, { keys }) => {
    usable(key, keys.arnOf(key), 'ENCRYPT_DECRYPT');
    const sealed = seal(key, blob(input, 'Plaintext', MAX_MESSAGE_BYTES), encryptionContext(input));
    return { CiphertextBlob: base64(sealed), KeyId: keys.arnOf(key), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  }),
  GenerateDataKey: onKey((key, input, desk) => dataKey(key, input, desk, true)),
  GenerateDataKeyWithoutPlaintext: onKey((key, input, desk) => dataKey(key, input, desk, false)),
  Decrypt: { resource: sealingKey, run: decrypt },
  ListKeys: {
    run: (_, { keys }) => ({
      Keys: keys.all.map((key) => ({ KeyId: key.id, KeyArn: keys.arnOf(key) })),
      Truncated: false,
    }),
  },
  ListAliases: { run: listAliases },
};

function metadata(key: StoredKey, { keys, account }: Desk): Output {
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

function publicKey(key: StoredKey, _: Input, { keys }: Desk): Output {
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

function move(keys: Keys, key: StoredKey, state: 'Enabled' | 'Disabled'): Output {
  if (key.state === 'PendingDeletion') {
    throw new Refusal(400, 'KMSInvalidStateException', `${keys.arnOf(key)} is pending deletion.`);
  }
  keys.save({ ...key, state });
  return {};
}

function scheduleDeletion(key: StoredKey, input: Input, { keys, now }: Desk): Output {
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

/** The message of Sign and Verify. Digests and external mu need what node:crypto does not offer for these keys. */
function messageOf(key: StoredKey, input: Input, keys: Keys): { message: Buffer; algorithm: string } {
  usable(key, keys.arnOf(key), 'SIGN_VERIFY');
  const algorithm = text(input, 'SigningAlgorithm');
  if (!(KEY_SPECS[key.spec].algorithms as readonly string[]).includes(algorithm)) {
    throw new Refusal(
      400,
      'InvalidKeyUsageException',
      `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`,
    );
  }
  const type = optionalText(input, 'MessageType') ?? 'RAW';
  if (type !== 'RAW') throw invalid(`the local runtime signs messages of type RAW only, got ${type}`);
  return { message: blob(input, 'Message', MAX_MESSAGE_BYTES), algorithm };
}

function signMessage(key: StoredKey, input: Input, { keys }: Desk): Output {
  const { message, algorithm } = messageOf(key, input, keys);
  const signature = sign(null, message, keys.privateKeyOf(key));
  return { KeyId: keys.arnOf(key), Signature: base64(signature), SigningAlgorithm: algorithm };
}

function verifyMessage(key: StoredKey, input: Input, { keys }: Desk): Output {
  const { message, algorithm } = messageOf(key, input, keys);
  const signature = blob(input, 'Signature', MAX_SIGNATURE_BYTES);
  if (!verify(null, message, createPublicKey(keys.privateKeyOf(key)), signature)) {
    throw new Refusal(400, 'KMSInvalidSignatureException', 'The signature does not match.');
  }
  return { KeyId: keys.arnOf(key), SignatureValid: true, SigningAlgorithm: algorithm };
}

function dataKey(key: StoredKey, input: Input, { keys }: Desk, shown: boolean): Output {
  usable(key, keys.arnOf(key), 'ENCRYPT_DECRYPT');
  const spec = optionalText(input, 'KeySpec');
  const count = whole(input, 'NumberOfBytes', 1, MAX_DATA_KEY_BYTES);
  if ((spec === undefined) === (count === undefined))
    throw invalid('Please specify either number of bytes or key spec.');
  const known = spec === undefined ? count : DATA_KEY_BYTES[spec as keyof typeof DATA_KEY_BYTES];
  if (known === undefined) throw invalid(`Value '${spec}' at 'keySpec' must be one of ${Object.keys(DATA_KEY_BYTES)}`);
  const plaintext = randomBytes(known);
  const sealed = { CiphertextBlob: base64(seal(key, plaintext, encryptionContext(input))), KeyId: keys.arnOf(key) };
  return shown ? { ...sealed, Plaintext: base64(plaintext) } : sealed;
}

/** The key is in the blob; a KeyId beside it must name the same. */
function sealingKey(input: Input, { keys }: Desk): StoredKey {
  const id = keyIdOf(blob(input, 'CiphertextBlob', MAX_CIPHERTEXT_BYTES));
  const named = optionalText(input, 'KeyId');
  if (named !== undefined && keys.find(named).id !== id) {
    throw new Refusal(
      400,
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  return keys.find(id);
}

function decrypt(input: Input, desk: Desk): Output {
  const key = sealingKey(input, desk);
  const arn = desk.keys.arnOf(key);
  usable(key, arn, 'ENCRYPT_DECRYPT');
  const plaintext = open(key, blob(input, 'CiphertextBlob', MAX_CIPHERTEXT_BYTES), encryptionContext(input));
  return { KeyId: arn, Plaintext: base64(plaintext), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
}

function listAliases(input: Input, { keys }: Desk): Output {
  const only = optionalText(input, 'KeyId');
  const target = only === undefined ? undefined : keys.find(only).id;
  const aliases = [...keys.aliases]
    .filter(([, id]) => target === undefined || id === target)
    .map(([name, id]) => ({ AliasName: name, AliasArn: keys.aliasArn(name), TargetKeyId: id }));
  return { Aliases: aliases, Truncated: false };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
