/**
 * What the AWS endpoint asks of each service that answers on it. The endpoint has read the request whole, found the caller
 * in the SigV4 credential scope, and allowed every action that `actions` names, before it calls `handle`.
 */
export interface AwsRequest {
  /** From the credential scope: s3, dynamodb, kms, sqs, sns, events, sts, … */
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | NodeJS.ReadableStream;
}

/** Values of condition keys. A list is a multivalued key (ForAnyValue, ForAllValues). */
export type ConditionValues = Readonly<Record<string, string | readonly string[]>>;

/** One permission that a request needs. */
export interface RequiredAction {
  readonly action: string;
  /** The ARN, or `*` for actions without a resource. */
  readonly resource: string;
  /** The service's own condition keys; the endpoint adds the global ones (`aws:PrincipalArn`, `aws:SecureTransport`, …). */
  readonly conditions?: ConditionValues;
}

export interface LocalService {
  /** The name in the credential scope. */
  readonly name: string;
  /** Throws when the request can't be read; the endpoint refuses it then (400) and never calls `handle`. */
  actions(request: AwsRequest): readonly RequiredAction[];
  /** The policy document attached to this resource, if any: bucket policy, table policy, key policy, queue policy. */
  resourcePolicy?(resource: string): unknown;
  handle(request: AwsRequest): Promise<AwsResponse>;
  close(): Promise<void>;
}
