// The whole runtime: entries over HTTPS, recorded and read back.
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { canonicalBytes } from '../../core/canonical/canonical.ts';
import { genesisLink, MAX_CHAINS } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import { parseJson } from '../../core/json/parse.ts';
import { EVENTS } from '../../names/events.ts';
import { readLedger } from '../conformance/real-data/check.ts';
import { freePorts } from '../support/ports.ts';
import { answer, type ReadEntry, type Receipt, TenantClient, until } from './client.ts';
import { type Runtime, startRuntime } from './runtime.ts';
import { ADMINISTRATOR, type Archived, archiveBucket, archivedEntries, s3Of } from './segments.ts';

/** The archive gathers for a second instead of twenty. */
const CONFIG = { archive: { batchWindow: 'PT1S' } };

let runtime: Runtime;
let s3: S3Client;
beforeAll(async () => {
  runtime = await startRuntime({ config: CONFIG });
  s3 = s3Of(runtime);
});
afterAll(async () => {
  s3.destroy();
  expect(await runtime.stop()).toBe(0);
});

const login = (n: number, own: object = {}) => ({
  action: 'auth.login.success',
  actor: { type: 'user', id: `u${n}` },
  ...own,
});
const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
/** Derived from the entry as read, with nothing of the ledger's own code but the canonical form. */
const leafOf = (entry: ReadEntry['entry']) => sha256(Buffer.of(0), canonicalBytes(parseJson(JSON.stringify(entry))));

/** Every position of a chain once, each link from the one before. */
function expectLinked(tenant: string, entries: readonly ReadEntry[]): void {
  let link = toHex(genesisLink(`${tenant}#${entries[0]?.chain ?? 0}`));
  for (const [position, read] of entries.entries()) {
    const leaf = leafOf(read.entry);
    expect(read).toMatchObject({ position, previousLink: link, leafHash: leaf.toString('hex') });
    link = sha256(Buffer.of(2), Buffer.from(link, 'hex'), leaf).toString('hex');
    expect(read.link).toBe(link);
  }
}

async function bucket(): Promise<string> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  return archiveBucket(
    s3,
    Buckets.map(({ Name }) => Name ?? ''),
  );
}

describe('a start', () => {
  test('ends with the one line that others wait for, and the API is healthy without a token', async () => {
    expect(runtime.said().trimEnd().split('\n').at(-1)).toBe(`ready ${runtime.url}`);
    expect((await fetch(`${runtime.url}/v1/health`)).status).toBe(200);
  });

  test('prints a first request that works as pasted', async () => {
    const command =
      runtime
        .said()
        .split('\n')
        .find((line) => line.startsWith('curl ')) ?? '';
    const quoted = [...command.matchAll(/-(H|d) '([^']*)'/g)];
    const headers = quoted
      .filter(([, flag]) => flag === 'H')
      .map(([, , text = '']) => text.split(/:\s*/, 2) as [string, string]);
    const body = quoted.find(([, flag]) => flag === 'd')?.[2];
    const url = /https?:\S+/.exec(command)?.[0] ?? '';
    const { status, body: answered } = await answer(
      await fetch(url, { method: 'POST', headers, ...(body && { body }) }),
    );
    expect([status, answered.receipts.length]).toEqual([201, 1]);
  });
});

describe('entries over HTTPS', () => {
  test('one, read back with what binds it to its chain', async () => {
    const tenant = new TenantClient(runtime, 'single');
    const [receipt] = await tenant.receipts(login(1, { metadata: { note: 'héllo ✓' } }));
    expect(receipt).toMatchObject({ chain: 0, position: 0 });
    const read = await tenant.read(0, 0);
    expect(read).toMatchObject({ chain: 0, position: 0, leafHash: receipt?.leafHash, link: receipt?.link });
    expect(read?.entry).toMatchObject({
      id: receipt?.id,
      tenant: 'single',
      action: 'auth.login.success',
      metadata: { note: 'héllo ✓' },
    });
    expectLinked('single', read ? [read] : []);
    expect(await tenant.read(0, 1)).toBeUndefined();
  });

  test('a batch has its receipts in the order sent, and its links follow from each other', async () => {
    const tenant = new TenantClient(runtime, 'batch');
    const receipts = await tenant.receipts({ entries: Array.from({ length: 120 }, (_, n) => login(n)) });
    expect(receipts.map(({ position }) => position)).toEqual(receipts.map((_, n) => n));
    const entries = await tenant.chain(0);
    expectLinked('batch', entries);
    expect(entries.map(({ entry }) => (entry.actor as { id: string }).id)).toEqual(receipts.map((_, n) => `u${n}`));
  });

  test('64 clients at once lose and repeat nothing', async () => {
    const tenant = new TenantClient(runtime, 'crowd');
    const receipts = (await Promise.all(Array.from({ length: 64 }, (_, n) => tenant.receipts(login(n))))).flat();
    const places = receipts.map(({ chain, position }) => `${chain}/${position}`);
    expect(new Set(places).size).toBe(64);
    const read = await Promise.all(receipts.map(({ chain, position }) => tenant.read(chain, position)));
    expect(read.map((each) => each?.entry.id)).toEqual(receipts.map(({ id }) => id));
  });

  test('the same key again gives the same receipts and adds nothing', async () => {
    const tenant = new TenantClient(runtime, 'again');
    const headers = { 'idempotency-key': randomUUID() };
    const first = await tenant.receipts({ entries: [login(1), login(2)] }, headers);
    expect(await tenant.receipts({ entries: [login(1), login(2)] }, headers)).toEqual(first);
    expect((await tenant.post(login(3), headers)).status).toBe(422);
    expect(await tenant.chain(0)).toHaveLength(2);
  });
});

