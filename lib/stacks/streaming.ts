// What follows the ledger's stream: the archive, and whoever is told of new entries.
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ENTRY } from '../../names/entry.ts';
import { fixedSeconds } from '../config/duration.ts';
import type { StageConfig } from '../config/stage.ts';
import type { ArchiveRoles } from '../constructs/archive-roles.ts';
import { Code, type CodeDefaults, ONE_CORE } from '../constructs/code.ts';
import type { EncryptionKey } from '../constructs/encryption-key.ts';
import type { EntriesTopic } from '../constructs/entries-topic.ts';
import { StreamConsumer } from '../constructs/stream-consumer.ts';
import type { DataStack } from './data.ts';
import type { Holdings } from './holdings.ts';

/** The stream keeps a record for 24 hours; one that can't be used is put aside before it is lost. */
const LAST_CALL = Duration.hours(23);

export interface Streaming {
  readonly archive: Code;
  readonly relay: Code;
}

export interface Streams {
  readonly archiving: StreamConsumer;
  readonly relaying: StreamConsumer;
}

export function streaming(
  scope: Construct,
  config: StageConfig,
  defaults: CodeDefaults,
  { archiver }: Pick<ArchiveRoles, 'archiver'>,
): Streaming {
  return {
    archive: new Code(
      scope,
      'Archive',
      {
        name: 'archive',
        description: 'Ledger stream to Parquet segments under Object Lock',
        // 6 MB of compressed blocks unpack to some 60 MB of entries, written as columns and compressed again.
        memorySize: ONE_CORE,
        // Filling a gap may read and write many blocks before the batch itself.
        timeout: Duration.minutes(5),
        environment: { [ENTRY.redactionEnv]: JSON.stringify(config.redaction) },
        role: archiver,
      },
      defaults,
    ),
    relay: new Code(
      scope,
      'Relay',
      {
        name: 'relay',
        description: 'Ledger stream to the topic',
        // Waiting for SNS more than computing.
        memorySize: 1_024,
        timeout: Duration.minutes(2),
      },
      defaults,
    ),
  };
}

export function grantStreaming({ archive }: Streaming, { data }: Holdings): void {
  data.ledger.grantRead(archive);
  data.ledger.grantProgress(archive);
  // What it finds of tampering is recorded in the trail concerned.
  data.ledger.grantAppend(archive);
  data.archive.grantArchive(archive);
}

export function wireStreaming(
  scope: Construct,
  { archive, relay }: Streaming,
  { ledger }: Pick<DataStack, 'ledger'>,
  {
    config,
    entries,
    key,
  }: { readonly config: StageConfig; readonly entries: EntriesTopic; readonly key: EncryptionKey },
): Streams {
  entries.grantPublish(relay);
  return {
    archiving: new StreamConsumer(scope, 'Archiving', {
      ...{ code: archive, ledger, key },
      // Lambda's 6 MB payload fills first, with fifteen full blocks or some thousands of small ones.
      batchSize: 1_000,
      // The longer it gathers, the fewer and larger the segments; three windows fit the minute that the archive may lag.
      batchWindow: Duration.seconds(fixedSeconds(config.archive.batchWindow)!),
      // A shard takes 1 MB/s of blocks and as much again when TTL removes them; two batches at a time keep up, and more would
      // cut the same entries into more segments.
      parallelization: 2,
      maxRecordAge: LAST_CALL,
    }),
    relaying: new StreamConsumer(scope, 'Relaying', {
      ...{ code: relay, ledger, key },
      batchSize: 100,
      batchWindow: Duration.seconds(1),
      // A shard takes a thousand small blocks a second, and a call announces ten: four batches at a time keep up.
      parallelization: 4,
      maxRecordAge: LAST_CALL,
      // New blocks only: what TTL removes is nobody's news, and the archive keeps tampering as evidence.
      filters: [{ eventName: ['INSERT'] }],
    }),
  };
}
