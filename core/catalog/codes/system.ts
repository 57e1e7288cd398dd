// Actions of the catalog: systems, integrations and jobs.
import { codes } from '../code.ts';

export const SYSTEM = [
  ...codes('system', [
    ['system.event', 'system', '{actor} reported an event', 'S1', 'unknown'],
    ['job.failed', 'standard', 'The background job {target} failed', 'S2', 'failure'],
    ['function.failed', 'standard', 'The server-side function {target} failed', 'S2', 'failure'],
    ['notification.sent', 'system', 'A notification was sent to {target}', 'S3 S4'],
    ['task.run', 'system', 'The scheduled task {target} ran', 'S4'],
    ['data.archived', 'system', '{actor} archived data', 'S3 S4'],
    ['backup.completed', 'system', 'The backup {target} completed', 'S4'],
    ['health.checked', 'system', 'The health of {target} was checked', 'S4'],
    ['certificate.renewed', 'system', 'The certificate {target} was renewed', 'S4'],
  ]),
  ...codes('error', [
    ['error.server', 'system', 'A server error occurred', 'S3', 'failure'],
    ['error.client', 'system', 'A client error occurred', 'S3', 'failure'],
    ['error.validation', 'system', 'What {actor} sent was not valid', 'S3', 'failure'],
    ['error.not_found', 'system', '{actor} asked for something that does not exist', 'S3', 'failure'],
    ['error.unauthorized', 'security', '{actor} was not authorized', 'S3', 'denied'],
    ['error.javascript', 'system', 'A JavaScript error occurred', 'S3', 'failure'],
    ['error.api', 'system', 'An API error occurred', 'S3', 'failure'],
  ]),
  ...codes('debug', [['debug.logged', 'system', '{actor} logged a debug message', 'S1']]),
  ...codes('integration', [
    ['webhook.delivery.success', 'system', 'A webhook was delivered to {target}', 'S2'],
    ['webhook.delivery.failure', 'standard', 'A webhook could not be delivered to {target}', 'S2', 'failure'],
    ['integration.connected', 'major', '{actor} connected the integration {target}', 'S4'],
    ['integration.failed', 'standard', 'The integration {target} failed', 'S2', 'failure'],
  ]),
  ...codes('api', [
    ['api.accessed', 'view', '{actor} used the API', 'S4'],
    ['api.auth.success', 'standard', '{actor} authenticated to the API', 'S3'],
    ['api.auth.failure', 'standard', '{actor} failed to authenticate to the API', 'S3 S4', 'failure'],
    ['api.record_created', 'standard', '{actor} created {target} through the API', 'S3'],
    ['api.record_read', 'view', '{actor} read {target} through the API', 'S3'],
    ['api.record_updated', 'standard', '{actor} updated {target} through the API', 'S3'],
    ['api.record_deleted', 'deletion', '{actor} deleted {target} through the API', 'S3'],
    ['api.exported', 'major', '{actor} exported data through the API', 'S3'],
  ]),
];
