/** DynamoDB and DynamoDB Streams at the runtime's AWS endpoint: the emulator behind IAM, in the runtime's region. */
import type { IncomingHttpHeaders } from 'node:http';
import type { AwsRequest, AwsResponse, LocalService, RequiredAction } from '../aws/service.ts';
import { keyFault } from '../kms/ask.ts';
import { dynamoDbActions, UnreadableRequest } from './actions.ts';
import type { Send } from './client.ts';
import { DatabaseUnavailable, isWrite } from './database.ts';
import { policyOperation } from './policies.ts';
import { type ArnBorder, arnBorder } from './region.ts';

/** Headers that the emulator reads; everything else is between the client and the endpoint. */
const FORWARDED = ['content-type', 'x-amz-target', 'authorization', 'x-amz-date', 'x-amz-security-token'];

/** Answers that hold ARNs in known places and no items; the rest goes through byte for byte. */
const ANSWERS_WITH_ARNS = new Set([
  'CreateTable',
  'DeleteTable',
  'DescribeTable',
  'UpdateTable',
  'ListStreams',
  'DescribeStream',
  'GetShardIterator',
]);

/** Reads and writes of items. */
const DATA_OPERATIONS = new Set([
  ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem'],
  ...['TransactGetItems', 'TransactWriteItems', 'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction'],
  'GetRecords',
]);

interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export interface DynamoDbServiceOptions {
  /** Throws DatabaseUnavailable. */
  readonly send: Send;
  readonly region: string;
  readonly account: string;
  /** The policies of tables, by ARN. */
  readonly policies: Map<string, unknown>;
  /** Asks for the key that the table is under, if any; throws AccessDenied or Refusal. */
  readonly askKey: (tableArn: string, accessKeyId: string) => void;
  /** Told after each write that succeeded, so that stream readers need not wait for their next look. */
  readonly wrote: () => void;
}

export function dynamoDbService(options: DynamoDbServiceOptions): LocalService {
  const border = arnBorder(options.region, options.account);
  const calls = new WeakMap<AwsRequest, Call>();
  const read = (request: AwsRequest): Call => {
    const known = calls.get(request);
    if (known) return known;
    const call = parse(request);
    calls.set(request, call);
    return call;
  };
  return {
    name: 'dynamodb',
    actions: (request): readonly RequiredAction[] => {
      const { operation, input } = read(request);
      return dynamoDbActions(operation, input, border.prefix);
    },
    resourcePolicy: (resource) => options.policies.get(tableOf(resource)),
    handle: async (request) => {
      try {
        const call = read(request);
        const own = policyOperation(call.operation, call.input, options.policies);
        if (own !== undefined) return respond(own.status, own.body);
        askKeys(request, call, options, border);
        return await forward(request, call, options, border);
      } catch (error) {
        if (error instanceof UnreadableRequest) return refuse(400, 'SerializationException', error.message);
        if (error instanceof AccessDeniedByKey) return refuse(400, 'AccessDeniedException', error.message);
        if (!(error instanceof DatabaseUnavailable)) throw error;
        // SDKs try again after a 5xx, as they do with DynamoDB's own.
        return refuse(500, 'InternalServerError', error.message);
      }
    },
    close: async () => undefined,
  };
}

/** What is about items needs the key; what is about tables does not. */
function askKeys(request: AwsRequest, call: Call, options: DynamoDbServiceOptions, border: ArnBorder): void {
  if (!DATA_OPERATIONS.has(call.operation)) return;
  const needed = dynamoDbActions(call.operation, call.input, border.prefix);
  try {
    for (const arn of new Set(needed.map(({ resource }) => tableOf(resource))))
      options.askKey(arn, request.accessKeyId);
  } catch (error) {
    const fault = keyFault(error);
    if (fault === undefined) throw error;
    throw new AccessDeniedByKey(`KMS key access denied error: ${fault.message}`);
  }
}

class AccessDeniedByKey extends Error {}

/** Indexes and streams are under their table's policy and key. */
function tableOf(resource: string): string {
  return resource.split('/').slice(0, 2).join('/');
}

function parse(request: AwsRequest): Call {
  const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
  if (!operation) throw new UnreadableRequest('The x-amz-target header names no operation.');
  try {
    const input: unknown = JSON.parse(request.body.toString('utf8') || '{}');
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) {
      return { operation, input: input as Record<string, unknown> };
    }
  } catch {
    // Answered below, as DynamoDB answers it.
  }
  throw new UnreadableRequest('The request body is not a JSON object.');
}

async function forward(
  request: AwsRequest,
  call: Call,
  options: DynamoDbServiceOptions,
  border: ArnBorder,
): Promise<AwsResponse> {
  const body = inwardBody(request.body, call, border);
  const headers: Record<string, string> = { 'content-length': String(body.length) };
  for (const name of FORWARDED) if (request.headers[name] !== undefined) headers[name] = request.headers[name];
  const answer = await options.send(call.operation, headers, body);
  const { status } = answer;
  if (status === 200 && isWrite(call.operation)) options.wrote();
  const kept = answerHeaders(answer.headers);
  if (status !== 200 || !(ANSWERS_WITH_ARNS.has(call.operation) || call.operation === 'GetRecords')) {
    return { status, headers: kept, body: answer.body };
  }
  const value = JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>;
  const outward = call.operation === 'GetRecords' ? outwardRecords(value, border) : border.outward(value);
  const text = Buffer.from(JSON.stringify(outward));
  // The checksum was over the emulator's bytes.
  const { 'x-amz-crc32': _, ...rest } = kept;
  return { status, headers: { ...rest, 'content-length': String(text.length) }, body: text };
}

/** Requests may name tables by ARN, and streams only by ARN; items are never touched. */
function inwardBody(body: Buffer, { input }: Call, border: ArnBorder): Buffer {
  const replaced: Record<string, unknown> = {};
  for (const key of ['StreamArn', 'ShardIterator', 'ExclusiveStartStreamArn', 'ResourceArn', 'TableName']) {
    const value = input[key];
    if (typeof value !== 'string') continue;
    const inward = key === 'TableName' ? value.replace(`${border.prefix}table/`, '') : border.inward(value);
    if (inward !== value) replaced[key] = inward;
  }
  return Object.keys(replaced).length === 0 ? body : Buffer.from(JSON.stringify({ ...input, ...replaced }));
}

interface Records {
  readonly Records?: readonly Record<string, unknown>[];
  readonly NextShardIterator?: string;
}

function outwardRecords(value: Records, border: ArnBorder): Records {
  const region = border.prefix.split(':')[3];
  const records = (value.Records ?? []).map((record) => ({ ...record, awsRegion: region }));
  if (value.NextShardIterator === undefined) return { ...value, Records: records };
  return { ...value, Records: records, NextShardIterator: border.outward(value.NextShardIterator) };
}

function answerHeaders(answered: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of ['content-type', 'content-length', 'x-amzn-requestid', 'x-amz-crc32']) {
    const value = answered[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

function refuse(status: number, code: string, message: string): AwsResponse {
  return respond(status, { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message });
}

function respond(status: number, value: unknown): AwsResponse {
  const body = Buffer.from(JSON.stringify(value));
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'content-length': String(body.length) },
    body,
  };
}
