// What a million entries cost, on a case that is computed by hand.
import { expect, test } from '@jest/globals';
import { requestsOf } from '../../../bench/prices.ts';
import { assumed } from '../../../bench/scale/assumptions.ts';
import { millionBill } from '../../../bench/scale/bill.ts';
import { type Measured, NO_UNITS, NOTHING } from '../../../bench/scale/units.ts';
import { readPage } from '../../support/pages.ts';

const measured: Measured = {
  archive: { ...NO_UNITS, segment: { ...NOTHING, requests: requestsOf((kind) => (kind === 'PUT' ? 1 : 0)) } },
  ...{ seal: NO_UNITS, incremental: NO_UNITS, full: NO_UNITS },
  overlap: { seal: { busy: 1, quiet: 1 }, verify: { busy: 1, quiet: 1 } },
};

const dollarsOf = (entriesPerRequest: number): Record<string, number> =>
  Object.fromEntries(
    millionBill(measured, { ...assumed, entriesPerRequest }).once.map(({ service, what, dollars }) => [
      `${service}, ${what}`,
      dollars,
    ]),
  );

test('a million entries that come singly', () => {
  const bill = dollarsOf(1);
  expect(bill['API Gateway, requests']).toBe(1);
  // 50 ms of 1.769 GB each, and the invocations.
  expect(bill['Lambda, ingest']).toBeCloseTo(50_000 * 1.769 * 0.0000133334 + 0.2, 6);
  expect(bill['DynamoDB, writes of blocks and index']).toBeCloseTo(2.73 * 0.625, 9);
  // 0.6 GB for 90 days.
  expect(bill['DynamoDB, hot window, recovery']).toBeCloseTo(0.6 * (90 / 30.4) * 0.45, 9);
  // A window of 20 s makes five segments.
  expect(bill['S3, puts of segments']).toBeCloseTo((21_600 * 0.005) / 1_000, 2);
  // Each block is published, comes into three queues, and is taken and forgotten ten at a time.
  expect(bill['SNS, SQS, notices of blocks']).toBeCloseTo(0.5 + 3 * 1.2 * 0.4, 9);
  expect(bill['CloudWatch, logs']).toBeCloseTo(0.5, 9);
});

test('in batches of a hundred what goes by the request is a hundredth, and what goes by the entry stays', () => {
  const [singly, batched] = [dollarsOf(1), dollarsOf(100)];
  for (const name of ['API Gateway, requests', 'SNS, SQS, notices of blocks', 'CloudWatch, logs']) {
    expect([name, batched[name]! / singly[name]!]).toEqual([name, expect.closeTo(0.01, 6)]);
  }
  expect(batched['Lambda, ingest']).toBeCloseTo((10_000 * 0.05 + 990_000 * 0.0002) * 1.769 * 0.0000133334 + 0.002, 6);
  expect(batched['DynamoDB, writes of blocks and index']).toBeCloseTo(0.25 * 0.625, 9);
});

test('what is kept for a year is stored, and verified 52 times', () => {
  const { yearly } = millionBill(measured, assumed);
  expect(yearly.find(({ what }) => what === 'storage')!.dollars).toBeCloseTo(0.3 * 0.023 * 12, 9);
  const verification = yearly.find(({ service }) => service === 'weekly verification')!.dollars;
  expect(verification).toBeGreaterThan(0);
});

test('docs/for-operators.md has each row, and the figures of those that nothing measured goes into', () => {
  const page = readPage('docs/for-operators.md');
  const [singly, batched] = [1, 100].map((entriesPerRequest) =>
    millionBill(measured, { ...assumed, entriesPerRequest }),
  );
  const counted = ['archive, relay, index', 'the same', 'S3, DynamoDB, Lambda, Step Functions'];
  for (const part of ['once', 'yearly'] as const) {
    for (const [i, { service, what, dollars }] of singly![part].entries()) {
      expect(page).toContain(`| ${service} | ${what} | `);
      if (counted.includes(what)) continue;
      const figures = [dollars, batched![part][i]!.dollars].map((each) => each.toFixed(2)).join(' | ');
      expect(page).toContain(`| ${service} | ${what} | ${figures} |`);
    }
  }
});
