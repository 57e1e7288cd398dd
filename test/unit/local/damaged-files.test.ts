/** Every file of the data directory that a start reads, damaged in every way: one sentence that names it, or a start without it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { demandDatabase, readDeployed, writeDeployed } from '../../../local/deployed.ts';
import { dynamoDbClient, exchange } from '../../../local/dynamodb/client.ts';
import { startDynamoDb } from '../../../local/dynamodb/start.ts';
import { fileSentence } from '../../../local/failure.ts';
import { signingKey } from '../../../local/identity/key.ts';
import { Journal } from '../../../local/journal.ts';
import { Keys } from '../../../local/kms/keys.ts';
import { lockDataDir } from '../../../local/lock.ts';
import { openFauxqs } from '../../../local/messaging/fauxqs.ts';
import { openLogFiles } from '../../../local/observability/files.ts';
import { DEFAULT_CONFIG } from '../../../local/s3/model.ts';
import { BucketStore } from '../../../local/s3/store.ts';
import { Checkpoints } from '../../../local/streams/checkpoints.ts';

const DAMAGE = ['truncated', 'garbage', 'empty', 'a folder in its place'] as const;
type Damage = (typeof DAMAGE)[number];

function damage(path: string, how: Damage): void {
  const before = readFileSync(path);
  rmSync(path);
  if (how === 'a folder in its place') mkdirSync(path);
  else if (how === 'empty') writeFileSync(path, '');
  else if (how === 'garbage') writeFileSync(path, `\u0001\u0002 no such thing\n`.repeat(40));
  else writeFileSync(path, before.subarray(0, Math.floor(before.length / 2)));
}

/** Makes the file as a first start does, and answers its path. */
interface Part {
  readonly file: string;
  readonly make: (dir: string) => Promise<string>;
  readonly open: (dir: string) => Promise<unknown>;
  /** Damages that cost nothing, so that the start goes on. */
  readonly survives?: readonly Damage[];
}

const FAUXQS = { region: 'us-east-1', account: '000000000000', endpoint: 'http://x' };
const fauxqs = async (dir: string) => (await openFauxqs({ ...FAUXQS, dataDir: dir })).close();
const journal = (dir: string) => Journal.open<string>(join(dir, 'j.ndjson'));
const checkpoints = (dir: string) => Checkpoints.open(join(dir, 'c.json'), 'arn', () => undefined);
const keys = (dir: string) => new Keys(dir, 'arn:aws:kms:us-east-1:000000000000:');

const PARTS: readonly Part[] = [
  {
    file: 'a journal',
    make: async (dir) => {
      const made = await journal(dir);
      for (const key of ['a', 'b', 'c']) await made.put(key, 'value');
      await made.close();
      return join(dir, 'j.ndjson');
    },
    open: async (dir) => (await journal(dir)).close(),
    // A torn last line was never acknowledged, and a journal that holds nothing is a journal.
    survives: ['truncated', 'empty'],
  },
  {
    file: 'a key of KMS',
    make: async (dir) => {
      const key = keys(dir).ensure('k', 'SYMMETRIC_DEFAULT', { description: '', rotation: false, policy: {} }, 0);
      return join(dir, `${key.id}.json`);
    },
    open: async (dir) => keys(dir),
  },
  {
    file: 'the issuer’s key',
    make: async (dir) => {
      await signingKey(dir);
      return join(dir, 'identity', 'key.json');
    },
    open: signingKey,
  },
  {
    file: 'a bucket’s configuration',
    make: async (dir) => {
      await (await BucketStore.open(dir)).create('bucket', new Date(0), DEFAULT_CONFIG);
      return join(dir, 'bucket', 'bucket.json');
    },
    open: (dir) => BucketStore.open(dir),
  },
  {
    file: 'the checkpoints of a stream',
    make: async (dir) => {
      await (await checkpoints(dir)).set('shard', { after: '1' });
      return join(dir, 'c.json');
    },
    open: checkpoints,
    // The stream is read again from its oldest record.
    survives: ['truncated', 'garbage', 'empty'],
  },
  {
    file: 'the messages of queues',
    make: async (dir) => {
      await fauxqs(dir);
      return join(dir, 'fauxqs.db');
    },
    open: fauxqs,
    // SQLite takes an empty file for a new one.
    survives: ['empty'],
  },
  {
    file: 'what was deployed',
    make: async (dir) => {
      await writeDeployed(dir, { 'Data/Blocks': 'AWS::S3::Bucket' });
      return join(dir, 'deployed.json');
    },
    open: (dir) => readDeployed(dir, () => undefined),
    survives: ['truncated', 'garbage', 'empty'],
  },
];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'damaged-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** As the start shows it. */
async function sentenceOf(open: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await open();
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    return fileSentence(error) ?? (name === 'StartFailure' ? message : `no sentence: ${name}: ${message}`);
  }
}

