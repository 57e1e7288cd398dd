/** The integration's event and answer: "Create AWS Lambda proxy integrations for HTTP APIs", payload format 2.0. */
import { randomBytes } from 'node:crypto';
import type { AuthorizedToken } from './authorizer.ts';
import { GatewayError, type GatewayRequest } from './request.ts';
import type { Match, Route } from './routes.ts';

export interface EventContext {
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly requestId: string;
  readonly at: Date;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

export function eventOf(
  request: GatewayRequest,
  { route, pathParameters }: Match<Route>,
  context: EventContext,
  token?: AuthorizedToken,
): Record<string, unknown> {
  const text = isText(request.headers['content-type'], request.headers['content-encoding']);
  const query = queryOf(request.rawQuery);
  const host = request.host.replace(/:\d+$/, '');
  const stagePrefix = context.stage === '$default' ? '' : `/${context.stage}`;
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: stagePrefix + request.path,
    rawQueryString: request.rawQuery,
    ...(request.cookies.length > 0 && { cookies: request.cookies }),
    headers: { 'x-amzn-trace-id': traceId(context.at), ...request.headers },
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      ...(token && { authorizer: { jwt: { claims: flattened(token.claims), scopes: token.scopes } } }),
      domainName: host,
      domainPrefix: host.split('.')[0],
      http: {
        method: request.method,
        path: stagePrefix + request.path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: route.key,
      stage: context.stage,
      time: commonLogTime(context.at),
      timeEpoch: context.at.getTime(),
    },
    ...(request.body.length > 0 && { body: request.body.toString(text ? 'utf8' : 'base64') }),
    ...(pathParameters && { pathParameters }),
    isBase64Encoded: request.body.length > 0 && !text,
    ...(context.stageVariables && { stageVariables: context.stageVariables }),
  };
}

/** What the documentation calls a binary content type is everything but these; observed on AWS, also for a missing type. */
function isText(contentType = '', contentEncoding = 'identity'): boolean {
  if (contentEncoding !== 'identity') return false;
  return /^(text\/|application\/(json|javascript|xml)\s*(;|$))/i.test(contentType.trim());
}

function queryOf(rawQuery: string): Record<string, string> | undefined {
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    values[name] = Object.hasOwn(values, name) ? `${values[name]},${value}` : value;
  }
  return Object.keys(values).length > 0 ? values : undefined;
}

/** Claims reach the integration as strings, whatever they are in the token. */
function flattened(claims: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)]));
}

function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).map(([name, member]) => `${name}:${claimText(member)}`);
    return `map[${members.sort().join(' ')}]`;
  }
  return String(value);
}

function traceId(at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}

/** `07/Aug/2026:01:37:53 +0000` */
export function commonLogTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** A result with `statusCode` is taken as it is; any other JSON is the body of a 200. */
export function responseOf(payload: string): GatewayResponse {
  const result = JSON.parse(payload) as unknown;
  if (result === null || typeof result !== 'object' || Array.isArray(result) || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = result as Record<string, unknown>;
  const status = Number(statusCode);
  const malformed =
    !Number.isInteger(status) ||
    status < 100 ||
    status > 599 ||
    (body !== undefined && body !== null && typeof body !== 'string');
  if (malformed) throw new GatewayError(500, 'Internal Server Error');
  const fields: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries((headers ?? {}) as object)) fields[name.toLowerCase()] = String(value);
  if (Array.isArray(cookies) && cookies.length > 0) fields['set-cookie'] = cookies.map(String);
  const bytes = Buffer.from((body as string | null | undefined) ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > 0) fields['content-type'] ??= 'text/plain;charset=utf-8';
  return { status, headers: fields, body: bytes };
}
