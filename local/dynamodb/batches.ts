/**
 * BatchWriteItem as one transaction of the emulator, which otherwise commits each of its items apart, with several syncs of the
 * disk for each: up to 25 times as long, and all other calls wait meanwhile. AWS promises less of a batch than this gives:
 * there, some of its items may be written and others not.
 */
import type { Answer } from './client.ts';

const TARGET = 'DynamoDB_20120810.TransactWriteItems';

/** A batch of more is refused; a transaction takes four times as many, so that it must not be asked. */
const MOST_ITEMS = 25;
/** A transaction holds no more, a batch four times as much; headroom for what JSON adds. */
const MOST_BYTES = 4_000_000;

interface Input {
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly [parameter: string]: unknown;
}

/** The body of the transaction; undefined for a batch that only the emulator's own answer fits: malformed, too large, or measured. */
export function transactionOf(body: Buffer): Buffer | undefined {
  if (body.length > MOST_BYTES) return undefined;
  const { RequestItems: tables, ...others } = JSON.parse(body.toString('utf8')) as Input;
  if (Object.keys(others).length > 0 || typeof tables !== 'object' || tables === null) return undefined;
  const items = Object.entries(tables).flatMap(([table, requests]) =>
    // A table with an empty list is refused, whatever the others have.
    Array.isArray(requests) && requests.length > 0 ? requests.map((request) => itemOf(table, request)) : [undefined],
  );
  if (items.length === 0 || items.length > MOST_ITEMS || items.includes(undefined)) return undefined;
  return Buffer.from(JSON.stringify({ TransactItems: items }));
}

function itemOf(TableName: string, request: unknown): object | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  const [[kind, what] = ['', undefined], ...more] = Object.entries(request);
  if (more.length > 0 || typeof what !== 'object' || what === null) return undefined;
  const members = Object.keys(what).join();
  if (kind === 'PutRequest' && members === 'Item') return { Put: { TableName, ...what } };
  if (kind === 'DeleteRequest' && members === 'Key') return { Delete: { TableName, ...what } };
  return undefined;
}

export function transactionHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return { ...headers, 'x-amz-target': TARGET };
}

/**
 * What the batch is answered with. Undefined where the transaction was refused: it wrote nothing, and the reason in the batch's
 * own terms has to be asked for.
 */
export function batchAnswer({ status, headers, body }: Answer): Answer | undefined {
  if (status >= 500) return { status, headers, body };
  if (status !== 200) return undefined;
  const text = Buffer.from('{"UnprocessedItems":{}}');
  // The checksum is of the bytes that the emulator sent.
  const { 'x-amz-crc32': _, ...kept } = headers;
  return { status, headers: { ...kept, 'content-length': String(text.length) }, body: text };
}
