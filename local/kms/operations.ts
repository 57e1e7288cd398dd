/** The operations of KMS (API version 2014-11-01) that run here; each takes and gives the members of the API reference. */
import { createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { notImplemented, Refusal } from '../aws/refusal.ts';
import { type EncryptionContext, keyIdOf, open, seal } from './ciphertext.ts';
import { blob, encryptionContext, type Input, invalid, optionalText, text, whole } from './input.ts';
import { KEY_SPECS, type Keys, type StoredKey, usable } from './keys.ts';

/** "You can submit messages of up to 4096 bytes", and as much to Encrypt. */
const MAX_MESSAGE_BYTES = 4096;
const MAX_CIPHERTEXT_BYTES = 6144;
const MAX_SIGNATURE_BYTES = 6144;
const MAX_DATA_KEY_BYTES = 1024;
/** The representative of a message in ML-DSA (FIPS 204, section 6.2). */
const MU_BYTES = 64;
const SYMMETRIC = 'SYMMETRIC_DEFAULT';
const DATA_KEY_BYTES = { AES_256: 32, AES_128: 16 } as const;
const WAITING_DAYS = { least: 7, most: 30, default: 30 } as const;
const DAY_MS = 86_400_000;

type Output = Record<string, unknown>;

export interface Desk {
  readonly keys: Keys;
  readonly account: string;
  now(): number;
}

/** A permission on a key; `context` is the encryption context that it is for. */
export interface Need {
  readonly key: StoredKey;
  /** Where it differs from the operation's name. */
  readonly action?: string;
  readonly context?: EncryptionContext;
}

/** `needs` says which permissions on keys it asks for; without it the action has no resource. */
export interface Operation {
  readonly needs?: (input: Input, desk: Desk) => readonly Need[];
  run(input: Input, desk: Desk): Output;
}

const byKeyId = (input: Input, { keys }: Desk) => keys.find(text(input, 'KeyId'));

/** An operation on the key that `KeyId` names. */
const onKey = (run: (key: StoredKey, input: Input, desk: Desk) => Output): Operation => ({
  needs: (input, desk) => [{ key: byKeyId(input, desk), context: encryptionContext(input) }],
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
    demandAlgorithm(key, optionalText(input, 'EncryptionAlgorithm') ?? SYMMETRIC);
    const sealed = seal(key, blob(input, 'Plaintext', MAX_MESSAGE_BYTES), encryptionContext(input));
    return { CiphertextBlob: base64(sealed), KeyId: keys.arnOf(key), EncryptionAlgorithm: SYMMETRIC };
  }),
  GenerateDataKey: onKey((key, input, desk) => dataKey(key, input, desk, true)),
  GenerateDataKeyWithoutPlaintext: onKey((key, input, desk) => dataKey(key, input, desk, false)),
  Decrypt: {
    needs: (input, desk) => [{ key: sealingKey(input, desk, 'KeyId'), context: encryptionContext(input) }],
    run: decrypt,
  },
  ReEncrypt: {
    needs: (input, desk) => [
      {
        key: sealingKey(input, desk, 'SourceKeyId'),
        action: 'kms:ReEncryptFrom',
        context: encryptionContext(input, 'SourceEncryptionContext'),
      },
      {
        key: desk.keys.find(text(input, 'DestinationKeyId')),
        action: 'kms:ReEncryptTo',
        context: encryptionContext(input, 'DestinationEncryptionContext'),
      },
    ],
    run: reEncrypt,
  },
  EnableKeyRotation: onKey((key, _, { keys }) => rotate(keys, key, true)),
  DisableKeyRotation: onKey((key, _, { keys }) => rotate(keys, key, false)),
  GenerateRandom: { run: (input) => ({ Plaintext: base64(randomBytes(neededBytes(input))) }) },
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

/** The message of Sign and Verify. Of an ML-DSA representative node:crypto makes no signature, so that is refused by name. */
function messageOf(key: StoredKey, input: Input, keys: Keys): { message: Buffer; algorithm: string } {
  usable(key, keys.arnOf(key), 'SIGN_VERIFY');
  const algorithm = text(input, 'SigningAlgorithm');
  demandAlgorithm(key, algorithm);
  const type = optionalText(input, 'MessageType') ?? 'RAW';
  const message = blob(input, 'Message', MAX_MESSAGE_BYTES);
  if (type === 'RAW') return { message, algorithm };
  if (type !== 'EXTERNAL_MU' || algorithm !== 'ML_DSA_SHAKE_256') {
    throw invalid(`${algorithm} does not take a message of type ${type}`);
  }
  if (message.length !== MU_BYTES)
    throw invalid(`A message of type EXTERNAL_MU has ${MU_BYTES} bytes, got ${message.length}`);
  throw notImplemented('messages of type EXTERNAL_MU (KMS)');
}

function demandAlgorithm(key: StoredKey, algorithm: string): void {
  if ((KEY_SPECS[key.spec].algorithms as readonly string[]).includes(algorithm)) return;
  throw new Refusal(
    400,
    'InvalidKeyUsageException',
    `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`,
  );
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

function neededBytes(input: Input): number {
  const count = whole(input, 'NumberOfBytes', 1, MAX_DATA_KEY_BYTES);
  if (count === undefined) throw invalid('NumberOfBytes is required.');
  return count;
}

/** The key is in the blob; one that is named beside it must be the same. */
function sealingKey(input: Input, { keys }: Desk, member: 'KeyId' | 'SourceKeyId'): StoredKey {
  const id = keyIdOf(blob(input, 'CiphertextBlob', MAX_CIPHERTEXT_BYTES));
  const named = optionalText(input, member);
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
  const key = sealingKey(input, desk, 'KeyId');
  const plaintext = opened(key, input, encryptionContext(input), desk);
  demandAlgorithm(key, optionalText(input, 'EncryptionAlgorithm') ?? SYMMETRIC);
  return { KeyId: desk.keys.arnOf(key), Plaintext: base64(plaintext), EncryptionAlgorithm: SYMMETRIC };
}

function opened(key: StoredKey, input: Input, context: EncryptionContext, { keys }: Desk): Buffer {
  usable(key, keys.arnOf(key), 'ENCRYPT_DECRYPT');
  return open(key, blob(input, 'CiphertextBlob', MAX_CIPHERTEXT_BYTES), context);
}

/** The plaintext is never answered. */
function reEncrypt(input: Input, desk: Desk): Output {
  const { keys } = desk;
  const source = sealingKey(input, desk, 'SourceKeyId');
  const target = keys.find(text(input, 'DestinationKeyId'));
  demandAlgorithm(source, optionalText(input, 'SourceEncryptionAlgorithm') ?? SYMMETRIC);
  demandAlgorithm(target, optionalText(input, 'DestinationEncryptionAlgorithm') ?? SYMMETRIC);
  usable(target, keys.arnOf(target), 'ENCRYPT_DECRYPT');
  const plaintext = opened(source, input, encryptionContext(input, 'SourceEncryptionContext'), desk);
  return {
    CiphertextBlob: base64(seal(target, plaintext, encryptionContext(input, 'DestinationEncryptionContext'))),
    SourceKeyId: keys.arnOf(source),
    KeyId: keys.arnOf(target),
    SourceEncryptionAlgorithm: SYMMETRIC,
    DestinationEncryptionAlgorithm: SYMMETRIC,
  };
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
