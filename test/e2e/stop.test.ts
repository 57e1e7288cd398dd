/** A stop of the runtime takes at most ten seconds, whatever runs, hangs or waits in it, and the next start goes on. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ListQueuesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { identityOf, isAlive } from '../../local/processes.ts';
import { DATABASE, WORK_GROUP } from '../support/athena.ts';
import { freePorts } from '../support/ports.ts';
import { TenantClient, until } from './client.ts';
import { launch, type Runtime, startRuntime } from './runtime.ts';

const LONGEST_STOP_MS = 10_000;
const CUT_OFF = 'The stop took longer than 6 s: what was still running was cut off.';
const ENTRY = { action: 'auth.login.success', actor: { type: 'user', id: 'u1' } };

let folder: string;
let dataDir: string;
/** The same for every start, so that all but the first find the templates of the one before. */
let ports: readonly [number, number];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-stop-'));
  dataDir = join(folder, 'data');
  ports = (await freePorts(2)) as [number, number];
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The exit code of a stop that was quick enough. */
async function timed(stop: () => Promise<number | null>): Promise<number | null> {
  const began = performance.now();
  const code = await stop();
  expect(performance.now() - began).toBeLessThan(LONGEST_STOP_MS);
  return code;
}

const databaseOf = () =>
  identityOf(JSON.parse(readFileSync(join(dataDir, 'dynamodb', 'process.json'), 'utf8')).pid as number);

const aws = ({ awsUrl }: Runtime) => ({
  endpoint: awsUrl,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});

