// What a million entries cost, service by service: list prices times what is counted, measured elsewhere or assumed.
import { PRICES } from '../prices.ts';
import type { Assumed } from './assumptions.ts';
import { dayOf } from './load.ts';
import { scale } from './model.ts';
import type { Measured } from './units.ts';

export interface Item {
  readonly service: string;
  readonly what: string;
  /** US dollars for a million entries. */
  readonly dollars: number;
}

const MILLION = 1_000_000;
const GB = 1e9;
/** Memory of the functions that record and archive (one core), and of those that tell subscribers. */
const CORE_GB = 1.769;
const NOTIFY_GB = 1;
const DAYS_A_MONTH = 30.4;
const WEEKS_A_YEAR = 52;
const MESSAGES_A_RECEIVE = 10;

/** The size of a batch from which on the measured figures for batches hold. */
const BATCHED = 100;

const lambda = (seconds: number, gb: number): number => seconds * gb * PRICES.gbSeconds;

/**
 * Of one tenant's million entries in one day, `assumed.entriesPerRequest` in each request, without idempotency keys:
 * what recording them costs once, and what keeping them costs for the hot window and for each year in the archive.
 */
export function millionBill(measured: Measured, assumed: Assumed): { readonly once: Item[]; readonly yearly: Item[] } {
  const load = { tenants: 1, entriesPerDay: MILLION };
  const day = dayOf(load, assumed);
  const requests = MILLION / assumed.entriesPerRequest;
  const { runs } = scale(load, measured, assumed);
  return {
    once: [
      { service: 'API Gateway', what: 'requests', dollars: (requests * PRICES.apiRequests) / MILLION },
      { service: 'Lambda', what: 'ingest', dollars: ingestDollars(requests, assumed) },
      { service: 'Lambda', what: 'archive, relay, index', dollars: streamDollars(day, measured, assumed) },
      ...tableItems(assumed),
      { service: 'S3', what: 'puts of segments', dollars: (day.segments * PRICES.s3Write) / 1_000 },
      { service: 'SNS, SQS', what: 'notices of blocks', dollars: noticeDollars(day.blocks, assumed) },
      { service: 'CloudWatch', what: 'logs', dollars: (requests * assumed.logBytes * PRICES.logsGb) / GB },
      { service: 'seal', what: 'S3, DynamoDB, Lambda, Step Functions', dollars: runs.seal.cost },
      { service: 'first verification', what: 'the same', dollars: runs.incremental.cost },
    ],
    yearly: [
      { service: 'S3', what: 'storage', dollars: (MILLION * assumed.segmentEntryBytes * PRICES.s3Gb * 12) / GB },
      {
        service: 'weekly verification',
        what: 'S3, DynamoDB, Lambda, Step Functions',
        dollars: (runs.full.cost / assumed.historyDays) * WEEKS_A_YEAR,
      },
    ],
  };
}

function ingestDollars(requests: number, { ingestSeconds, ingestEntrySeconds }: Assumed): number {
  const seconds = requests * ingestSeconds + (MILLION - requests) * ingestEntrySeconds;
  return lambda(seconds, CORE_GB) + (requests * PRICES.invocations) / MILLION;
}

function streamDollars(day: ReturnType<typeof dayOf>, { archive }: Measured, assumed: Assumed): number {
  const { entry, segment, block } = archive;
  const cpuMs = entry.cpuMs * day.entries + segment.cpuMs * day.segments + block.cpuMs * day.blocks;
  const archiving = (cpuMs + day.segments * assumed.s3Ms) / 1_000;
  return lambda(archiving, CORE_GB) + lambda(day.blocks * assumed.notifySeconds, NOTIFY_GB);
}

function tableItems(assumed: Assumed): Item[] {
  const batched = assumed.entriesPerRequest >= BATCHED;
  const units = batched
    ? assumed.blockUnitsBatched + assumed.indexUnitsBatched
    : assumed.blockUnits + assumed.indexUnits;
  const bytes = batched ? assumed.batchedEntryBytes : assumed.entryBytes;
  const gbMonths = ((MILLION * bytes) / GB) * (assumed.hotDays / DAYS_A_MONTH);
  return [
    { service: 'DynamoDB', what: 'writes of blocks and index', dollars: units * PRICES.writeUnits },
    { service: 'DynamoDB', what: 'hot window, recovery', dollars: gbMonths * (PRICES.tableGb + PRICES.recoveryGb) },
  ];
}

/** SNS publishes each block once; each queue takes it, and hands it out and forgets it ten at a time. */
function noticeDollars(blocks: number, { subscribers }: Assumed): number {
  const requests = subscribers * blocks * (1 + 2 / MESSAGES_A_RECEIVE);
  return (blocks * PRICES.snsPublishes + requests * PRICES.sqsRequests) / MILLION;
}
