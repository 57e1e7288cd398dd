/** Clients that leave before their answer: nothing is held for them, and a stop does not wait for them. */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAwsEndpoint } from '../../../local/aws/endpoint.ts';
import type { AwsResponse } from '../../../local/aws/service.ts';
import { systemClock } from '../../../local/clock.ts';
import { Database } from '../../../local/dynamodb/database.ts';
import { dynamoDbService } from '../../../local/dynamodb/service.ts';
import { Gateway } from '../../../local/http/server.ts';
import { Space } from '../../../local/space.ts';
import { freePorts } from '../../support/ports.ts';

const CLIENTS = 160;
const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=a/20300101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;

let folder: string;
const cleanup: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'indelible-leaving-'));
});
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo();
  rmSync(folder, { recursive: true });
});

/** Sends a request and leaves at once; resolves when the connection is gone. */
function sendAndLeave(port: number, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, () => socket.destroy()));
    socket.on('error', () => undefined).on('close', () => resolve());
  });
}

const endpointOf = () =>
  createAwsEndpoint({
    region: 'us-east-1',
    account: '000000000000',
    now: () => Date.UTC(2030, 0, 1),
    failed: () => undefined,
  });

function dynamoDb(operation: string, input: object): string {
  const body = JSON.stringify(input);
  const headers = [
    ...[
      'POST / HTTP/1.1',
      'host: 127.0.0.1',
      `x-amz-target: DynamoDB_20120810.${operation}`,
      'x-amz-date: 20300101T000000Z',
    ],
    ...[
      'content-type: application/x-amz-json-1.0',
      `authorization: ${AUTHORIZATION}`,
      `content-length: ${body.length}`,
    ],
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}

async function listTables(url: string): Promise<number> {
  const headers = {
    'x-amz-target': 'DynamoDB_20120810.ListTables',
    'x-amz-date': '20300101T000000Z',
    authorization: AUTHORIZATION,
  };
  return (await fetch(url, { method: 'POST', headers, body: '{}' })).status;
}

describe('at the AWS endpoint', () => {
  test(`${CLIENTS} that left while the database stood still, or before its answer: it serves, and stops`, async () => {
    const warn = () => undefined;
    const space = new Space({ directory: folder, warn });
    const database = await Database.open({ dir: join(folder, 'dynamodb'), clock: systemClock, space, warn });
    cleanup.push(() => database.stop());
    const endpoint = endpointOf();
    endpoint.serve(
      dynamoDbService({
        ...{ region: 'us-east-1', account: '000000000000', policies: new Map(), wrote: () => undefined },
        ...{ askKey: () => undefined, send: (...call) => database.send(...call) },
      }),
    );
    const url = await endpoint.listen(0);
    const port = Number(new URL(url).port);
    expect(await listTables(url)).toBe(200);
    const pid = database.pid as number;
    process.kill(pid, 'SIGSTOP');
    await Promise.all(Array.from({ length: CLIENTS }, () => sendAndLeave(port, dynamoDb('ListTables', {}))));
    process.kill(pid, 'SIGCONT');
    await Promise.all(Array.from({ length: CLIENTS }, () => sendAndLeave(port, dynamoDb('ListTables', {}))));
    expect(await listTables(url)).toBe(200);
    await endpoint.close();
  });

  test('a stream whose reader has gone is closed, and the stop does not wait for it', async () => {
    const file = join(folder, 'object');
    writeFileSync(file, Buffer.alloc(8_000_000));
    const streams: ReturnType<typeof createReadStream>[] = [];
    const arrived = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const endpoint = endpointOf();
    endpoint.serve({
      name: 's3',
      actions: () => [],
      handle: async (): Promise<AwsResponse> => {
        arrived.resolve();
        await left.promise;
        const body = createReadStream(file);
        streams.push(body);
        return { status: 200, headers: {}, body };
      },
      close: async () => undefined,
    });
    const port = Number(new URL(await endpoint.listen(0)).port);
    const gone = new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /b/k HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'));
      void arrived.promise.then(() => socket.destroy());
      socket.on('close', () => resolve());
    });
    await gone;
    // The endpoint has seen the end of the connection when it has answered another one.
    await fetch(`http://127.0.0.1:${port}/none`, { method: 'PUT', headers: { authorization: 'x' } });
    left.resolve();
    await endpoint.close();
    expect(streams).toHaveLength(1);
    const [body] = streams;
    if (!body?.closed) await new Promise<void>((resolve) => body?.once('close', () => resolve()));
    expect(body?.destroyed).toBe(true);
  });
});

describe('at the HTTP API', () => {
  test.each([
    ['in the middle of the body', 'POST /v1/entries HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 1000\r\n\r\n{"a'],
    ['before the answer', 'GET /slow HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'],
  ])('%s: the stop does not wait', async (_, text) => {
    const [port = 0] = await freePorts(1);
    const gateway = await Gateway.listen(port);
    const release = Promise.withResolvers<void>();
    gateway.add({
      handle: async ({ path }) => {
        if (path !== '/ping') await release.promise;
        return { status: 200, headers: {}, body: Buffer.from('{}') };
      },
    });
    gateway.open();
    await Promise.all(Array.from({ length: 5 }, () => sendAndLeave(port, text)));
    // What was sent and cut before has been seen when later requests were answered.
    for (let n = 0; n < 3; n += 1) await fetch(`http://127.0.0.1:${port}/ping`);
    const closed = gateway.close();
    release.resolve();
    await closed;
  });
});