describe.each(PARTS)('$file', ({ make, open, survives = [] }) => {
  test.each(DAMAGE)('%s', async (how) => {
    const path = await make(dir);
    damage(path, how);
    const sentence = await sentenceOf(() => open(dir));
    if (survives.includes(how)) return expect(sentence).toBeUndefined();
    expect(sentence).toMatch(/^\/.+ can't be (read|used): .+\.$/);
    expect(sentence).toContain(dirname(path));
    expect(sentence).not.toContain('\n');
  });
});

test('a line in the middle of a journal is named by its number', async () => {
  const path = await (PARTS[0] as Part).make(dir);
  const lines = readFileSync(path, 'utf8').split('\n');
  lines[1] = '{"put": "b", "val';
  writeFileSync(path, lines.join('\n'));
  await expect(journal(dir)).rejects.toThrow(
    `${path} can't be read: line 2 is no record; restore the file from a copy`,
  );
});

describe('the database', () => {
  test.each(['truncated', 'garbage'] as const)('%s', async (how) => {
    const database = await startDynamoDb({ dir });
    const agent = new Agent();
    const client = dynamoDbClient((_, headers, body) => exchange(agent, new URL(database.endpoint), headers, body));
    await client.call('CreateTable', {
      TableName: 'Items',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    agent.destroy();
    await database.stop();
    const path = join(dir, 'shared-local-instance.db');
    damage(path, how);
    const sentence = await sentenceOf(() => startDynamoDb({ dir }));
    expect(sentence).toMatch(/^The database .+shared-local-instance\.db can't be used: .+; restore .+ begin anew\.$/);
  });

  test('missing or empty, where tables were deployed, is not taken for a new one', () => {
    const deployed = { 'Data/Blocks': 'AWS::DynamoDB::Table' };
    const path = join(dir, 'dynamodb', 'shared-local-instance.db');
    expect(() => demandDatabase(dir, deployed)).toThrow(`The database ${path} is missing although`);
    mkdirSync(dirname(path));
    writeFileSync(path, '');
    expect(() => demandDatabase(dir, deployed)).toThrow(`The database ${path} is empty although`);
    expect(() => demandDatabase(dir, {})).not.toThrow();
  });
});

test('a bucket that lost its configuration, and not its objects, is not made anew', async () => {
  const bucket = await (await BucketStore.open(dir)).create('bucket', new Date(0), DEFAULT_CONFIG);
  await bucket.writeData('key', [Buffer.from('data')]);
  rmSync(join(dir, 'bucket', 'bucket.json'));
  await expect(BucketStore.open(dir)).rejects.toThrow(/bucket\.json can't be read: it is missing; restore/);
});

test('a file in the place of the data directory, or of its logs', async () => {
  const file = join(dir, 'file');
  writeFileSync(file, '');
  expect(await sentenceOf(async () => lockDataDir(file))).toBe(
    `The data directory ${file} can't be used. ${file} can't be used: a file is in the place of a folder; move it away.`,
  );
  expect(await sentenceOf(async () => openLogFiles(file).open('runtime.ndjson'))).toContain('move it away');
});
