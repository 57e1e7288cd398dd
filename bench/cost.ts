// Counts what a day of a deployment costs in requests.
import {
  type Bill,
  billOf,
  combined,
  KINDS,
  PRICES,
  requestsOf,
  scaled,
  secondsOf,
  type Use,
  WAITS,
} from './prices.ts';
import { DAYS, EXPIRING, type Quiet, STEPS, type Step } from './quiet.ts';

interface Worked {
  readonly entries: number;
  readonly segments: number;
  readonly use: Use;
}

/** One seal, and one verification, of a long chain. */
export interface Busy {
  readonly seal: Worked;
  readonly verify: Worked;
}

/** How a million entries came: in how many blocks, and how many segments the archive made of them; absent: as measured. */
interface Arrival {
  readonly name: string;
  readonly blocks?: number;
  readonly segments?: number;
}

const MILLION = 1_000_000;

/** The stream is archived every so many seconds, a segment for each category that came meanwhile (lib/config/stage.ts). */
const WINDOW_SECONDS = 20;
const CATEGORIES_AT_ONCE = 5;
const DAY_SECONDS = 86_400;

/** What one segment more takes: to be found and read by the seal, to be read by verification. */
const SEGMENT_OF_SEAL = requestsOf((kind) => (kind === 'HEAD' || kind === 'GET' ? 1 : 0));
const SEGMENT_OF_VERIFY = requestsOf((kind) => (kind === 'GET' ? 1 : 0));

/** Of services/seal/chain.ts: tiles that are written at the same time; of services/verify: what is read ahead. */
const SEAL_AT_ONCE = 16;
const VERIFY_AT_ONCE = 32;

/** A month, and how often a weekly verification comes in one. */
const MONTH_DAYS = 30.4;
const MONTH_WEEKS = MONTH_DAYS / 7;

/** Of lib/stacks/workflows.ts, a day: states of a shard; of the rest of Seal and Verify, and of the log's own shard; of Expire. */
const SHARD_TRANSITIONS = 3;
const FIXED_TRANSITIONS = { archive: 0, expire: 2 + 3 * EXPIRING, seal: 6, verify: 11, 'verify fully': 11 };
const FIXED_INVOCATIONS = { archive: 0, expire: 1 + EXPIRING, seal: 2, verify: 3, 'verify fully': 3 };

/** GetPublicKey of both keys, of four functions that start anew; and Sign with both. */
const KMS_REQUESTS = 2 * 4 + 2;

export function printCost(busy: Busy, quiet: Quiet): void {
  console.log('Cost of sealing and verifying: requests are measured, dollars computed from them (estimates)');
  console.log(
    `  prices, us-east-1: S3 PUT, LIST $${PRICES.s3Write}, GET, HEAD $${PRICES.s3Read} a 1,000; DynamoDB reads $${PRICES.readUnits}` +
      ` a million; KMS asymmetric $${PRICES.kmsRequests} a 10,000, key $${PRICES.kmsKey} a month;` +
      ` Step Functions $${PRICES.transitions} a 1,000; Lambda $${PRICES.gbSeconds} a GB-s, 1.769 GB`,
  );
  console.log(
    `  assumed: S3 answers in ${WAITS.s3Ms} ms, a query in ${WAITS.queryMs} ms; functions are paid for while they wait`,
  );
  printQuiet('a quiet tenant', quiet.tenant, tenantOf);
  printQuiet('a deployment apart from its tenants', quiet.fixed, fixedOf);
  const kms = 2 * PRICES.kmsKey + (MONTH_DAYS * KMS_REQUESTS * PRICES.kmsRequests) / 10_000;
  console.log(`    and its two KMS keys, ${KMS_REQUESTS} requests a day (2 Sign, 8 GetPublicKey): ${usd(kms)} a month`);
  printMillion(busy);
}

/** A tenant has a shard of its own up to five hundred tenants; more share shards. */
const tenantOf = (step: Step) => {
  const shards = step === 'archive' || step === 'expire' ? 0 : 1;
  return { transitions: SHARD_TRANSITIONS * shards, invocations: shards };
};
const fixedOf = (step: Step) => ({ transitions: FIXED_TRANSITIONS[step], invocations: FIXED_INVOCATIONS[step] });