describe('what is refused', () => {
  const tenantName = 'refused';
  let tenant: TenantClient;
  beforeAll(() => {
    tenant = new TenantClient(runtime, tenantName);
  });

  test.each<[string, unknown, Record<string, string>, number, string]>([
    ['malformed JSON', '{"action": ', {}, 400, 'malformed-json'],
    ['a duplicate key', '{"action":"a.b","action":"a.c"}', {}, 400, 'malformed-json'],
    ['an unknown field', login(1, { colour: 'red' }), {}, 422, 'invalid-entry'],
    ['a foreign tenant', login(1, { tenant: 'other' }), {}, 403, 'foreign-tenant'],
    ['a body of another type', login(1), { 'content-type': 'text/csv' }, 415, 'unsupported-media-type'],
    ['a body over its limit', `"${'x'.repeat(5_000_001)}"`, {}, 413, 'too-large'],
  ])('%s', async (_, body, headers, status, slug) => {
    const refused = await tenant.post(body, headers);
    expect(refused.status).toBe(status);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.body).toMatchObject({ type: `urn:indelible:problem:${slug}`, status });
  });

  test('every fault of a batch is named by its pointer', async () => {
    const { status, body } = await tenant.post({
      entries: [login(1), { ...login(2), severity: 7 }, { action: 'auth.login.success' }],
    });
    expect(status).toBe(422);
    const pointers = (body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/entries/1/severity', '/entries/2/actor']));
  });

  test('no token, a bad one, an expired one: API Gateway’s own 401', async () => {
    const expired = await runtime.token(tenantName, 'writer', { expires_in: '1' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    for (const authorization of [undefined, 'Bearer nonsense', `Bearer ${expired}`]) {
      const response = await fetch(`${runtime.url}/v1/entries`, {
        method: 'POST',
        ...(authorization && { headers: { authorization } }),
      });
      expect([response.status, await response.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    }
  });

  test('a role that may not write', async () => {
    const token = await runtime.token(tenantName, 'auditor');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const refused = await answer(
      await fetch(`${runtime.url}/v1/entries`, { method: 'POST', headers, body: JSON.stringify(login(1)) }),
    );
    expect([refused.status, refused.body.type]).toEqual([403, 'urn:indelible:problem:forbidden-role']);
  });

  test('has written nothing', async () => {
    expect(await tenant.read(0, 0)).toBeUndefined();
  });
});

/** Puts `count` events on the applications' bus; resolves when EventBridge has taken them all. */
async function putEvents(to: Runtime, tenant: string, count: number): Promise<void> {
  const events = new EventBridgeClient({ endpoint: to.awsUrl, region: 'us-east-1', credentials: ADMINISTRATOR });
  try {
    for (let first = 0; first < count; first += 10) {
      const Entries = Array.from({ length: Math.min(10, count - first) }, (_, n) => ({
        EventBusName: EVENTS.applicationBus,
        Source: 'shop.orders',
        DetailType: 'Order Placed',
        Detail: JSON.stringify({ order: `o-${first + n}` }),
        Resources: [`urn:indelible:tenant:${tenant}`],
      }));
      const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
      expect(FailedEntryCount).toBe(0);
    }
  } finally {
    events.destroy();
  }
}

const orderOf = ({ entry }: ReadEntry) => /"o-\d+"/.exec(JSON.stringify(entry))?.[0];

test('an event on the applications’ bus becomes an entry', async () => {
  await putEvents(runtime, 'events', 1);
  const tenant = new TenantClient(runtime, 'events');
  // Looking for it over the API would be recorded before it.
  await until(async () => (await readLedger(runtime.awsUrl)).has('events#0') || undefined);
  const read = (await tenant.read(0, 0))!;
  expect(orderOf(read)).toBe('"o-0"');
  expectLinked('events', [read]);
});

describe('the archive', () => {
  test('holds every position once, the bytes that were hashed, and the links', async () => {
    const tenant = new TenantClient(runtime, 'archived');
    const receipts: Receipt[] = [];
    for (let batch = 0; batch < 6; batch += 1) {
      const entries = Array.from({ length: 25 }, (_, n) =>
        n % 2 === 0 ? login(n) : { ...login(n), action: 'customer.updated' },
      );
      receipts.push(...(await tenant.receipts({ entries })));
    }
    await until(async () => (await s3.send(new ListBucketsCommand({}))).Buckets?.length);
    const name = await until(() => bucket().catch(() => undefined));
    const archived = await until(async () => {
      const rows = await archivedEntries(s3, name, 'archived');
      return rows.length >= receipts.length ? rows : undefined;
    });
    const place = ({ chain, position }: { chain: number; position: number }) => `${chain}/${position}`;
    expect(archived.map(place)).toEqual(receipts.map(place).sort((a, b) => Number(a.slice(2)) - Number(b.slice(2))));
    for (const [index, row] of archived.entries()) {
      expect(sha256(Buffer.of(0), Buffer.from(row.text)).toString('hex')).toBe(receipts[index]?.leafHash);
      expect(row.link).toBe(receipts[index]?.link);
    }
    expect(new Set(archived.map(({ key }) => key.split('/')[2])).size).toBe(2);
  });

  describe('a locked version', () => {
    let segment: Archived;
    let name: string;
    let version: string;
    beforeAll(async () => {
      const tenant = new TenantClient(runtime, 'locked');
      await tenant.receipts(login(1));
      name = await until(() => bucket().catch(() => undefined));
      [segment] = (await until(async () => {
        const rows = await archivedEntries(s3, name, 'locked');
        return rows.length > 0 ? rows : undefined;
      })) as [Archived];
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: name, Prefix: segment.key }));
      expect(Versions).toHaveLength(1);
      version = Versions[0]?.VersionId ?? '';
    });
    const refusal = (error: { name: string; $metadata: { httpStatusCode?: number } }) => [
      error.name,
      error.$metadata.httpStatusCode,
    ];

    test('can’t be deleted, not even with the bypass that governance mode knows', async () => {
      const target = { Bucket: name, Key: segment.key, VersionId: version };
      for (const command of [target, { ...target, BypassGovernanceRetention: true }]) {
        expect(await s3.send(new DeleteObjectCommand(command)).then(() => 'deleted', refusal)).toEqual([
          'AccessDenied',
          403,
        ]);
      }
    });

    test('can’t be hidden behind a delete marker', async () => {
      const hide = new DeleteObjectCommand({ Bucket: name, Key: segment.key });
      expect(await s3.send(hide).then(() => 'hidden', refusal)).toEqual(['AccessDenied', 403]);
    });

    test('can’t be overwritten', async () => {
      const put = { Bucket: name, Key: segment.key, Body: 'forged' };
      expect(await s3.send(new PutObjectCommand(put)).then(() => 'written', refusal)).toEqual(['AccessDenied', 403]);
      const until2100 = { ObjectLockMode: 'COMPLIANCE' as const, ObjectLockRetainUntilDate: new Date('2100-01-01') };
      const conditional = new PutObjectCommand({ ...put, ...until2100, IfNoneMatch: '*' });
      expect(await s3.send(conditional).then(() => 'written', refusal)).toEqual(['AccessDenied', 403]);
    });

    test('can’t have its lock shortened', async () => {
      const Retention = { Mode: 'COMPLIANCE' as const, RetainUntilDate: new Date(Date.now() + 60_000) };
      const shorten = new PutObjectRetentionCommand({ Bucket: name, Key: segment.key, VersionId: version, Retention });
      expect(await s3.send(shorten).then(() => 'shortened', refusal)).toEqual(['AccessDenied', 403]);
    });

    test('is still what it was', async () => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key: segment.key, VersionId: version }));
      expect((await Body?.transformToByteArray())?.length).toBeGreaterThan(0);
      const rows = await archivedEntries(s3, name, 'locked');
      expect(rows.map(({ text }) => text)).toEqual([segment.text]);
    });
  });
});

