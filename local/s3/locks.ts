/** Retention and legal holds of objects. */
import { Refusal } from '../aws/refusal.ts';
import { childText } from '../aws/xml.ts';
import { malformedXml, requestXml } from './body.ts';
import type { Bucket } from './bucket.ts';
import type { Call } from './call.ts';
import { verifiedChecksum } from './checksum.ts';
import { answerEmpty, answerXml, type Operation, type S3 } from './context.ts';
import { demandRetentionChange, retainUntil } from './lock.ts';
import type { ObjectVersion, Retention, Version } from './model.ts';
import { readPayload } from './payload.ts';
import { visibleVersion } from './read.ts';

function none(): Refusal {
  return new Refusal(
    404,
    'NoSuchObjectLockConfiguration',
    'The specified object does not have a ObjectLock configuration',
  );
}

function lockedBucket(call: Call, s3: S3): Bucket {
  const bucket = s3.store.get(call.bucket);
  if (!bucket.config.objectLock)
    throw new Refusal(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
  return bucket;
}

export const getObjectRetention: Operation = async (call, s3) => {
  const { retention } = visibleVersion(call, lockedBucket(call, s3), s3);
  if (!retention) throw none();
  return answerXml('Retention', { Mode: retention.mode, RetainUntilDate: retention.until });
};

export const getObjectLegalHold: Operation = async (call, s3) => {
  const { legalHold } = visibleVersion(call, lockedBucket(call, s3), s3);
  if (legalHold === undefined) throw none();
  return answerXml('LegalHold', { Status: legalHold ? 'ON' : 'OFF' });
};

export const putObjectRetention: Operation = async (call, s3) => {
  const bucket = lockedBucket(call, s3);
  const wanted = readRetention(call, s3.now());
  const bypass = call.request.headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true';
  await changeVersion(call, bucket, s3, (version) => {
    demandRetentionChange(version, wanted, bypass, s3.now());
    const { retention: _, ...rest } = version;
    return wanted === undefined ? rest : { ...rest, retention: wanted };
  });
  return answerEmpty(200);
};

export const putObjectLegalHold: Operation = async (call, s3) => {
  const bucket = lockedBucket(call, s3);
  const status = childText(requestXml(readBody(call), 'LegalHold'), 'Status');
  if (status !== 'ON' && status !== 'OFF') throw malformedXml();
  await changeVersion(call, bucket, s3, (version) => ({ ...version, legalHold: status === 'ON' }));
  return answerEmpty(200);
};

/** An empty element takes the retention away, where that is allowed. */
function readRetention(call: Call, now: number): Retention | undefined {
  const root = requestXml(readBody(call), 'Retention');
  const mode = childText(root, 'Mode');
  const until = childText(root, 'RetainUntilDate');
  if (mode === undefined && until === undefined) return undefined;
  if (until === undefined || (mode !== 'COMPLIANCE' && mode !== 'GOVERNANCE')) throw malformedXml();
  return { mode, until: retainUntil(until, now) };
}

function readBody({ request }: Call): Buffer {
  const { bytes, trailers } = readPayload(request);
  verifiedChecksum(request.headers, trailers, bytes);
  return bytes;
}

async function changeVersion(
  call: Call,
  bucket: Bucket,
  s3: S3,
  change: (version: ObjectVersion) => ObjectVersion,
): Promise<void> {
  const { id } = visibleVersion(call, bucket, s3);
  await bucket.change(call.key, (versions) => {
    // It may be gone by now, as it is looked up before its turn comes.
    if (!versions.some((version) => version.id === id)) visibleVersion(call, bucket, s3);
    const changed = versions.map(
      (version): Version => (version.id === id && !version.marker ? change(version) : version),
    );
    return { versions: changed, result: undefined };
  });
}
