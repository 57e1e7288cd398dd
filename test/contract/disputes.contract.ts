// A table that is put back between two seals, on the local S3 and on DynamoDB Local, by the functions' own adapters.
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DynamoChains } from '../../adapters/dynamodb/chains.ts';
import { blockToItem } from '../../adapters/dynamodb/item.ts';
import { DynamoBlockReader } from '../../adapters/dynamodb/reader.ts';
import { DynamoBlockStore } from '../../adapters/dynamodb/store.ts';
import { parquetSegments } from '../../adapters/parquet/segment.ts';
import { S3EvidenceStore } from '../../adapters/s3/evidence.ts';
import { zstd } from '../../adapters/zstd.ts';
import type { Block } from '../../core/block/block.ts';
import { genesisLink } from '../../core/chain.ts';
import { CONTENTS } from '../../core/documents/contents.ts';
import { DIGEST } from '../../core/documents/digest.ts';
import { NO_EXTRA_REDACTION } from '../../core/redact/policy.ts';
import { type AwsEndpoint, createAwsEndpoint } from '../../local/aws/endpoint.ts';
import { openS3 } from '../../local/s3/open.ts';
import { CHAIN as ROW } from '../../names/archive.ts';
import { BLOCK } from '../../names/ledger.ts';
import { contentsKey, digestKey } from '../../names/log.ts';
import { Ledger } from '../../services/append/ledger.ts';
import { archive } from '../../services/archive/archive.ts';
import { Sealing } from '../../services/seal/context.ts';
import { planSeal } from '../../services/seal/plan.ts';
import type { SealPorts } from '../../services/seal/port.ts';
import { publishSeal } from '../../services/seal/publish.ts';
import { sealShard } from '../../services/seal/shard.ts';
import { blockAtPlace, insertOf, sampleBytes } from '../support/ledger-stream.ts';
import { createLedgerTables, type LedgerTables } from '../support/ledger-tables.ts';
import { LogSigner, ORIGIN } from '../support/log-signer.ts';
import { sharedDynamoDb } from '../support/shared.ts';
import { temporaryFolder } from './local-harness.ts';

const ACCOUNT = { region: 'us-east-1', account: '000000000000' };
const CLIENT = { region: ACCOUNT.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const CHAIN = 'acme#0';

const folder = temporaryFolder();
const signer = new LogSigner();
const now = () => new Date();
let endpoint: AwsEndpoint | undefined;
let [tables, s3]: [DynamoDBClient?, S3Client?] = [];
let names: LedgerTables;
let store: S3EvidenceStore;
let chains: DynamoChains;
let ports: SealPorts;

beforeAll(async () => {
  const dynamo = await sharedDynamoDb();
  tables = new DynamoDBClient({ ...CLIENT, endpoint: dynamo.endpoint });
  names = await createLedgerTables(tables, 'disputes');
  endpoint = createAwsEndpoint({
    ...ACCOUNT,
    now: Date.now,
    failed: (service, error) => console.error(service, error),
  });
  const { service } = await openS3({
    ...{ ...ACCOUNT, now: Date.now, directory: folder.path, access: endpoint.access },
  });
  endpoint.serve(service);
  s3 = new S3Client({ ...CLIENT, endpoint: await endpoint.listen(0), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'archive', ObjectLockEnabledForBucket: true }));
  store = new S3EvidenceStore(s3, 'archive');
  chains = new DynamoChains(tables, names.chainsTable);
  const ledger = new Ledger({
    store: new DynamoBlockStore(tables, { ...names, hotWindowSeconds: 86_400 }),
    compression: zstd,
  });
  ports = {
    ...{ blocks: new DynamoBlockReader(tables, names), directory: chains, store, codec: parquetSegments, now },
    ...{ compression: zstd, keys: signer, origin: ORIGIN, dueSeconds: 90_000, holdsOf: async () => [] },
    retention: () => 'P7Y',
    recording: { ledger, redaction: NO_EXTRA_REDACTION, now },
  };
});

afterAll(async () => {
  tables?.destroy();
  s3?.destroy();
  await endpoint?.close();
  folder.remove();
});

let serial = 0;

/** A block behind another, archived as the ledger's stream tells of it. */
async function record(before: Block | undefined, category: string, count: number): Promise<Block> {
  const position = before === undefined ? 0 : before.position + before.count;
  const recordedAt = Date.now();
  const entries = Array.from({ length: count }, () => sampleBytes('acme', { category, recordedAt }, serial++));
  const place = { chain: CHAIN, position, previousLink: before?.link ?? genesisLink(CHAIN) };
  const block = blockAtPlace(place, entries, recordedAt);
  await tables!.send(new PutItemCommand({ TableName: names.ledgerTable, Item: blockToItem(block, 4_000_000_000) }));
  const { failures } = await archive([insertOf(block, serial)], { ...ports, chains });
  expect(failures).toEqual([]);
  return block;
}

async function seal(): Promise<Sealing> {
  const sealing = new Sealing(ports);
  const planned = await planSeal(sealing);
  if ('nothing' in planned) throw new Error('nothing to seal');
  const { seal: number, plan, shards } = planned;
  const request = { step: 'shard', seal: number, plan, shards, shard: 0, chains: [], cursor: null } as const;
  const sharded = await sealShard(sealing, request, () => Number.POSITIVE_INFINITY);
  if (!sharded.done) throw new Error('the shard is not done');
  const results = [sharded.result];
  const published = await publishSeal(new Sealing({ ...ports }), signer, { seal: number, plan, results });
  expect(published.seal).toBe(number);
  return sealing;
}

async function current(key: string): Promise<Uint8Array> {
  return store.read(key, (await store.current(key))!.version);
}

test('what was recorded on a table that was put back is not signed: the digest names the chain, and an entry says so', async () => {
  const sealed = await record(undefined, 'payment', 3);
  expect((await seal()).summary.short).toEqual([]);
  const row = (await chains.read(CHAIN))!;
  const first = await record(sealed, 'payment', 2);

  // The table as it was: no block behind the seal, the row of before.
  const key = { [BLOCK.chain]: { S: CHAIN }, [BLOCK.position]: { N: String(first.position) } };
  await tables!.send(new DeleteItemCommand({ TableName: names.ledgerTable, Key: key }));
  await tables!.send(new DeleteItemCommand({ TableName: names.chainsTable, Key: { [ROW.chain]: { S: CHAIN } } }));
  expect(await chains.write(CHAIN, row.state!, 0)).toBe(true);
  await record(sealed, 'security', 2);

  const { summary } = await seal();
  expect(summary.short).toMatchObject([{ chain: CHAIN, sealed: 3, planned: 5, reason: 'disputed' }]);
  expect(summary.short[0]!.versions!.others).toMatchObject([{ position: 3, key: expect.stringContaining('payment') }]);
  expect(summary.unrecorded).toEqual([]);
  expect(DIGEST.parse(await current(digestKey('acme', 1))).chains).toMatchObject([{ chain: 0, size: 3 }]);
  const { short } = CONTENTS.parse(await current(contentsKey('acme', 1)));
  expect(short).toMatchObject([{ chain: 0, size: 3, reason: 'disputed' }]);
  const newest = await ports.blocks.blockBefore(CHAIN, Number.MAX_SAFE_INTEGER);
  expect(new TextDecoder().decode(zstd.decompress(newest!.payload, 100_000))).toContain('audit.tampering_detected');
});