function printQuiet(name: string, uses: Quiet['tenant'], orchestration: typeof fixedOf): void {
  console.log(`  ${name}, a day (measured after ${DAYS} days; its one entry is that of its verification)`);
  console.log(
    `    ${''.padEnd(13)} ${KINDS.map((kind) => kind.padStart(6)).join(' ')}  queries  read units  transitions` +
      '   computed, a month: S3, DynamoDB, Lambda, Step Functions, all',
  );
  let month = 0;
  for (const step of STEPS) {
    const use = uses[step];
    const times = step === 'verify fully' ? MONTH_WEEKS : MONTH_DAYS;
    const { transitions, invocations } = orchestration(step);
    const bill = billOf(scaled(use, times), { transitions: transitions * times, invocations: invocations * times });
    month += bill.total;
    console.log(
      `    ${step.padEnd(13)} ${KINDS.map((kind) => use.requests[kind].toFixed(1).padStart(6)).join(' ')} ` +
        `${use.queries.toFixed(1).padStart(8)} ${use.readUnits.toFixed(1).padStart(11)} ${String(transitions).padStart(12)}   ${dollars(bill)}`,
    );
  }
  const year = (MONTH_DAYS * 12) / (DAYS + 1);
  console.log(
    `    together ${usd(month)} a month; what verifies fully reads every seal again: ${year.toFixed(0)} times as much after a year`,
  );
}

function printMillion({ seal, verify }: Busy): void {
  console.log('  a million entries of one chain');
  for (const [name, { entries, segments, use }] of Object.entries({ seal, verify })) {
    const { requests, queries, readUnits, cpuMs } = scaled(use, MILLION / entries);
    console.log(
      `    measured, ${name}: ${KINDS.map((kind) => `${whole(requests[kind])} ${kind}`).join(', ')}, ` +
        `${whole(queries)} queries of ${whole(readUnits)} units, ${(cpuMs / 1_000).toFixed(1)} s of CPU here, ` +
        `in ${whole((segments * MILLION) / entries)} segments`,
    );
  }
  const windows = (DAY_SECONDS / WINDOW_SECONDS) * CATEGORIES_AT_ONCE;
  for (const arrival of [
    { name: 'at once, in blocks of 500 and full segments, as measured' },
    { name: `over a day, a block an entry, ${whole(windows)} segments`, blocks: MILLION, segments: windows },
  ]) {
    printArrival(arrival, seal, verify);
  }
  const objects = (MILLION * PRICES.s3Write) / 1_000;
  console.log(`    naive: an object under lock for each entry, to be put alone ${usd(objects)}`);
}

function printArrival(arrival: Arrival, seal: Worked, verify: Worked): void {
  const { name } = arrival;
  const sealing = arrived(seal, SEGMENT_OF_SEAL, arrival);
  const verifying = arrived(verify, SEGMENT_OF_VERIFY, arrival);
  const free = { transitions: 0, invocations: 0 };
  const [sealed, verified] = [billOf(sealing, free, SEAL_AT_ONCE), billOf(verifying, free, VERIFY_AT_ONCE)];
  console.log(`    computed, ${name} (S3, DynamoDB, Lambda, Step Functions, all):`);
  console.log(`      seal          ${dollars(sealed)}, ${whole(secondsOf(sealing, SEAL_AT_ONCE))} s of one function`);
  console.log(
    `      verify, a run ${dollars(verified)}, ${whole(secondsOf(verifying, VERIFY_AT_ONCE))} s: once the day after, then every week`,
  );
  console.log(`      seal and first verification: ${usd(sealed.total + verified.total)}`);
}

/** What a million entries take that came in other segments and blocks than those that were measured. */
function arrived(worked: Worked, ofSegment: Use['requests'], { segments, blocks }: Arrival): Use {
  const measured = scaled(worked.use, MILLION / worked.entries);
  const listed = (worked.segments * MILLION) / worked.entries;
  const one = { requests: ofSegment, queries: 0, readUnits: 0, cpuMs: 0 };
  const use = combined(measured, one, (all, each) => all + each * ((segments ?? listed) - listed));
  return blocks === undefined ? use : { ...use, queries: blocks, readUnits: Math.max(blocks, use.readUnits) };
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const usd = (value: number): string => `$${value.toFixed(4)}`;
const dollars = ({ s3, dynamo, lambda, steps, total }: Bill): string =>
  [s3, dynamo, lambda, steps, total].map(usd).join(', ');
