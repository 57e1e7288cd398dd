/** As S3 charges requests: PUT and LIST alike, HEAD as GET; removing is free. */
export const KINDS = ['PUT', 'LIST', 'GET', 'HEAD'] as const;
export type Kind = (typeof KINDS)[number];

/** List prices of us-east-1, in US dollars, no free tier. */
export const PRICES = {
  /** A thousand of PUT, LIST; of GET, HEAD. */
  s3Write: 0.005,
  s3Read: 0.0004,
  /** A million on-demand request units of DynamoDB. */
  readUnits: 0.125,
  /** Ten thousand requests with asymmetric keys other than RSA-2048; a key a month. */
  kmsRequests: 0.15,
  kmsKey: 1,
  /** A thousand state transitions of a standard workflow. */
  transitions: 0.025,
  /** A GB-second on arm64; a million invocations. */
  gbSeconds: 0.0000133334,
  invocations: 0.2,
  /** A million write request units; a GB of a table for a month, and of its point-in-time recovery. */
  writeUnits: 0.625,
  tableGb: 0.25,
  recoveryGb: 0.2,
  /** A million requests of an HTTP API; messages published by SNS; requests of SQS. */
  apiRequests: 1,
  snsPublishes: 0.5,
  sqsRequests: 0.4,
  /** A GB for a month in S3 Standard; a GB of logs taken in. */
  s3Gb: 0.023,
  logsGb: 0.5,
  /** A month: an alarm of one metric, a metric of one's own, a dashboard. */
  alarm: 0.1,
  metric: 0.3,
  dashboard: 3,
} as const;

/** What functions wait for; a request of S3 takes some tens of milliseconds, a query of one item a few. */
export const WAITS = { s3Ms: 30, queryMs: 4 } as const;

/** Memory of the functions that seal and verify: one core. */
const FUNCTION_GB = 1.769;

/** What AWS is asked for. */
export interface Use {
  readonly requests: Readonly<Record<Kind, number>>;
  readonly queries: number;
  readonly readUnits: number;
  readonly cpuMs: number;
}

export interface Orchestration {
  readonly transitions: number;
  readonly invocations: number;
}

export interface Bill {
  readonly s3: number;
  readonly dynamo: number;
  readonly lambda: number;
  readonly steps: number;
  readonly total: number;
}

/** `s3AtOnce`: requests that are under way at the same time. Functions are paid for while they wait. */
export function billOf(use: Use, { transitions, invocations }: Orchestration, s3AtOnce = 1): Bill {
  const { PUT, LIST, GET, HEAD } = use.requests;
  const s3 = ((PUT + LIST) * PRICES.s3Write + (GET + HEAD) * PRICES.s3Read) / 1_000;
  const dynamo = (use.readUnits * PRICES.readUnits) / 1e6;
  const lambda = secondsOf(use, s3AtOnce) * FUNCTION_GB * PRICES.gbSeconds + (invocations * PRICES.invocations) / 1e6;
  const steps = (transitions * PRICES.transitions) / 1_000;
  return { s3, dynamo, lambda, steps, total: s3 + dynamo + lambda + steps };
}

export function secondsOf({ requests, queries, cpuMs }: Use, s3AtOnce = 1): number {
  const waited = (allOf(requests) * WAITS.s3Ms) / s3AtOnce + queries * WAITS.queryMs;
  return (cpuMs + waited) / 1_000;
}

const allOf = (requests: Use['requests']): number => KINDS.reduce((sum, kind) => sum + requests[kind], 0);

export function scaled({ requests, queries, readUnits, cpuMs }: Use, by: number): Use {
  return {
    requests: requestsOf((kind) => requests[kind] * by),
    ...{ queries: queries * by, readUnits: readUnits * by, cpuMs: cpuMs * by },
  };
}

export function combined(a: Use, b: Use, of: (a: number, b: number) => number): Use {
  return {
    requests: requestsOf((kind) => of(a.requests[kind], b.requests[kind])),
    queries: of(a.queries, b.queries),
    readUnits: of(a.readUnits, b.readUnits),
    cpuMs: of(a.cpuMs, b.cpuMs),
  };
}

export function requestsOf(of: (kind: Kind) => number): Record<Kind, number> {
  return { PUT: of('PUT'), LIST: of('LIST'), GET: of('GET'), HEAD: of('HEAD') };
}
