// The function verifications, wired from its environment.
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../../adapters/s3/evidence.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import { requiredText } from '../../shared/environment.ts';
import { claimNames } from '../shared/caller.ts';
import { http } from '../shared/http.ts';
import { verifications } from './verifications.ts';

const { env } = process;

export const handler = http(
  'verifications',
  verifications({
    store: new S3EvidenceStore(s3Client(), requiredText(env, ARCHIVE.bucketEnv)),
    claims: claimNames(env),
  }),
);
