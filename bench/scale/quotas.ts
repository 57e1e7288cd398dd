/** What AWS allows at most, as data: defaults of an account in us-east-1, and where AWS says so. */

export interface Quota {
  readonly limit: number;
  readonly unit: string;
  /** Whether AWS raises it when it is asked to. */
  readonly adjustable: boolean;
  /** The design keeps to it whatever the load, so that it can't be the first one that is hit. */
  readonly kept?: string;
  readonly source: string;
}

export const QUOTAS = {
  apiRequests: {
    ...{ limit: 10_000, unit: 'requests/s of API Gateway', adjustable: true },
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
  },
  functions: {
    ...{ limit: 1_000, unit: 'functions at the same time', adjustable: true },
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  tableWrites: {
    ...{ limit: 40_000, unit: 'write units/s of the table of blocks', adjustable: true },
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
  },
  partitionWrites: {
    ...{ limit: 1_000, unit: 'write units/s of one chain', adjustable: false },
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
  },
  prefixReads: {
    ...{ limit: 5_500, unit: 'GET/s under one prefix of S3', adjustable: false },
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html',
  },
  prefixWrites: {
    ...{ limit: 3_500, unit: 'PUT/s under one prefix of S3', adjustable: false },
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html',
  },
  payload: {
    ...{ limit: 262_144, unit: 'bytes of a state of Step Functions', adjustable: false },
    kept: 'MAX_SHARDS of services/verify/plan.ts and services/seal/plan.ts',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
  history: {
    ...{ limit: 25_000, unit: 'events of one execution', adjustable: false },
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
} satisfies Record<string, Quota>;

export type QuotaName = keyof typeof QUOTAS;
