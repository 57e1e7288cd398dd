/**
 * The one address at which AWS's APIs answer (STS itself, the others by `serve`): finds the service and the caller in the credential scope, asks IAM for every
 * action that the request needs, and only then hands it to the service. Loopback only.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finish } from '../http/finish.ts';
import { isFull } from '../space.ts';
import { type Credential, readCredential } from './credential.ts';
import { Access, AccessDenied } from './iam/access.ts';
import { loopbackFault } from './loopback.ts';
import { Refusal, renderRefusal } from './refusal.ts';
import type { AwsRequest, AwsResponse, LocalService } from './service.ts';
import { stsService } from './sts.ts';

const HOST = '127.0.0.1';

/** Requests are held in memory; S3's own limit is 5 GB a put, more in parts. */
const MAX_BODY_BYTES = 512 * 1024 * 1024;

/** Longer than SDKs keep idle connections, so that the server never closes one that a client is about to use. */
const KEEP_ALIVE_MS = 75_000;

export interface EndpointOptions {
  readonly region: string;
  readonly account: string;
  readonly now: () => number;
  /** A failure of a service's own code: the caller gets 500, and this gets the cause. */
  readonly failed: (service: string, error: unknown) => void;
}

export interface AwsEndpoint {
  /** IAM: hand it to the context under IAM and ROLES (iam/service.ts). */
  readonly access: Access;
  /** Makes a service answer; before or after `listen`. */
  readonly serve: (service: LocalService) => void;
  /** Listens on loopback, 0 picks a port; answers the base URL. */
  listen(port: number): Promise<string>;
  /** Finishes the requests in flight, then closes every service. */
  close(): Promise<void>;
}

export function createAwsEndpoint(options: EndpointOptions): AwsEndpoint {
  const access = new Access(options);
  const sts = stsService(access);
  const services = new Map<string, LocalService>([[sts.name, sts]]);
  const running = new Set<Promise<void>>();
  const server = createServer((incoming, outgoing) => {
    const request = answer(incoming, outgoing, { ...options, access, services })
      // Only a connection that broke in the middle of an answer ends here, and its caller sees that itself.
      .catch(() => void outgoing.destroy())
      .finally(() => running.delete(request));
    running.add(request);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // Large uploads on a busy machine take as long as they take.
  server.requestTimeout = 0;
  return {
    access,
    serve: (service) => {
      if (services.has(service.name)) throw new Error(`Something answers for ${service.name} already.`);
      services.set(service.name, service);
      const policy = service.resourcePolicy?.bind(service);
      if (policy) access.policiesOf(service.name, policy);
    },
    listen: (port) => listen(server, port),
    close: async () => {
      await closeServer(server, running);
      for (const service of services.values()) await service.close();
    },
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.removeListener('error', reject);
      resolve(`http://${HOST}:${(server.address() as AddressInfo).port}`);
    });
  });
}

async function closeServer(server: Server, running: ReadonlySet<Promise<void>>): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.all(running);
  server.closeAllConnections();
  await closed;
}

interface EndpointContext extends EndpointOptions {
  readonly access: Access;
  readonly services: ReadonlyMap<string, LocalService>;
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, context: EndpointContext): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const asked = read(incoming);
  const fault = loopbackFault(asked.headers);
  let response: AwsResponse;
  let service = asked.service;
  try {
    if (fault !== undefined) throw new Refusal(403, 'AccessDenied', fault);
    const credential = checkScope(asked, readCredential(asked, context.now()), context);
    service = credential.service;
    const body = await readBody(incoming);
    response = await serveRequest({ ...asked, ...credential, body }, context);
  } catch (error) {
    const refusal = refusalOf({ ...asked, service }, error);
    if (refusal.code === 'InternalError') context.failed(service, error);
    response = renderRefusal({ ...asked, service }, refusal, requestId);
  }
  await send(incoming, outgoing, response, requestId, context.now());
}

type Asked = Omit<AwsRequest, 'body' | 'accessKeyId' | 'region'>;

