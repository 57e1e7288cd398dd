/** A runtime without a template: parts are provisioned by hand, and real SDK clients talk to them over HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Access } from '../../local/aws/iam/access.ts';
import { IAM } from '../../local/aws/iam/service.ts';
import type { AwsRequest, LocalService } from '../../local/aws/service.ts';
import { systemClock } from '../../local/clock.ts';
import type { Functions } from '../../local/lambda/registry.ts';
import { FUNCTIONS } from '../../local/lambda/registry.ts';
import { openLogFiles } from '../../local/observability/files.ts';
import { ACCOUNT, createRuntime, REGION, type Runtime } from '../../local/runtime.ts';
import { SPACE, Space } from '../../local/space.ts';
import type { Properties, Provisioned, Provisioner, RuntimeContext } from '../../local/template/provisioner.ts';

export const CLIENT = { region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };

export type Invoke = (functionArn: string, payload: string) => unknown;

export interface Harness {
  readonly context: RuntimeContext;
  readonly endpoint: string;
  readonly warnings: string[];
  provision(provisioner: Provisioner | undefined, properties: Properties, logicalId?: string): Promise<Provisioned>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'indelible-local-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** `invoke` stands in for every function: what it returns is the handler's result, what it throws is a function error. */
export async function startHarness(dataDir: string, invoke: Invoke = () => null): Promise<Harness> {
  const services = new Map<string, LocalService>();
  const server = createServer((request, response) => {
    answer(request, services).then(
      ({ status, headers, body }) => {
        response.writeHead(status, { ...headers });
        if (Buffer.isBuffer(body)) response.end(body);
        else Readable.from(body).pipe(response);
      },
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const warnings: string[] = [];
  const logs = openLogFiles(join(dataDir, 'logs'));
  const runtime = createRuntime({
    dataDir,
    awsEndpoint: endpoint,
    clock: systemClock,
    logs,
    serve: (service) => services.set(service.name, service),
    show: (line) => warnings.push(line),
  });
  const { context } = runtime;
  const access = new Access({ region: REGION, account: ACCOUNT, now: Date.now });
  for (const name of ['dynamodb', 'sqs', 'sns', 'events', 'kms']) {
    access.policiesOf(name, (resource) => services.get(name)?.resourcePolicy?.(resource));
  }
  context.provide(IAM, access);
  context.provide(SPACE, new Space({ directory: dataDir, warn: (line) => warnings.push(line) }));
  context.provide(FUNCTIONS, functionsFrom(invoke));
  context.target('lambda', async ({ targetArn, body }) => {
    await invoke(targetArn, body);
  });
  return {
    context,
    endpoint,
    warnings,
    start: () => runtime.start(),
    ...lifecycle(runtime, server, logs.close),
    provision: provisioning(context),
  };
}

function lifecycle(runtime: Runtime, server: Server, closeLogs: () => void) {
  return {
    stop: async () => {
      await runtime.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      closeLogs();
    },
  };
}

function provisioning(context: RuntimeContext): Harness['provision'] {
  return async (provisioner, properties, logicalId = 'Thing') => {
    if (!provisioner) throw new Error('there is no such provisioner');
    return provisioner.provision(logicalId, properties, {
      ...context,
      resource: { stack: 'Test', logicalId, kind: provisioner.kind, metadata: {} },
      physicalName: () => `Test-${logicalId}`,
    });
  };
}

function functionsFrom(invoke: Invoke): Functions {
  const functions = {
    invoke: async (arn: string, payload: string) => {
      try {
        const value = (await invoke(arn, payload)) ?? null;
        return { statusCode: 200, payload: JSON.stringify(value), requestId: 'request' };
      } catch (error) {
        if (error instanceof Error && error.name === 'InvokeRefused') throw error;
        return {
          statusCode: 200,
          functionError: 'Unhandled',
          payload: JSON.stringify({ errorMessage: String(error) }),
          requestId: 'request',
        };
      }
    },
    find: () => ({ definition: { variables: () => ({ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }) } }),
  };
  return functions as unknown as Functions;
}

async function answer(request: IncomingMessage, services: ReadonlyMap<string, LocalService>) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const [, accessKeyId = '', region = '', name = ''] =
    /Credential=([^/]*)\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const service = services.get(name);
  if (!service) throw new Error(`nothing serves ${name}`);
  const url = new URL(request.url ?? '/', 'http://local');
  const asked: AwsRequest = {
    service: name,
    region,
    accessKeyId,
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks),
  };
  service.actions(asked);
  return service.handle(asked);
}

/** Waits for what has to become true; a test that waits in vain ends with Jest's own limit. */
export async function eventually<T>(read: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
