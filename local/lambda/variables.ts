/** The variables that Lambda sets ("Defined runtime environment variables"), and the ones that point the SDK here. */
import { join } from 'node:path';
import type { ResourceContext, RoleCredentials } from '../template/provisioner.ts';
import type { WorkerSettings } from './messages.ts';

export function standardVariables(
  settings: WorkerSettings,
  runtime: string,
  context: ResourceContext,
  credentials: RoleCredentials,
): Readonly<Record<string, string>> {
  // A developer's own ~/.aws would otherwise decide about retries, regions and endpoints.
  const nowhere = join(context.dataDir, 'lambda', 'no-aws-config');
  return {
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: settings.functionVersion,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: settings.memoryLimitInMB,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: settings.logStreamName,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_ENDPOINT_URL: context.awsEndpoint,
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    LAMBDA_TASK_ROOT: settings.taskRoot,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: settings.handler,
  };
}
