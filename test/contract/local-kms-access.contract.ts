/** KMS: re-encryption, message types, rotation, and who may use which key for what. */
import { randomBytes } from 'node:crypto';
import {
  CreateGrantCommand,
  DecryptCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  GetPublicKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  type PutKeyPolicyCommandInput,
  ReEncryptCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  type SignCommandInput,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { KeySpec } from '../../local/kms/keys.ts';
import { type RunningEndpoint, startEndpoint } from '../support/aws-endpoint.ts';

const ACCOUNT = '000000000000';
const delegating = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
};

let aws: RunningEndpoint;
let admin: KMSClient;
const clients: KMSClient[] = [];
let roles = 0;
const client = (roleArn?: string) => {
  const made = new KMSClient({ ...aws.clientConfig(roleArn), maxAttempts: 1 });
  clients.push(made);
  return made;
};
const as = (...statements: object[]) => client(aws.addRole(`Role${roles++}`, ...statements));
const may = (Action: string | string[], Resource: string, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
let keys = 0;
const key = (spec: KeySpec = 'SYMMETRIC_DEFAULT', ...statements: object[]) => {
  const policy = { Version: '2012-10-17', Statement: statements.length > 0 ? statements : [delegating] };
  return aws.keys.arnOf(
    aws.keys.ensure(`key-${keys++}`, spec, { description: '', rotation: false, policy }, Date.now()),
  );
};

beforeAll(async () => {
  aws = await startEndpoint();
  admin = client();
});
afterAll(async () => {
  for (const made of clients) made.destroy();
  await aws.close();
  expect(aws.failures).toEqual([]);
});

const refused = (name: string, call: Promise<unknown>) => expect(call).rejects.toMatchObject({ name });
const denied = (call: Promise<unknown>, action: string) =>
  expect(call).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`not authorized to perform: ${action} on resource: arn:aws:kms:`),
    $metadata: { httpStatusCode: 400 },
  });

describe('re-encryption', () => {
  const Plaintext = Buffer.from('secret');
  const [from, to] = [{ tenant: 'acme' }, { tenant: 'acme', again: 'yes' }];
  const seal = async (KeyId: string) =>
    (await admin.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: from }))).CiphertextBlob;
  const again = async (CiphertextBlob: Uint8Array | undefined, DestinationKeyId: string) =>
    new ReEncryptCommand({
      CiphertextBlob,
      SourceEncryptionContext: from,
      DestinationKeyId,
      DestinationEncryptionContext: to,
    });

  test('changes key and context, and never shows the plaintext', async () => {
    const [source, target] = [key(), key()];
    const moved = await admin.send(await again(await seal(source), target));
    expect(moved).toMatchObject({ SourceKeyId: source, KeyId: target });
    expect(moved).not.toHaveProperty('Plaintext');
    const opened = await admin.send(
      new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: to, KeyId: target }),
    );
    expect(Buffer.from(opened.Plaintext!)).toEqual(Plaintext);
    await refused(
      'InvalidCiphertextException',
      admin.send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: from })),
    );
  });

  test('needs both keys’ permissions, each in its context', async () => {
    const [source, target] = [key(), key()];
    const sealed = await seal(source);
    await denied(as(may('kms:ReEncryptFrom', source)).send(await again(sealed, target)), 'kms:ReEncryptTo');
    await denied(as(may('kms:ReEncryptTo', target)).send(await again(sealed, target)), 'kms:ReEncryptFrom');
    const context = { StringEquals: { 'kms:EncryptionContext:again': 'yes' } };
    await as(may('kms:ReEncryptFrom', source), may('kms:ReEncryptTo', target, context)).send(
      await again(sealed, target),
    );
    await denied(
      as(may('kms:ReEncryptFrom', source, context), may('kms:ReEncryptTo', target)).send(await again(sealed, target)),
      'kms:ReEncryptFrom',
    );
  });
});