describe('SIGKILL in the middle of sending', () => {
  let folder: string;
  let running: Runtime;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'indelible-kill-'));
  });
  afterEach(() => running.stop());
  afterAll(() => rmSync(folder, { recursive: true }));

  interface Batch {
    readonly key: string;
    readonly body: { readonly entries: readonly object[] };
    receipts?: readonly Receipt[];
  }

  /** Eight clients send batches until the runtime is gone; each batch knows whether it was acknowledged. */
  async function sendUntilKilled(tenant: TenantClient, batches: Batch[]): Promise<void> {
    let killed = false;
    const client = async (): Promise<void> => {
      while (!killed) {
        const batch: Batch = {
          key: randomUUID(),
          body: {
            entries: Array.from({ length: 10 }, () => login(batches.length, { metadata: { nonce: randomUUID() } })),
          },
        };
        batches.push(batch);
        const answered = await tenant.post(batch.body, { 'idempotency-key': batch.key }).catch(() => undefined);
        if (answered?.status === 201) batch.receipts = answered.body.receipts as Receipt[];
      }
    };
    const clients = Array.from({ length: 8 }, client);
    while (batches.filter(({ receipts }) => receipts).length < 40)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const gone = running.kill();
    killed = true;
    await gone;
    await Promise.all(clients);
  }

  test('loses nothing acknowledged, duplicates nothing sent with a key, and the archive catches up', async () => {
    const batches: Batch[] = [];
    // The same ports: an idempotency key belongs to a subject of an issuer, which is an address of the runtime.
    const [port = 0, awsPort = 0] = await freePorts(2);
    const options = { dataDir: join(folder, 'data'), config: CONFIG, ports: [port, awsPort] as const };
    running = await startRuntime(options);
    const warm = new TenantClient(running, 'killed');
    await warm.receipts(login(0));
    await sendUntilKilled(warm, batches);
    const unanswered = batches.filter(({ receipts }) => !receipts);
    expect(unanswered.length).toBeGreaterThan(0);

    running = await startRuntime(options);
    const tenant = new TenantClient(running, 'killed');
    for (const batch of batches) {
      const receipts = await tenant.receipts(batch.body, { 'idempotency-key': batch.key });
      if (batch.receipts) expect(receipts).toEqual(batch.receipts);
      batch.receipts = receipts;
    }
    const receipts = batches.flatMap((batch) => batch.receipts ?? []);
    const chains = [...new Set(receipts.map(({ chain }) => chain))].sort((a, b) => a - b);
    const ledger = new Map<string, ReadEntry>();
    for (const chain of chains) {
      const entries = await tenant.chain(chain);
      expectLinked('killed', entries);
      for (const entry of entries) ledger.set(`${chain}/${entry.position}`, entry);
    }
    // Once each: everything that was sent, and the one entry before.
    expect(ledger.size).toBe(batches.length * 10 + 1);
    for (const { chain, position, id, leafHash } of receipts) {
      expect(ledger.get(`${chain}/${position}`)).toMatchObject({ entry: { id }, leafHash });
    }
    const archive = s3Of(running);
    try {
      const { Buckets = [] } = await archive.send(new ListBucketsCommand({}));
      const name = await until(() =>
        archiveBucket(
          archive,
          Buckets.map(({ Name }) => Name ?? ''),
        ).catch(() => undefined),
      );
      const archived = await until(async () => {
        const rows = await archivedEntries(archive, name, 'killed');
        // What was read above is recorded too, and archived behind it.
        const own = rows.filter(({ chain, position }) => ledger.has(`${chain}/${position}`));
        return own.length >= ledger.size ? own : undefined;
      });
      expect(archived.map(({ chain, position }) => `${chain}/${position}`).sort()).toEqual([...ledger.keys()].sort());
      for (const { chain, position, link } of archived) expect(link).toBe(ledger.get(`${chain}/${position}`)?.link);
    } finally {
      archive.destroy();
    }
  });

  test('every event that EventBridge took becomes one entry', async () => {
    const options = { dataDir: join(folder, 'events'), config: CONFIG };
    running = await startRuntime(options);
    await putEvents(running, 'events', 60);
    await running.kill();
    running = await startRuntime(options);
    const tenant = new TenantClient(running, 'events');
    await until(async () => {
      const all = await readLedger(running.awsUrl);
      const own = [...all].filter(([name]) => name.startsWith('events#'));
      return own.reduce((sum, [, { entries }]) => sum + entries.length, 0) >= 60 || undefined;
    });
    // A burst of events may have spread over chains.
    const chains: ReadEntry[][] = [];
    for (let chain = 0; chain < MAX_CHAINS; chain++) chains.push([...(await tenant.chain(chain))]);
    for (const chain of chains.filter(({ length }) => length > 0)) expectLinked('events', chain);
    const want = Array.from({ length: 60 }, (_, n) => `"o-${n}"`);
    expect(chains.flat().map(orderOf).sort()).toEqual(want.sort());
  });
});
