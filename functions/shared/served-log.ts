// The digest log in the archive as functions that serve it open it.
import { s3Client } from '../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../adapters/s3/evidence.ts';
import { ARCHIVE } from '../../names/archive.ts';
import { LOG } from '../../names/log.ts';
import type { EvidenceReader } from '../../services/log/versions.ts';
import { ServedLog } from '../../services/prove/log.ts';
import { type Environment, requiredText } from './environment.ts';
import { logKeys } from './log.ts';

/** The archive, and the digest log in it. */
export function servedLog(environment: Environment): { readonly store: EvidenceReader; readonly log: ServedLog } {
  const store = new S3EvidenceStore(s3Client(), requiredText(environment, ARCHIVE.bucketEnv));
  const origin = requiredText(environment, LOG.originEnv);
  return { store, log: new ServedLog({ store, keys: logKeys(environment), origin, now: () => new Date() }) };
}