describe('messages to sign', () => {
  const sign = (KeyId: string, more: Partial<SignCommandInput> & Pick<SignCommandInput, 'SigningAlgorithm'>) =>
    admin.send(new SignCommand({ KeyId, Message: Buffer.alloc(64), ...more }));

  test('Ed25519 takes them whole only', async () => {
    const id = key('ECC_NIST_EDWARDS25519');
    await sign(id, { SigningAlgorithm: 'ED25519_SHA_512', MessageType: 'RAW' });
    await refused('ValidationException', sign(id, { SigningAlgorithm: 'ED25519_SHA_512', MessageType: 'DIGEST' }));
    await refused('ValidationException', sign(id, { SigningAlgorithm: 'ED25519_SHA_512', MessageType: 'EXTERNAL_MU' }));
  });

  test('ML-DSA takes no digest; a representative has 64 bytes and is not implemented', async () => {
    const id = key('ML_DSA_44');
    const SigningAlgorithm = 'ML_DSA_SHAKE_256';
    await sign(id, { SigningAlgorithm });
    await refused('ValidationException', sign(id, { SigningAlgorithm, MessageType: 'DIGEST' }));
    await refused(
      'ValidationException',
      sign(id, { SigningAlgorithm, MessageType: 'EXTERNAL_MU', Message: Buffer.alloc(63) }),
    );
    await refused('NotImplemented', sign(id, { SigningAlgorithm, MessageType: 'EXTERNAL_MU' }));
  });
});

describe('who may', () => {
  test('a role, where its policy and the key’s agree', async () => {
    const id = key();
    const use = () => new GenerateDataKeyWithoutPlaintextCommand({ KeyId: id, KeySpec: 'AES_256' });
    await denied(as().send(use()), 'kms:GenerateDataKeyWithoutPlaintext');
    await as(may('kms:GenerateDataKey*', id)).send(use());
    await denied(as(may('kms:*', `${id}0`)).send(use()), 'kms:GenerateDataKeyWithoutPlaintext');
  });

  test('nobody by his own policy, where the key’s policy does not delegate', async () => {
    const role = aws.addRole('Sealer', may('kms:*', '*'));
    const alone = key('SYMMETRIC_DEFAULT', { ...delegating, Principal: { AWS: role }, Action: 'kms:Encrypt' });
    const encrypt = new EncryptCommand({ KeyId: alone, Plaintext: Buffer.from('x') });
    await client(role).send(encrypt);
    await denied(client(role).send(new EnableKeyRotationCommand({ KeyId: alone })), 'kms:EnableKeyRotation');
    await denied(admin.send(encrypt), 'kms:Encrypt');
  });

  test('only through another service, with kms:ViaService', async () => {
    const id = key();
    const via = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };
    await denied(
      as(may('kms:Encrypt', id, via)).send(new EncryptCommand({ KeyId: id, Plaintext: Buffer.from('x') })),
      'kms:Encrypt',
    );
  });

  test('only with the algorithm that is allowed', async () => {
    const id = key('ECC_NIST_EDWARDS25519');
    const condition = { StringEquals: { 'kms:SigningAlgorithm': 'ED25519_SHA_512', 'kms:MessageType': 'RAW' } };
    const signer = as(may('kms:Sign', id, condition));
    const call = { KeyId: id, Message: Buffer.from('x'), SigningAlgorithm: 'ED25519_SHA_512' } as const;
    await signer.send(new SignCommand({ ...call, MessageType: 'RAW' }));
    await denied(signer.send(new SignCommand({ ...call, MessageType: 'DIGEST' })), 'kms:Sign');
    await denied(signer.send(new GetPublicKeyCommand({ KeyId: id })), 'kms:GetPublicKey');
  });
});

