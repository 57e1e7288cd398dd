// The whole runtime: from the first seal to a verified bundle.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  DeleteTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeKeyCommand,
  DisableKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import {
  DeleteBucketPolicyCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StateMachines } from '../../adapters/stepfunctions/executions.ts';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { parseVerifierKey } from '../../core/note/key.ts';
import { ENTRY_PROOF } from '../../core/proof/document.ts';
import { verifyEntryProof } from '../../core/proof/verify.ts';
import { TenantClient, until } from './client.ts';
import { type Runtime, startRuntime } from './runtime.ts';
import { ADMINISTRATOR, archiveBucket, s3Of } from './segments.ts';

const COMMAND = fileURLToPath(new URL('../../bin/indelible.ts', import.meta.url));
const run = promisify(execFile);

/** Debug entries live for two seconds after they were sealed; nobody waits for the minute that a sweep settles. */
const CONFIG = { retention: { debug: 'PT2S' }, archive: { batchWindow: 'PT1S' } };

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-evidence-'));
  runtime = await startRuntime({ config: CONFIG });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  expect(await runtime.stop()).toBe(0);
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function indelible(...args: string[]): Promise<Ended> {
  const env = { ...process.env, PORT: new URL(runtime.url).port, AWS_PORT: new URL(runtime.awsUrl).port };
  try {
    return { code: 0, ...(await run(process.execPath, [COMMAND, ...args], { env, maxBuffer: 2 ** 26 })) };
  } catch (error) {
    return error as Ended;
  }
}

const inFolder = (name: string) => join(folder, name);

async function fetched(path: string, name: string): Promise<string> {
  const text = await (await fetch(`${runtime.url}${path}`)).text();
  writeFileSync(inFolder(name), text);
  return text;
}

