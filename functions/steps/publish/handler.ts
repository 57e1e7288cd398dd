// The function publish, wired from its environment.
import middy from '@middy/core';
import { kmsClient } from '../../../adapters/kms/keys.ts';
import { KmsSigner } from '../../../adapters/kms/signer.ts';
import { s3Client } from '../../../adapters/s3/client.ts';
import { S3EvidenceStore } from '../../../adapters/s3/evidence.ts';
import { ARCHIVE } from '../../../names/archive.ts';
import { LOG } from '../../../names/log.ts';
import type { Published, PublishRequest } from '../../../services/seal/steps.ts';
import { requiredText } from '../../shared/environment.ts';
import { logKeyArns } from '../../shared/log.ts';
import { publish } from './publish.ts';

const { env } = process;
const origin = requiredText(env, LOG.originEnv);

const publishEvent = publish(
  { store: new S3EvidenceStore(s3Client(), requiredText(env, ARCHIVE.bucketEnv)), origin, now: () => new Date() },
  new KmsSigner(kmsClient(), logKeyArns(env), origin),
);

export const handler = middy<PublishRequest, Published>().handler((event) => publishEvent(event));