describe('a key’s policy', () => {
  const deny = (Action: string | string[], but: string[]) => ({
    ...{ Effect: 'Deny', Principal: { AWS: '*' }, Action, Resource: '*' },
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': but } },
  });
  const policyOf = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

  test('denies to everybody but one, whose session it knows by the role', async () => {
    const signer = aws.addRole('Signer', may('kms:*', '*'));
    const id = key('ECC_NIST_EDWARDS25519', delegating, deny('kms:Sign', [signer]));
    const sign = new SignCommand({ KeyId: id, Message: Buffer.from('x'), SigningAlgorithm: 'ED25519_SHA_512' });
    await client(signer).send(sign);
    await denied(admin.send(sign), 'kms:Sign');
    await denied(as(may('kms:*', '*')).send(sign), 'kms:Sign');
    await admin.send(new GetPublicKeyCommand({ KeyId: id }));
  });

  test('denies destruction to the administrator too, and says so before anything else', async () => {
    const glass = aws.addRole('Glass', may('kms:*', '*'));
    const destroying = ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:CreateGrant', 'kms:ReplicateKey'];
    const id = key('SYMMETRIC_DEFAULT', delegating, deny(destroying, [glass]));
    await denied(admin.send(new ScheduleKeyDeletionCommand({ KeyId: id })), 'kms:ScheduleKeyDeletion');
    await denied(admin.send(new DisableKeyCommand({ KeyId: id })), 'kms:DisableKey');
    await denied(admin.send(new ReplicateKeyCommand({ KeyId: id, ReplicaRegion: 'eu-west-1' })), 'kms:ReplicateKey');
    const grant = new CreateGrantCommand({ KeyId: id, GranteePrincipal: glass, Operations: ['Decrypt'] });
    await denied(admin.send(grant), 'kms:CreateGrant');
    await refused('NotImplemented', client(glass).send(grant));
    await client(glass).send(new ScheduleKeyDeletionCommand({ KeyId: id }));
  });

  test('is put by whoever it lets put the next one, unless he insists', async () => {
    const deployer = aws.addRole('Deployer', may('kms:*', '*'));
    const id = key();
    const closed = policyOf(delegating, deny('kms:PutKeyPolicy', [deployer]));
    const put = (from: KMSClient, more: Partial<PutKeyPolicyCommandInput> = {}) =>
      from.send(new PutKeyPolicyCommand({ KeyId: id, Policy: closed, ...more }));
    await refused('MalformedPolicyDocumentException', put(admin));
    await refused('MalformedPolicyDocumentException', put(admin, { Policy: '{"Statement":[]' }));
    await refused('LimitExceededException', put(admin, { Policy: ' '.repeat(32_769) }));
    await put(client(deployer));
    await denied(put(admin), 'kms:PutKeyPolicy');
    const { Policy } = await admin.send(new GetKeyPolicyCommand({ KeyId: id }));
    expect(JSON.parse(Policy!)).toEqual(JSON.parse(closed));
    const nobody = policyOf(deny('kms:PutKeyPolicy', ['arn:aws:iam::000000000000:role/Nobody']));
    await put(client(deployer), { Policy: nobody, BypassPolicyLockoutSafetyCheck: true });
    await denied(put(client(deployer)), 'kms:PutKeyPolicy');
  });
});

test('rotation is a property of symmetric keys', async () => {
  const id = key();
  const status = async () => (await admin.send(new GetKeyRotationStatusCommand({ KeyId: id }))).KeyRotationEnabled;
  expect(await status()).toBe(false);
  await admin.send(new EnableKeyRotationCommand({ KeyId: id }));
  expect(await status()).toBe(true);
  await refused('UnsupportedOperationException', admin.send(new EnableKeyRotationCommand({ KeyId: key('ML_DSA_44') })));
});

test('random bytes are as many as asked for', async () => {
  expect((await admin.send(new GenerateRandomCommand({ NumberOfBytes: 33 }))).Plaintext).toHaveLength(33);
});

test('what is not implemented, or would be ignored, is refused', async () => {
  const KeyId = key();
  await refused('NotImplemented', admin.send(new TagResourceCommand({ KeyId, Tags: [] })));
  await refused('NotImplemented', admin.send(new EncryptCommand({ KeyId, Plaintext: randomBytes(1), DryRun: true })));
  await refused(
    'InvalidGrantTokenException',
    admin.send(new EncryptCommand({ KeyId, Plaintext: randomBytes(1), GrantTokens: ['t'] })),
  );
});
