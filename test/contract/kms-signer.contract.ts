// Checkpoints signed by KMS.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { KmsKeyFault, KmsKeys } from '../../adapters/kms/keys.ts';
import { KmsSigner } from '../../adapters/kms/signer.ts';
import { formatCheckpoint } from '../../core/checkpoint/body.ts';
import { openCheckpoint } from '../../core/checkpoint/open.ts';
import { emptyRoot } from '../../core/merkle/hash.ts';
import { formatNote } from '../../core/note/note.ts';
import { type AwsEndpoint, createAwsEndpoint } from '../../local/aws/endpoint.ts';
import { type KeySpec, Keys } from '../../local/kms/keys.ts';
import { kmsService } from '../../local/kms/service.ts';
import { ownPolicy } from '../../services/log/published.ts';

const ACCOUNT = '000000000000';
const ORIGIN = 'audit.example';
const ACCOUNT_DECIDES = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

let dir: string;
let endpoint: AwsEndpoint;
let client: KMSClient;
let arns: { ed25519: string; mlDsa44: string };
const failures: unknown[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'indelible-signer-'));
  const keys = new Keys(dir, `arn:aws:kms:us-east-1:${ACCOUNT}:`);
  const make = (spec: KeySpec) =>
    keys.arnOf(keys.ensure(spec, spec, { description: spec, rotation: false, policy: ACCOUNT_DECIDES }, Date.now()));
  arns = { ed25519: make('ECC_NIST_EDWARDS25519'), mlDsa44: make('ML_DSA_44') };
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

test('a checkpoint is signed by both keys, and opens with the public keys that KMS tells', async () => {
  const text = formatCheckpoint({ origin: ORIGIN, size: 0, root: emptyRoot(), extensions: [] });
  const note = formatNote({ text, signatures: await new KmsSigner(client, arns, ORIGIN).sign(text, 1_772_400_000) });
  const keys = await new KmsKeys(client, arns, ORIGIN).keys();
  const { log } = openCheckpoint(note, ownPolicy(ORIGIN, keys));
  expect(log.map(({ key, timestamp }) => [key.type, timestamp])).toEqual([
    ['ed25519', undefined],
    ['ml-dsa-44-cosignature', 1_772_400_000],
  ]);
});

test('keys in each other’s place are refused', async () => {
  const swapped = { ed25519: arns.mlDsa44, mlDsa44: arns.ed25519 };
  await expect(new KmsKeys(client, swapped, ORIGIN).keys()).rejects.toThrow(KmsKeyFault);
});

test('keys that could not be asked for are asked for again', async () => {
  let away = true;
  client.middlewareStack.add(
    (next) => (args) => {
      if (away) throw new Error('away');
      return next(args);
    },
    { step: 'initialize' },
  );
  const keys = new KmsKeys(client, arns, ORIGIN);
  await expect(keys.keys()).rejects.toThrow('away');
  away = false;
  expect((await keys.keys()).map(({ type }) => type)).toEqual(['ed25519', 'ml-dsa-44-cosignature']);
});
