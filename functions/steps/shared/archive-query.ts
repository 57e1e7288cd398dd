// Athena as functions that search the archive open it.
import { athenaClient } from '../../../adapters/athena/client.ts';
import { AthenaQueries } from '../../../adapters/athena/queries.ts';
import { ResultObjects } from '../../../adapters/athena/results.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3ArchiveExtent } from '../../../adapters/s3/extent.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import { ATHENA } from '../../../names/athena.ts';
import { JOB_STORE } from '../../../names/job-store.ts';
import type { ArchiveExtent } from '../../../services/query/extent.ts';
import type { ArchiveQuery } from '../../../services/query/port.ts';
import { type Environment, requiredText } from '../../shared/environment.ts';

export function archiveQueries(environment: Environment): ArchiveQuery {
  return new AthenaQueries(
    athenaClient(),
    new ResultObjects(s3Client(), requiredText(environment, JOB_STORE.resultsBucketEnv)),
    {
      workGroup: requiredText(environment, ATHENA.workGroupEnv),
      database: requiredText(environment, ATHENA.databaseEnv),
    },
  );
}

export function archiveExtent(environment: Environment): ArchiveExtent {
  return new S3ArchiveExtent(s3Client(), requiredText(environment, ARCHIVE.bucketEnv));
}
