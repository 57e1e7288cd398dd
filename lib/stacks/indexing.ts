// The index: the functions that write it, and the queue that calls one of them.
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { INDEX, INDEX_WINDOW_SECONDS } from '../../names/index.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';
import type { EncryptionKey } from '../constructs/encryption-key.ts';
import type { EntriesTopic } from '../constructs/entries-topic.ts';
import { QueueConsumer } from '../constructs/queue-consumer.ts';
import type { Holdings } from './holdings.ts';

/** Notices have some 1.2 KB as records of an event, of which Lambda's 6 MB hold five thousand; SQS gathers no more than these. */
const LARGEST_BATCH = 10_000;

/** The fewest that Lambda allows for a queue. Each gathers notices of its own, and the fewer runs, the fewer rows. */
const BATCHES_AT_ONCE = 2;

export interface Indexing {
  readonly index: Code;
  readonly reindex: Code;
}

export function indexing(scope: Construct, defaults: CodeDefaults): Indexing {
  return {
    index: new Code(
      scope,
      'Index',
      {
        name: 'index',
        description: 'Notices of blocks to rows of the index',
        // Blocks are decompressed, hashed and parsed, four slices of twenty thousand entries in memory.
        memorySize: ONE_CORE,
        timeout: Duration.seconds(INDEX.timeoutSeconds),
      },
      defaults,
    ),
    reindex: new Code(
      scope,
      'Reindex',
      {
        name: 'reindex',
        description: 'Builds the index anew from the ledger',
        memorySize: ONE_CORE,
        timeout: Duration.minutes(15),
      },
      defaults,
    ),
  };
}

export function grantIndexing({ index, reindex }: Indexing, { data, reading }: Holdings): void {
  for (const code of [index, reindex]) {
    data.ledger.grantRead(code);
    data.ledger.describeHotWindow(code);
    reading.index.grantWrite(code);
  }
  data.ledger.grantDirectory(reindex);
}

export function wireIndexing(
  scope: Construct,
  { index }: Indexing,
  { entries, key }: { readonly entries: EntriesTopic; readonly key: EncryptionKey },
): void {
  new QueueConsumer(scope, 'Indexing', {
    code: index,
    queue: entries.subscriber('index').queue,
    key,
    batchSize: LARGEST_BATCH,
    batchWindow: Duration.seconds(INDEX_WINDOW_SECONDS),
    concurrency: BATCHES_AT_ONCE,
  });
}
