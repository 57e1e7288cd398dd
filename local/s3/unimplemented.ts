/**
 * Operations that S3 has and this endpoint has not, with the permission that each needs. S3 asks for permission first, so that
 * whoever tries one without it hears AccessDenied here too, and whoever has it hears what is missing (501).
 */
interface Unimplemented {
  readonly operation: string;
  readonly action: string;
  /** Where naming a version asks for another permission. */
  readonly versionAction?: string;
}

/** Keyed by method and subresource, as call.ts finds operations. */
type Table = Readonly<Record<string, Unimplemented>>;

/** `PUT`, `DELETE` and `GET` of a configuration: removing one needs the permission to put it. */
function configuration(subresource: string, name: string, write: string, read: string): Table {
  return {
    [`PUT ${subresource}`]: { operation: `Put${name}`, action: write },
    [`DELETE ${subresource}`]: { operation: `Delete${name}`, action: write },
    [`GET ${subresource}`]: { operation: `Get${name}`, action: read },
  };
}

const settings = (subresource: string, name: string, action: string) =>
  configuration(subresource, `Bucket${name}`, `Put${action}`, `Get${action}`);

export const UNIMPLEMENTED_OF_BUCKETS: Table = {
  ...settings('abac', 'Abac', 'BucketAbac'),
  ...settings('accelerate', 'AccelerateConfiguration', 'AccelerateConfiguration'),
  ...settings('acl', 'Acl', 'BucketAcl'),
  ...settings('analytics', 'AnalyticsConfiguration', 'AnalyticsConfiguration'),
  ...settings('cors', 'Cors', 'BucketCORS'),
  ...settings('intelligent-tiering', 'IntelligentTieringConfiguration', 'IntelligentTieringConfiguration'),
  ...settings('inventory', 'InventoryConfiguration', 'InventoryConfiguration'),
  ...settings('metrics', 'MetricsConfiguration', 'MetricsConfiguration'),
  ...settings('notification', 'NotificationConfiguration', 'BucketNotification'),
  ...settings('replication', 'Replication', 'ReplicationConfiguration'),
  ...settings('requestPayment', 'RequestPayment', 'BucketRequestPayment'),
  ...settings('tagging', 'Tagging', 'BucketTagging'),
  'PUT encryption': { operation: 'PutBucketEncryption', action: 'PutEncryptionConfiguration' },
  'DELETE encryption': { operation: 'DeleteBucketEncryption', action: 'PutEncryptionConfiguration' },
  'PUT logging': { operation: 'PutBucketLogging', action: 'PutBucketLogging' },
  'PUT ownershipControls': { operation: 'PutBucketOwnershipControls', action: 'PutBucketOwnershipControls' },
  'DELETE ownershipControls': { operation: 'DeleteBucketOwnershipControls', action: 'PutBucketOwnershipControls' },
  'PUT publicAccessBlock': { operation: 'PutPublicAccessBlock', action: 'PutBucketPublicAccessBlock' },
  'DELETE publicAccessBlock': { operation: 'DeletePublicAccessBlock', action: 'PutBucketPublicAccessBlock' },
  'GET policyStatus': { operation: 'GetBucketPolicyStatus', action: 'GetBucketPolicyStatus' },
  'PUT website': { operation: 'PutBucketWebsite', action: 'PutBucketWebsite' },
  'DELETE website': { operation: 'DeleteBucketWebsite', action: 'DeleteBucketWebsite' },
  'GET website': { operation: 'GetBucketWebsite', action: 'GetBucketWebsite' },
  'POST metadataConfiguration': {
    operation: 'CreateBucketMetadataConfiguration',
    action: 'CreateBucketMetadataTableConfiguration',
  },
  'DELETE metadataConfiguration': {
    operation: 'DeleteBucketMetadataConfiguration',
    action: 'DeleteBucketMetadataTableConfiguration',
  },
};

export const UNIMPLEMENTED_OF_OBJECTS: Table = {
  'GET acl': { operation: 'GetObjectAcl', action: 'GetObjectAcl', versionAction: 'GetObjectVersionAcl' },
  'PUT acl': { operation: 'PutObjectAcl', action: 'PutObjectAcl', versionAction: 'PutObjectVersionAcl' },
  'PUT annotation': { operation: 'PutObjectAnnotation', action: 'PutObjectAnnotation' },
  'DELETE annotation': { operation: 'DeleteObjectAnnotation', action: 'DeleteObjectAnnotation' },
  'PUT encryption': { operation: 'UpdateObjectEncryption', action: 'UpdateObjectEncryption' },
  'POST restore': { operation: 'RestoreObject', action: 'RestoreObject' },
  'GET tagging': {
    operation: 'GetObjectTagging',
    action: 'GetObjectTagging',
    versionAction: 'GetObjectVersionTagging',
  },
  'PUT tagging': {
    operation: 'PutObjectTagging',
    action: 'PutObjectTagging',
    versionAction: 'PutObjectVersionTagging',
  },
  'DELETE tagging': {
    ...{ operation: 'DeleteObjectTagging', action: 'DeleteObjectTagging', versionAction: 'DeleteObjectVersionTagging' },
  },
};
