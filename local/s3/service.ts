/** S3 at the AWS endpoint. What it does not implement is refused by name (501), never taken for done. */
import { notImplemented } from '../aws/refusal.ts';
import type { AwsRequest, AwsResponse, LocalService } from '../aws/service.ts';
import * as buckets from './buckets.ts';
import { type Call, readCall } from './call.ts';
import { completeMultipartUpload } from './complete.ts';
import type { Operation, S3 } from './context.ts';
import { deleteObject, deleteObjects } from './delete.ts';
import { demandOwner } from './head.ts';
import { deleteBucketLifecycle, putBucketLifecycle } from './lifecycle-rules.ts';
import { listObjects, listObjectsV2, listObjectVersions } from './list.ts';
import { listMultipartUploads, listParts } from './list-uploads.ts';
import * as locks from './locks.ts';
import * as multipart from './multipart.ts';
import { permissions } from './permissions.ts';
import { getObject, getObjectAttributes, headObject } from './read.ts';
import { copyObject, putObject } from './write.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ListBuckets: buckets.listBuckets,
  CreateBucket: buckets.createBucket,
  HeadBucket: buckets.headBucket,
  DeleteBucket: buckets.deleteBucket,
  GetBucketLocation: buckets.getBucketLocation,
  GetBucketVersioning: buckets.getBucketVersioning,
  PutBucketVersioning: buckets.putBucketVersioning,
  GetObjectLockConfiguration: buckets.getObjectLockConfiguration,
  PutObjectLockConfiguration: buckets.putObjectLockConfiguration,
  GetBucketPolicy: buckets.getBucketPolicy,
  PutBucketPolicy: buckets.putBucketPolicy,
  DeleteBucketPolicy: buckets.deleteBucketPolicy,
  GetBucketEncryption: buckets.getBucketEncryption,
  GetPublicAccessBlock: buckets.getPublicAccessBlock,
  GetBucketOwnershipControls: buckets.getBucketOwnershipControls,
  GetBucketLifecycleConfiguration: buckets.getBucketLifecycle,
  PutBucketLifecycleConfiguration: putBucketLifecycle,
  DeleteBucketLifecycle: deleteBucketLifecycle,
  GetBucketLogging: buckets.getBucketLogging,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  DeleteObjects: deleteObjects,
  PutObject: putObject,
  CopyObject: copyObject,
  GetObject: getObject,
  HeadObject: headObject,
  GetObjectAttributes: getObjectAttributes,
  DeleteObject: deleteObject,
  GetObjectRetention: locks.getObjectRetention,
  PutObjectRetention: locks.putObjectRetention,
  GetObjectLegalHold: locks.getObjectLegalHold,
  PutObjectLegalHold: locks.putObjectLegalHold,
  CreateMultipartUpload: multipart.createMultipartUpload,
  UploadPart: multipart.uploadPart,
  UploadPartCopy: multipart.uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: multipart.abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,
};

export function s3Service(s3: S3): LocalService {
  const calls = new WeakMap<AwsRequest, Call>();
  const understand = (request: AwsRequest): Call => {
    const call = calls.get(request) ?? readCall(request);
    calls.set(request, call);
    return call;
  };
  return {
    name: 's3',
    actions: (request) => permissions(understand(request), s3.now()),
    resourcePolicy: (resource) => s3.store.find(bucketOfArn(resource))?.config.policy,
    handle: (request) => perform(understand(request), s3),
    close: () => s3.store.settle(),
  };
}

function bucketOfArn(arn: string): string {
  const name = arn.slice('arn:aws:s3:::'.length);
  const slash = name.indexOf('/');
  return slash < 0 ? name : name.slice(0, slash);
}

async function perform(call: Call, s3: S3): Promise<AwsResponse> {
  const operation = OPERATIONS[call.operation];
  if (!operation) throw notImplemented(`${call.operation} (S3)`);
  demandOwner(call.request.headers, s3.account);
  return await operation(call, s3);
}