describe('of a start that is not finished', () => {
  test.each([0, 400, 1_500])('%d ms after its first line', async (waitMs) => {
    const [port, awsPort] = await freePorts(2);
    const starting = launch({ PORT: String(port), AWS_PORT: String(awsPort), INDELIBLE_DATA: dataDir });
    const ended = new Promise<number | null>((resolve) => starting.once('close', resolve));
    await new Promise((resolve) => starting.stdout?.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    starting.kill('SIGTERM');
    expect(await timed(() => ended)).toBe(0);
  });
});

describe('of a runtime', () => {
  const running: Runtime[] = [];
  let runtime: Runtime;
  let client: TenantClient;
  const start = async (): Promise<Runtime> => {
    const started = await startRuntime({ dataDir, ports });
    running.push(started);
    return started;
  };
  beforeEach(async () => {
    runtime = await start();
    client = new TenantClient(runtime, 'acme');
  });
  // One that a failed test left; of the others nothing is there to be killed.
  afterEach(() => Promise.all(running.splice(0).map((one) => one.kill())));

  const machine = async (sfn: SFNClient, name: string) => {
    const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
    return stateMachines.find(({ name: found }) => found?.includes(name))!.stateMachineArn!;
  };

  test('whose clients hang in the middle of a request and whose functions wait for a database that stands still', async () => {
    const half = connect(Number(new URL(runtime.url).port), '127.0.0.1');
    half.on('error', () => undefined);
    half.write('POST /v1/entries HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000\r\n\r\n{"a');
    await client.receipts(ENTRY);
    const database = databaseOf();
    process.kill(database.pid, 'SIGSTOP');
    const hanging = client.post(ENTRY).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await timed(runtime.stop)).toBe(0);
    expect(runtime.complained()).toContain(CUT_OFF);
    expect(isAlive(database)).toBe(false);
    await hanging;
    half.destroy();
  });

  test('after a torn list of what was deployed, and while its database is dead', async () => {
    const deployed = join(dataDir, 'deployed.json');
    expect(await runtime.stop()).toBe(0);
    writeFileSync(deployed, readFileSync(deployed, 'utf8').slice(0, 100));
    const torn = await start();
    expect(torn.complained()).toMatch(
      /^\/.+deployed\.json can't be read: .+; it is written anew, .+ is not named\.\n$/,
    );
    expect(Object.keys(JSON.parse(readFileSync(deployed, 'utf8'))).length).toBeGreaterThan(100);
    process.kill(databaseOf().pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await timed(torn.stop)).toBe(0);
  });

  test('whose executions of state machines run, and go on at the next start', async () => {
    await client.receipts(ENTRY);
    const sfn = new SFNClient(aws(runtime));
    const started = await Promise.all(
      Object.entries({ Seal: {}, Expire: {} }).map(async ([name, input]) => {
        const stateMachineArn = await machine(sfn, name);
        const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
        return (await sfn.send(command)).executionArn!;
      }),
    );
    expect(await timed(runtime.stop)).toBe(0);
    await goesOn(started);
  });

  test('whose executions wait for functions that hang, and go on at the next start', async () => {
    await client.receipts(ENTRY);
    const sfn = new SFNClient(aws(runtime));
    const stateMachineArn = await machine(sfn, 'Seal');
    const database = databaseOf();
    process.kill(database.pid, 'SIGSTOP');
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: '{}' }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await timed(runtime.stop)).toBe(0);
    expect(isAlive(database)).toBe(false);
    await goesOn([executionArn!]);
  });

  async function goesOn(executions: readonly string[]): Promise<void> {
    const next = await start();
    const sfn = new SFNClient(aws(next));
    for (const executionArn of executions) {
      const ended = await until(async () => {
        const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        return execution.status === 'RUNNING' ? undefined : execution;
      });
      expect([executionArn, ended.status, ended.cause]).toEqual([executionArn, 'SUCCEEDED', undefined]);
    }
    expect(await timed(next.stop)).toBe(0);
  }

  test('whose queries never end', async () => {
    const athena = new AthenaClient(aws(runtime));
    const endless = 'WITH RECURSIVE t AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM t) SELECT count(*) FROM t';
    const context = { QueryExecutionContext: { Database: DATABASE }, WorkGroup: WORK_GROUP };
    const { QueryExecutionId } = await athena.send(
      new StartQueryExecutionCommand({ QueryString: endless, ...context }),
    );
    await until(async () => {
      const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      return QueryExecution?.Status?.State === 'RUNNING' || undefined;
    });
    expect(await timed(runtime.stop)).toBe(0);
  });

  test('that is asked for messages which do not come, and for an object by a client that does not read it', async () => {
    const sqs = new SQSClient(aws(runtime));
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const polls = QueueUrls.map((QueueUrl) =>
      sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })).catch(() => undefined),
    );
    expect(polls.length).toBeGreaterThan(3);
    const s3 = new S3Client({ ...aws(runtime), forcePathStyle: true });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const Bucket = Buckets.map(({ Name }) => Name!).find((name) => name.includes('results'))!;
    await s3.send(new PutObjectCommand({ Bucket, Key: 'large', Body: new Uint8Array(64 * 2 ** 20) }));
    const slow = await unread(`${runtime.awsUrl}/${Bucket}/large`);
    expect(await timed(runtime.stop)).toBe(0);
    await Promise.all(polls);
    slow.destroy();
  });

  test('under load, which finds what was acknowledged at the next start', async () => {
    const acknowledged: { chain: number; position: number; id: string }[] = [];
    const load = Array.from({ length: 16 }, async () => {
      for (;;) {
        const receipts = await client.receipts(ENTRY).catch(() => undefined);
        if (receipts === undefined) return;
        acknowledged.push(...receipts);
      }
    });
    await until(async () => acknowledged.length > 100 || undefined);
    expect(await timed(runtime.stop)).toBe(0);
    await Promise.all(load);
    const next = await start();
    const again = new TenantClient(next, 'acme');
    for (const { chain, position, id } of acknowledged.slice(-40)) {
      expect((await again.read(chain, position))?.entry.id).toBe(id);
    }
    expect(await timed(next.stop)).toBe(0);
  });
});

/** The answer to a request whose client reads nothing of its body. */
function unread(url: string): Promise<IncomingMessage & { socket: Socket }> {
  return new Promise((resolve, reject) => {
    request(
      url,
      {
        headers: {
          authorization:
            'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
        },
      },
      (response) => {
        response.pause();
        resolve(response);
      },
    )
      .once('error', reject)
      .end();
  });
}