async function asked(
  path: string,
  { tenant = 'acme', role = 'compliance', body }: { tenant?: string; role?: string; body?: unknown } = {},
) {
  const response = await fetch(`${runtime.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${await runtime.token(tenant, role)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; the test looks at it
  return { status: response.status, body: (await response.json()) as any };
}

/** Runs a state machine of the deployment to its end, as an operator would. */
async function workflow(name: string, input: unknown = {}): Promise<{ status: string; output?: string | undefined }> {
  const machines = new StateMachines(new URL(runtime.awsUrl));
  const execution = await machines.start((await machines.find(`Indelible-${name}`))!, input);
  return until(async () => {
    const found = await machines.describe(execution);
    return found.status === 'RUNNING' ? undefined : found;
  });
}

const payment = (n: number) => ({ action: 'payment.created', actor: { type: 'user', id: `u${n}` } });
const debug = (n: number) => ({ action: 'job.ran', category: 'debug', actor: { type: 'service', id: `job-${n}` } });

/** The sums of expiry, over all categories. */
async function expire(): Promise<{ segments: number; held: number }> {
  const { status, output } = await workflow('Expire');
  expect(status).toBe('SUCCEEDED');
  const tasks = JSON.parse(output!) as { expired: { segments: number; held: number } }[];
  return tasks.reduce(
    (sum, { expired }) => ({ segments: sum.segments + expired.segments, held: sum.held + expired.held }),
    { segments: 0, held: 0 },
  );
}

async function archiveOf(s3: S3Client): Promise<string> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  return archiveBucket(
    s3,
    Buckets.map(({ Name }) => Name!),
  );
}

describe('evidence, from the first seal to the court', () => {
  let acme: TenantClient;
  beforeAll(() => {
    acme = new TenantClient(runtime, 'acme');
  });

  test('before the first seal there is no log, and nothing is called intact', async () => {
    expect((await fetch(`${runtime.url}/log/checkpoint`)).status).toBe(404);
    expect((await indelible('verify', '--live')).code).toBe(13);
  });

  test('a seal covers every tenant, and its checkpoint is everybody’s', async () => {
    await acme.receipts({ entries: [payment(1), debug(1), debug(2), payment(2)] });
    await new TenantClient(runtime, 'globex').receipts({ entries: [payment(9)] });
    const unsealed = await asked('/v1/chains/0/entries/1/proof');
    expect([unsealed.status, unsealed.body.type]).toEqual([409, 'urn:indelible:problem:not-sealed']);
    const { code, stdout } = await indelible('seal', '--print');
    expect(code).toBe(0);
    expect(stdout).toBe(await fetched('/log/checkpoint', 'first.txt'));
    expect(stdout.split('\n').slice(0, 2)).toEqual(['indelible/us-east-1/000000000000/Indelible', '2']);
    expect((await fetched('/log/keys', 'keys.txt')).trim().split('\n')).toHaveLength(2);
  });

  test('each entry is proven from its bytes to the checkpoint', async () => {
    const keys = readFileSync(inFolder('keys.txt'), 'utf8').trim().split('\n').map(parseVerifierKey);
    for (const { position, entry } of await acme.chain(0)) {
      const { status, body } = await asked(`/v1/chains/0/entries/${position}/proof`);
      expect(status).toBe(200);
      const proof = ENTRY_PROOF.parse(canonicalBytes(body));
      const { digest } = verifyEntryProof(canonicalBytes(entry as never), proof, keys);
      expect([digest.tenant, proof.position]).toEqual(['acme', position]);
    }
    expect((await asked('/v1/chains/0/entries/1/proof', { tenant: 'initech' })).status).toBe(404);
  });

  test('a bundle verifies without network or account, by keys from elsewhere', async () => {
    expect((await indelible('export', '--tenant', 'acme', '--out', inFolder('first.zip'))).code).toBe(0);
    const args = [
      '--keys',
      inFolder('keys.txt'),
      '--checkpoint',
      inFolder('first.txt'),
      '--report',
      inFolder('report.json'),
    ];
    const verified = await indelible('verify', inFolder('first.zip'), ...args);
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringMatching(/intact/)]);
    expect(JSON.parse(readFileSync(inFolder('report.json'), 'utf8'))).toMatchObject({
      verdict: 'intact',
      tenant: 'acme',
    });
    expect(readFileSync(inFolder('report.json.txt'), 'utf8')).toMatch(/intact/);
    expect((await indelible('verify', '--live', '--full')).code).toBe(0);
  });

  test('what is under hold outlives its retention; what is not leaves a tombstone, and everything still verifies', async () => {
    const hold = await asked('/v1/holds', { body: { reason: 'litigation', scope: { subject: 'job-1' } } });
    expect(hold.status).toBe(201);
    expect(await until(async () => ((await expire()).held > 0 ? true : undefined))).toBe(true);
    const held = await indelible('verify', '--live', '--full');
    expect([held.code, held.stdout]).toEqual([0, expect.not.stringMatching(/[1-9]\d* expired/)]);

    const { id } = hold.body.hold as { id: string };
    expect((await asked(`/v1/holds/${id}/release`, { body: { reason: 'settled' } })).status).toBe(200);
    await until(async () => ((await expire()).segments > 0 ? true : undefined));
    expect((await indelible('seal')).code).toBe(0);

    const live = await indelible('verify', '--live', '--full');
    expect([live.code, live.stdout]).toEqual([0, expect.stringMatching(/2 expired/)]);
    expect((await indelible('export', '--tenant', 'acme', '--out', inFolder('second.zip'))).code).toBe(0);
    const args = ['--keys', inFolder('keys.txt'), '--checkpoint', inFolder('first.txt')];
    const offline = await indelible('verify', inFolder('second.zip'), ...args);
    expect([offline.code, offline.stdout]).toEqual([0, expect.stringMatching(/2 expired/)]);
    const actions = await acme.actions();
    expect(actions).toEqual(expect.arrayContaining(['hold.applied', 'hold.released', 'audit.expired']));
  });

  test('an older bundle is truncated to whoever knows a newer checkpoint, a cut one is none', async () => {
    await fetched('/log/checkpoint', 'second.txt');
    const args = ['--keys', inFolder('keys.txt'), '--checkpoint', inFolder('second.txt')];
    expect((await indelible('verify', inFolder('first.zip'), ...args)).code).toBe(12);
    writeFileSync(inFolder('cut.zip'), readFileSync(inFolder('second.zip')).subarray(0, -7));
    const cut = await indelible('verify', inFolder('cut.zip'), '--keys', inFolder('keys.txt'));
    expect([cut.code, cut.stderr]).toEqual([14, expect.not.stringMatching(/\n\s+at /)]);
  });

  test('what protects it yields to no administrator', async () => {
    const place = { endpoint: runtime.awsUrl, region: 'us-east-1', credentials: ADMINISTRATOR, maxAttempts: 1 };
    const [kms, dynamodb, s3] = [new KMSClient(place), new DynamoDBClient(place), s3Of(runtime)];
    const refusal = ({ name }: { name: string }) => name;
    const did = () => 'done';
    const { Keys = [] } = await kms.send(new ListKeysCommand({}));
    expect(Keys).toHaveLength(6);
    for (const { KeyId } of Keys) {
      const destroy = new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 });
      expect(await kms.send(destroy).then(did, refusal)).toBe('AccessDeniedException');
      expect(await kms.send(new DisableKeyCommand({ KeyId })).then(did, refusal)).toBe('AccessDeniedException');
      const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
      expect(await kms.send(new PutKeyPolicyCommand({ KeyId, Policy })).then(did, refusal)).toBe(
        'AccessDeniedException',
      );
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      if (KeyMetadata?.KeyUsage !== 'SIGN_VERIFY') continue;
      const [SigningAlgorithm] = KeyMetadata.SigningAlgorithms!;
      const sign = new SignCommand({ KeyId, Message: Buffer.from('forged'), SigningAlgorithm: SigningAlgorithm! });
      expect(await kms.send(sign).then(did, refusal)).toBe('AccessDeniedException');
    }
    const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
    for (const TableName of TableNames.filter((name) => name.includes('Ledger'))) {
      const TimeToLiveSpecification = { AttributeName: 'other', Enabled: true };
      for (const command of [
        new DeleteTableCommand({ TableName }),
        new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }),
        new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }),
      ])
        expect(await dynamodb.send(command as DeleteTableCommand).then(did, refusal)).toBe('AccessDeniedException');
    }
    const Bucket = await archiveOf(s3);
    const Rules = [
      { Status: 'Enabled' as const, Filter: { Prefix: '' }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    ];
    const lifecycle = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } });
    expect(await s3.send(lifecycle).then(did, refusal)).toBe('AccessDenied');
  });

  test('an object put over a sealed one is found, told, and recorded in the trail that it was done to', async () => {
    const s3 = s3Of(runtime);
    const Bucket = await archiveOf(s3);
    // The policy lets nobody but the functions write; the account's root user can always take it away.
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    const listed = await s3.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'entries/tenant=acme/category=payment/' }),
    );
    const [sealed] = listed.Versions!;
    await s3.send(
      new PutObjectCommand({
        ...{ Bucket, Key: sealed!.Key!, Body: 'nothing happened', IfMatch: sealed!.ETag! },
        ...{ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(Date.now() + 2 * 86_400_000) },
      }),
    );
    const live = await indelible('verify', '--live', '--full', '--tenant', 'acme');
    expect([live.code, live.stdout]).toEqual([10, expect.stringContaining(sealed!.Key!)]);
    const { body } = await asked('/v1/verifications');
    expect(body.verifications[0]).toMatchObject({ verdict: 'altered' });
    await until(async () => {
      const actions = await acme.actions();
      return actions.includes('verification.failed') || undefined;
    });
    expect(runtime.complained()).toMatch(/VerificationFailed/);
  });
});
