/** The database process dies, is left behind by a killed runtime, or is still at work when the next start comes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../local/clock.ts';
import { Database } from '../../../local/dynamodb/database.ts';
import { Space } from '../../../local/space.ts';

const TABLE = {
  TableName: 'Items',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const DATABASE = new URL('../../../local/dynamodb/start.ts', import.meta.url).href;

let dir: string;
const warnings: string[] = [];
const cleanup: (() => unknown)[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'indelible-database-'));
  warnings.length = 0;
});
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
  rmSync(dir, { recursive: true });
});

async function open(): Promise<Database> {
  const warn = (message: string) => void warnings.push(message);
  const database = await Database.open({ dir, clock: systemClock, space: new Space({ directory: dir, warn }), warn });
  cleanup.push(() => database.stop());
  return database;
}

const put = (id: string) => ({ TableName: 'Items', Item: { id: { S: id } } });
const count = async (database: Database) =>
  (await database.client.call<{ Count: number }>('Scan', { TableName: 'Items' })).Count;

async function untilServed(call: () => Promise<unknown>): Promise<Set<string>> {
  const refusals = new Set<string>();
  for (;;) {
    try {
      await call();
      return refusals;
    } catch (error) {
      refusals.add((error as Error).name);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('a database process', () => {
  test('that dies is replaced: calls are refused meanwhile, and what was acknowledged is there', async () => {
    const database = await open();
    await database.client.call('CreateTable', TABLE);
    await database.client.call('PutItem', put('before'));
    const first = database.pid as number;
    process.kill(first, 'SIGKILL');
    expect(await untilServed(() => database.client.call('PutItem', put('after')))).toEqual(
      new Set(['DatabaseUnavailable']),
    );
    expect(database.pid).not.toBe(first);
    expect(await count(database)).toBe(2);
    expect(warnings).toEqual([expect.stringContaining('is started again'), 'DynamoDB Local runs again.']);
  });

  test('acknowledges a transaction only when it survives SIGKILL in the next moment', async () => {
    const database = await open();
    await database.client.call('CreateTable', TABLE);
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 10; n += 1) {
        const ids = [`${round}.${n}a`, `${round}.${n}b`];
        await database.client.call('TransactWriteItems', { TransactItems: ids.map((id) => ({ Put: put(id) })) });
        acknowledged.push(...ids);
      }
      process.kill(database.pid as number, 'SIGKILL');
      await untilServed(() => count(database));
      expect(await count(database)).toBe(acknowledged.length);
    }
  });

  test.each(['SIGSTOP', 'SIGCONT'] as const)(
    'left by a killed runtime (%s) does not keep the next one from starting',
    async (signal) => {
      const script = `const { startDynamoDb } = await import(${JSON.stringify(DATABASE)}); console.log((await startDynamoDb({ dir: process.argv[1] })).pid); setInterval(() => {}, 1000);`;
      const runtime = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, dir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const pid = Number(await new Promise((resolve) => runtime.stdout.once('data', resolve)));
      process.kill(pid, signal);
      const ended = new Promise((resolve) => runtime.once('close', resolve));
      runtime.kill('SIGKILL');
      const database = await open();
      await database.client.call('CreateTable', TABLE);
      expect(database.pid).not.toBe(pid);
      await ended;
    },
  );

  test('that stands still does not keep a stop waiting', async () => {
    const database = await open();
    process.kill(database.pid as number, 'SIGSTOP');
    const hanging = database.client.call('ListTables', {});
    const refused = expect(hanging).rejects.toMatchObject({ name: 'DatabaseUnavailable' });
    await database.stop();
    await refused;
  });
});
