// The local KMS, asked by AWS's client.
import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
  SignCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AwsEndpoint, createAwsEndpoint } from '../../local/aws/endpoint.ts';
import { type KeySpec, Keys } from '../../local/kms/keys.ts';
import { kmsService } from '../../local/kms/service.ts';

const ACCOUNT = '000000000000';
const ARN_PREFIX = `arn:aws:kms:us-east-1:${ACCOUNT}:`;
const MESSAGE = Buffer.from('indelible.example/log\n3\nqz2zkXjFqdUTJaYzJvb0=\n');
const ACCOUNT_DECIDES = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

let dir: string;
let keys: Keys;
let endpoint: AwsEndpoint;
let client: KMSClient;
const failures: unknown[] = [];

const make = (name: string, spec: KeySpec, policy: unknown = ACCOUNT_DECIDES) =>
  keys.ensure(name, spec, { description: name, rotation: false, policy }, Date.now()).id;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'indelible-kms-'));
  keys = new Keys(dir, ARN_PREFIX);
  const failed = (_: string, error: unknown) => void failures.push(error);
  endpoint = createAwsEndpoint({ region: 'us-east-1', account: ACCOUNT, now: Date.now, failed });
  endpoint.serve(kmsService({ keys, account: ACCOUNT, now: Date.now }));
  client = new KMSClient({
    endpoint: await endpoint.listen(0),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await endpoint.close();
  await rm(dir, { recursive: true });
  expect(failures).toEqual([]);
});

const refused = async (name: string, call: Promise<unknown>) => expect(call).rejects.toMatchObject({ name });

describe.each([
  ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', 64],
  ['ML_DSA_44', 'ML_DSA_SHAKE_256', 2420],
] as const)('%s', (spec, algorithm, signatureBytes) => {
  const signing = (id: string, message: Uint8Array = MESSAGE) => ({
    KeyId: id,
    Message: message,
    MessageType: 'RAW' as const,
    SigningAlgorithm: algorithm,
  });

  test('what it signs verifies with its public key, elsewhere and in KMS', async () => {
    const id = make(`sign-${spec}`, spec);
    const { Signature: signature } = await client.send(new SignCommand(signing(id)));
    const { PublicKey: der } = await client.send(new GetPublicKeyCommand({ KeyId: id }));
    const publicKey = createPublicKey({ key: Buffer.from(der!), format: 'der', type: 'spki' });
    expect(signature).toHaveLength(signatureBytes);
    expect(verify(null, MESSAGE, publicKey, signature!)).toBe(true);
    const verdict = await client.send(new VerifyCommand({ ...signing(id), Signature: signature }));
    expect(verdict.SignatureValid).toBe(true);
  });

  test('a signature of another message is refused, not answered with false', async () => {
    const id = make(`sign-${spec}`, spec);
    const { Signature } = await client.send(new SignCommand(signing(id)));
    const other = new VerifyCommand({ ...signing(id, Buffer.from('another')), Signature });
    await refused('KMSInvalidSignatureException', client.send(other));
  });

  test('a message over 4,096 bytes is refused', async () => {
    const id = make(`sign-${spec}`, spec);
    await client.send(new SignCommand(signing(id, Buffer.alloc(4096))));
    await refused('ValidationException', client.send(new SignCommand(signing(id, Buffer.alloc(4097)))));
  });

  test('an algorithm of another key spec is refused', async () => {
    const id = make(`sign-${spec}`, spec);
    const call = new SignCommand({ ...signing(id), SigningAlgorithm: 'RSASSA_PSS_SHA_256' });
    await refused('InvalidKeyUsageException', client.send(call));
  });

  test('it does not encrypt', async () => {
    const call = new EncryptCommand({ KeyId: make(`sign-${spec}`, spec), Plaintext: MESSAGE });
    await refused('InvalidKeyUsageException', client.send(call));
  });
});

describe('a symmetric key', () => {
  const context = { tenant: 'acme' };

  test('opens what it sealed, in the same encryption context only', async () => {
    const id = make('symmetric', 'SYMMETRIC_DEFAULT');
    const sealed = await client.send(new EncryptCommand({ KeyId: id, Plaintext: MESSAGE, EncryptionContext: context }));
    const opened = await client.send(
      new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: context }),
    );
    expect(Buffer.from(opened.Plaintext!)).toEqual(MESSAGE);
    await refused(
      'InvalidCiphertextException',
      client.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob })),
    );
  });

  test('refuses a ciphertext with one bit changed', async () => {
    const id = make('symmetric', 'SYMMETRIC_DEFAULT');
    const { CiphertextBlob: blob } = await client.send(new EncryptCommand({ KeyId: id, Plaintext: MESSAGE }));
    const altered = Buffer.from(blob!);
    altered[altered.length - 20]! ^= 1;
    await refused('InvalidCiphertextException', client.send(new DecryptCommand({ CiphertextBlob: altered })));
  });

  test('a data key comes plain and sealed', async () => {
    const id = make('symmetric', 'SYMMETRIC_DEFAULT');
    const made = await client.send(new GenerateDataKeyCommand({ KeyId: id, KeySpec: 'AES_256' }));
    const opened = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    expect(made.Plaintext).toHaveLength(32);
    expect(Buffer.from(opened.Plaintext!)).toEqual(Buffer.from(made.Plaintext!));
  });

  test('a key that the request names beside the ciphertext must be the one that sealed it', async () => {
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: make('symmetric', 'SYMMETRIC_DEFAULT'), Plaintext: MESSAGE }),
    );
    const other = make('another', 'SYMMETRIC_DEFAULT');
    await refused('IncorrectKeyException', client.send(new DecryptCommand({ CiphertextBlob, KeyId: other })));
  });
});

describe('the life of a key', () => {
  test('disabled and pending deletion, it does nothing', async () => {
    const id = make('mortal', 'SYMMETRIC_DEFAULT');
    const use = () => client.send(new EncryptCommand({ KeyId: id, Plaintext: MESSAGE }));
    await client.send(new DisableKeyCommand({ KeyId: id }));
    await refused('DisabledException', use());
    await client.send(new EnableKeyCommand({ KeyId: id }));
    await use();
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }));
    await refused('KMSInvalidStateException', use());
  });

  test('it survives a restart, in a file that only its owner reads', async () => {
    const id = make('lasting', 'ML_DSA_44');
    const before = keys.privateKeyOf(keys.find(id)).export({ format: 'der', type: 'pkcs8' });
    const again = new Keys(dir, ARN_PREFIX);
    expect(again.privateKeyOf(again.find(id)).export({ format: 'der', type: 'pkcs8' })).toEqual(before);
    for (const file of await readdir(dir)) expect((await stat(join(dir, file))).mode & 0o077).toBe(0);
  });

  test('a key that is not there is named', async () => {
    await expect(client.send(new DescribeKeyCommand({ KeyId: 'alias/nobody' }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: expect.stringContaining('alias/nobody'),
    });
  });

  test('its policy can deny even the account', async () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:Sign', Resource: '*' };
    const policy = { ...ACCOUNT_DECIDES, Statement: [...ACCOUNT_DECIDES.Statement, deny] };
    const id = make('denied', 'ECC_NIST_EDWARDS25519', policy);
    const call = new SignCommand({ KeyId: id, Message: MESSAGE, SigningAlgorithm: 'ED25519_SHA_512' });
    await refused('AccessDeniedException', client.send(call));
    await client.send(new GetPublicKeyCommand({ KeyId: id }));
  });
});
