// The function observe, wired from its environment.
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { log } from '../../../adapters/log.ts';
import { emitMetric } from '../../../adapters/metrics.ts';
import { BlockError } from '../../../core/block/error.ts';
import { METRICS, type MetricName } from '../../../names/metrics.ts';
import { BlockMissing, LedgerUnavailable, RequestNotIntact } from '../../../services/append/errors.ts';
import { guardedOf } from '../../../services/observe/guarded.ts';
import { newId } from '../../shared/id.ts';
import { openLedger } from '../../shared/ledger.ts';
import { readPreparation } from '../../shared/preparation.ts';
import { observeEvents } from './observe.ts';
import { readTenantRules } from './rules.ts';

const { env } = process;

const observeEvent = observeEvents({
  ledger: openLedger(env),
  rules: readTenantRules(env),
  preparation: readPreparation(env),
  now: () => new Date(),
  newId,
});

function metricOf(error: unknown): MetricName {
  if (error instanceof LedgerUnavailable) return METRICS.ledgerUnavailable;
  const isTampered = [BlockMissing, RequestNotIntact, BlockError].some((kind) => error instanceof kind);
  return isTampered ? METRICS.tamperingDetected : METRICS.eventsUnmapped;
}

/** The error goes on to Lambda, which retries and then keeps the event whole. */
export const handler = middy<unknown, void>()
  .onError(({ event, error, context }: middy.Request<unknown, void, Error, Context>) => {
    const { id, source } = (event ?? {}) as { id?: unknown; source?: unknown };
    log.error('event not recorded', { function: 'observe', requestId: context.awsRequestId, event: id, source, error });
    emitMetric(metricOf(error), 1);
  })
  .handler(async (event) => {
    if (guardedOf(event) !== undefined) emitMetric(METRICS.protectionTouched, 1);
    const receipts = await observeEvent(event);
    emitMetric(METRICS.eventsObserved, receipts.length);
  });
