/**
 * CDK's feature flags and settings of this app. They are here, not in cdk.json, so that `node bin/app.ts`, `cdk synth` and the
 * tests give the same templates.
 */
export const APP_CONTEXT: Readonly<Record<string, unknown>> = {
  /** `aws:asset:path` on each function, by which the local runtime finds its bundle. */
  'aws:cdk:enable-asset-metadata': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true,
  '@aws-cdk/aws-events:requireEventBusPolicySid': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/core:validateSnapshotRemovalPolicy': true,
};
