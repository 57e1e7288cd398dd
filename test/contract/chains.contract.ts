// What every table of chains has to do, in memory and on DynamoDB.
import {
  type AttributeValue,
  DynamoDBClient as Client,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DynamoChains } from '../../adapters/dynamodb/chains.ts';
import { DynamoBlockStore } from '../../adapters/dynamodb/store.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import type { ChainState, Chains } from '../../services/archive/port.ts';
import type { ChainDirectory } from '../../services/seal/port.ts';
import { MemoryChains } from '../fakes/chains.ts';
import { createLedgerTables } from '../support/ledger-tables.ts';
import { sharedDynamoDb } from '../support/shared.ts';

let serial = 0;
const freshChain = () => `tenant-${serial++}#0`;

const state = (through: number, ahead: Record<string, number> = {}): ChainState => ({
  ...{ through, ahead, position: through - 2, count: 2 },
  link: sha256(new TextEncoder().encode(`link ${through}`)),
});

const plain = ({ link, ...rest }: ChainState) => ({ ...rest, link: toHex(link) });

function chainsContract(name: string, open: () => Chains & ChainDirectory): void {
  describe(`${name} as rows of chains`, () => {
    test('a chain has no row until it is written', async () => {
      expect(await open().read(freshChain())).toBeUndefined();
    });

    test('a row comes back as it was written, one version on', async () => {
      const [chains, chain] = [open(), freshChain()];
      expect(await chains.write(chain, state(7, { debug: 12, payment: 9 }), 0)).toBe(true);
      const row = await chains.read(chain);
      expect(row!.version).toBe(1);
      expect(plain(row!.state!)).toEqual(plain(state(7, { debug: 12, payment: 9 })));
    });

    test('every row is listed, by name and how far it is', async () => {
      const [chains, names] = [open(), Array.from({ length: 30 }, freshChain)];
      for (const [i, chain] of names.entries()) await chains.write(chain, state(7 + i), 0);
      const listed = new Map<string, number>();
      for await (const { chain, through } of chains.list()) listed.set(chain, through);
      expect(names.map((chain) => listed.get(chain))).toEqual(names.map((_, i) => 7 + i));
    });

    test('of two writers that know the same version one wins', async () => {
      const [chains, chain] = [open(), freshChain()];
      const writes = await Promise.all([chains.write(chain, state(7), 0), chains.write(chain, state(9), 0)]);
      expect(writes.toSorted()).toEqual([false, true]);
      const won = writes[0] ? 7 : 9;
      expect((await chains.read(chain))!.state!.through).toBe(won);
      expect(await chains.write(chain, state(20), 0)).toBe(false);
      expect(await chains.write(chain, state(20), 2)).toBe(false);
      expect(await chains.write(chain, state(20), 1)).toBe(true);
      expect((await chains.read(chain))!).toMatchObject({ version: 2, state: { through: 20, ahead: {} } });
    });
  });
}

async function commitAt(store: DynamoBlockStore, chain: string, position: number): Promise<void> {
  const hash = new Uint8Array(32);
  const block = {
    ...{ chain, position, v: 1, count: 1, payload: hash, previousLink: hash, link: hash },
    ...{ recordedAt: Date.now(), requests: [] },
  };
  const outcome = await store.commit({ token: `${chain} ${position}`, blocks: [block], requests: [] });
  expect(outcome.kind).toBe('committed');
}

chainsContract('memory', () => new MemoryChains());

describe('on DynamoDB', () => {
  let client: DynamoDBClient;
  let table: string;
  let ledgerTable: string;
  let requestsTable: string;
  beforeAll(async () => {
    const dynamo = await sharedDynamoDb();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new Client({ endpoint: dynamo.endpoint, region: 'us-east-1', credentials });
    ({ chainsTable: table, ledgerTable, requestsTable } = await createLedgerTables(client, 'chains'));
  });
  afterAll(async () => {
    client?.destroy();
  });
  chainsContract('DynamoDB', () => new DynamoChains(client, table));

  test('a chain that began and has no row yet is listed too, and a row counts where there is one', async () => {
    const chains = new DynamoChains(client, table, ledgerTable);
    const [begun, both, later] = [freshChain(), freshChain(), freshChain()];
    const store = new DynamoBlockStore(client, {
      ledgerTable,
      requestsTable,
      chainsTable: table,
      hotWindowSeconds: 86_400,
    });
    for (const chain of [begun, both]) await commitAt(store, chain, 0);
    await commitAt(store, later, 7);
    await chains.write(both, state(9), 0);
    const listed = new Map<string, number>();
    for await (const { chain, through } of chains.list()) listed.set(chain, through);
    expect([listed.get(begun), listed.get(both), listed.has(later)]).toEqual([0, 9, false]);
    const rows: string[] = [];
    for await (const { chain } of new DynamoChains(client, table).list()) rows.push(chain);
    expect([rows.includes(begun), rows.includes(both)]).toEqual([false, true]);
  });

  const good = {
    ...{ version: { N: '3' }, through: { N: '7' }, position: { N: '5' }, count: { N: '2' }, ahead: { M: {} } },
    link: { B: sha256(Uint8Array.of(1)) },
  };
  test.each<[string, Record<string, AttributeValue | undefined>]>([
    ['a version that is text', { version: { S: 'x' } }],
    ['a version with a fraction', { version: { N: '1.00000000000000000001' } }],
    ['a version beyond all numbers', { version: { N: '1e120' } }],
    ['a negative version', { version: { N: '-4' } }],
    ['no version', { version: undefined }],
    ['an end that is text', { through: { S: '5000' } }],
    ['an end with a fraction', { through: { N: '5.5' } }],
    ['no link', { link: undefined }],
    ['a link that is text', { link: { S: 'aa' } }],
    ['categories with text', { ahead: { M: { payment: { S: '9' } } } }],
  ])('a row with %s keeps nobody from reading and replacing it', async (_what, damaged) => {
    const chain = freshChain();
    const item = Object.entries({ ...good, ...damaged }).filter(([, value]) => value !== undefined);
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: { chain: { S: chain }, ...(Object.fromEntries(item) as Record<string, AttributeValue>) },
      }),
    );
    const [chains, other] = [new DynamoChains(client, table), new DynamoChains(client, table)];
    const [row, same] = [await chains.read(chain), await other.read(chain)];
    expect(row === undefined || row.state === undefined || row.version === 0).toBe(true);
    expect(await chains.write(chain, state(9), row!.version)).toBe(true);
    expect(await other.write(chain, state(8), same!.version)).toBe(false);
    expect((await chains.read(chain))!.state).toMatchObject({ through: 9 });
  });
});
