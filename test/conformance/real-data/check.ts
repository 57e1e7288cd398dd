// Checks ledger and archive after a run over real data.
import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { type AttributeValue, DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';

/** Everything here is derived with node:crypto from docs/format.md, sharing no code with what it checks. */
const sha256 = (...parts: Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const LEAF = Uint8Array.of(0);
const LINK = Uint8Array.of(2);

export interface Chain {
  readonly name: string;
  /** The canonical bytes at each position. */
  readonly entries: Buffer[];
  readonly links: Buffer[];
}

const localClient = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'check', secretAccessKey: 'check' },
});

/** Reads the whole ledger and re-derives every link; throws at the first position that is missing, doubled or unbound. */
export async function readLedger(endpoint: string): Promise<Map<string, Chain>> {
  const client = new DynamoDBClient(localClient(endpoint));
  const tables = (await client.send(new ListTablesCommand({}))).TableNames ?? [];
  const table = tables.find((name) => /Ledger/.test(name));
  if (table === undefined) throw new Error(`no ledger among the tables ${tables.join(', ')}`);
  const blocks: Record<string, AttributeValue>[] = [];
  for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    blocks.push(...(page.Items ?? []));
  }
  blocks.sort((a, b) => Number(a.position!.N) - Number(b.position!.N));
  const chains = new Map<string, Chain>();
  for (const block of blocks) addBlock(chains, block);
  return chains;
}

function addBlock(chains: Map<string, Chain>, block: Record<string, AttributeValue>): void {
  const name = block.chain!.S!;
  const chain = chains.get(name) ?? { name, entries: [], links: [] };
  chains.set(name, chain);
  expectEqual(`${name} position`, Number(block.position!.N), chain.entries.length);
  const payload = zstdDecompressSync(block.entries!.B!);
  for (let start = 0; start < payload.length; ) {
    const end = payload.indexOf(0x0a, start);
    if (end < 0) throw new Error(`${name}: the block at ${block.position!.N} does not end in a line feed`);
    const bytes = payload.subarray(start, end);
    const previous = chain.links.at(-1) ?? sha256(Buffer.from(name));
    chain.links.push(sha256(LINK, previous, sha256(LEAF, bytes)));
    chain.entries.push(bytes);
    start = end + 1;
  }
  expectEqual(`${name} count`, chain.entries.length, Number(block.position!.N) + Number(block.count!.N));
  expectEqual(`${name} link`, Buffer.from(block.link!.B!).toString('hex'), chain.links.at(-1)!.toString('hex'));
}

/** Compares every archived row with the ledger; answers how many positions of it are archived. Throws on any difference. */
export async function compareArchive(endpoint: string, chains: Map<string, Chain>): Promise<number> {
  const client = new S3Client({ ...localClient(endpoint), forcePathStyle: true });
  const buckets = (await client.send(new ListBucketsCommand({}))).Buckets ?? [];
  const seen = new Set<string>();
  for (const { Name: bucket } of buckets) {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: 'entries/' })) {
      for (const { Key: key } of page.Contents ?? []) {
        const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        expectEqual(`${key} lock`, object.ObjectLockMode, 'COMPLIANCE');
        await compareSegment(key!, await object.Body!.transformToByteArray(), chains, seen);
      }
    }
  }
  return seen.size;
}

async function compareSegment(key: string, bytes: Uint8Array, chains: Map<string, Chain>, seen: Set<string>) {
  const tenant = /tenant=([^/]+)\//.exec(key)?.[1];
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const compressors = { ZSTD: (input: Uint8Array) => zstdDecompressSync(input) };
  for (const row of await parquetReadObjects({ file, compressors, utf8: false })) {
    const name = `${tenant}#${row.chain}`;
    const position = Number(row.position);
    if (seen.has(`${name}/${position}`)) throw new Error(`${name}: position ${position} is archived twice (${key})`);
    seen.add(`${name}/${position}`);
    expectEqual(`${name}/${position} bytes`, String(row.entry), chains.get(name)?.entries[position]?.toString('utf8'));
    const link = chains.get(name)?.links[position]?.toString('hex');
    expectEqual(`${name}/${position} link`, Buffer.from(row.link as Uint8Array).toString('hex'), link);
  }
}

export function expectEqual(what: string, got: unknown, want: unknown): void {
  if (got !== want) throw new Error(`${what}: got ${String(got).slice(0, 200)}, want ${String(want).slice(0, 200)}`);
}
