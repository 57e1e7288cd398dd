/** What the operations of S3 work with, and how they answer. */
import type { Access } from '../aws/iam/access.ts';
import type { AwsResponse } from '../aws/service.ts';
import { type Content, xml } from '../aws/xml.ts';
import type { Call } from './call.ts';
import type { DataKeys } from './encryption.ts';
import type { BucketStore } from './store.ts';

export interface S3 {
  readonly store: BucketStore;
  readonly access: Access;
  readonly dataKeys: DataKeys;
  readonly region: string;
  readonly account: string;
  readonly now: () => number;
}

export type Operation = (call: Call, s3: S3) => Promise<AwsResponse>;

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

type Headers = Readonly<Record<string, string>>;

export function answerXml(name: string, content: Content, headers: Headers = {}): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: Buffer.from(xml(name, content, NAMESPACE)),
  };
}

export function answerEmpty(status: number, headers: Headers = {}): AwsResponse {
  return { status, headers, body: Buffer.alloc(0) };
}

/** As S3 lists times: milliseconds are always zero. */
export function listedTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000Z`;
}

export function httpTime(ms: number): string {
  return new Date(ms).toUTCString();
}