function read(incoming: IncomingMessage): Asked {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    service: guessService(headers),
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers,
  };
}

/** In whose protocol to refuse what has no readable scope. */
function guessService(headers: Readonly<Record<string, string>>): string {
  if (headers['x-amz-target'] !== undefined) return 'json';
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? 'query' : 's3';
}

function checkScope(asked: Asked, credential: Credential | undefined, context: EndpointContext): Credential {
  if (!credential) {
    // Only S3 has requests without an identity.
    if (asked.service === 's3') return { accessKeyId: '', region: context.region, service: 's3' };
    const status = asked.service === 'json' ? 400 : 403;
    throw new Refusal(status, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  if (credential.region !== context.region) {
    const message = `The authorization header is malformed; the region '${credential.region}' is wrong; expecting '${context.region}'`;
    throw new Refusal(400, 'AuthorizationHeaderMalformed', message, { Region: context.region });
  }
  return credential;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      const message = `The local runtime takes at most ${MAX_BODY_BYTES} bytes in one request.`;
      throw new Refusal(400, 'EntityTooLarge', message, { MaxSizeAllowed: String(MAX_BODY_BYTES) });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function serveRequest(request: AwsRequest, context: EndpointContext): Promise<AwsResponse> {
  const service = context.services.get(request.service);
  if (!service) {
    throw new Refusal(501, 'NotImplemented', `The local runtime does not implement the service ${request.service}.`);
  }
  for (const required of requiredActions(service, request)) context.access.demand(request.accessKeyId, required);
  return await service.handle(request);
}

function requiredActions(service: LocalService, request: AwsRequest): ReturnType<LocalService['actions']> {
  try {
    return service.actions(request);
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof Error)) throw error;
    throw new Refusal(400, 'SerializationException', error.message);
  }
}

/** HTTP status and code of a denial: services differ. */
const DENIALS: Readonly<Record<string, readonly [number, string]>> = {
  s3: [403, 'AccessDenied'],
  sns: [403, 'AuthorizationError'],
  sqs: [403, 'AccessDenied'],
  sts: [403, 'AccessDenied'],
};

const DISK_FULL = 'The disk of the local runtime is full; free some space and try again.';

function refusalOf(asked: Asked, error: unknown): Refusal {
  if (error instanceof Refusal) return protocolCode(asked, error);
  if (error instanceof AccessDenied) {
    const [status, code] = DENIALS[asked.service] ?? [400, 'AccessDeniedException'];
    return new Refusal(status, code, error.message);
  }
  // SDKs try again after a 503; what was refused is not there, whatever part of it had been written.
  if (isFull(error)) return new Refusal(503, 'ServiceUnavailable', DISK_FULL);
  return new Refusal(500, 'InternalError', 'The local runtime failed; its log says why.');
}

/** What is wrong with the credential has other names outside S3. */
function protocolCode(asked: Asked, refusal: Refusal): Refusal {
  if (asked.service === 's3') return refusal;
  const { message, headers } = refusal;
  if (refusal.code.startsWith('Authorization'))
    return new Refusal(400, 'IncompleteSignatureException', message, {}, headers);
  if (refusal.code === 'RequestTimeTooSkewed')
    return new Refusal(400, 'InvalidSignatureException', message, {}, headers);
  return refusal;
}

async function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body }: AwsResponse,
  requestId: string,
  now: number,
): Promise<void> {
  outgoing.statusCode = status;
  // SDKs sign by the endpoint's clock once they see that theirs differs.
  outgoing.setHeader('date', new Date(now).toUTCString());
  outgoing.setHeader('x-amz-request-id', requestId);
  outgoing.setHeader('x-amzn-requestid', requestId);
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  // A body that was refused unread would be taken for the next request.
  if (!incoming.complete) outgoing.setHeader('connection', 'close');
  const bare = incoming.method === 'HEAD' || status === 304 || status === 204;
  if (Buffer.isBuffer(body) && !bare) outgoing.setHeader('content-length', body.length);
  if (!(await finish(outgoing, body))) throw new Error('The client left before the answer.');
}
