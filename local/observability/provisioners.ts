/** Log groups are files; what is written to them is never filtered or expired here. */
import { keyIsNotAsked } from '../kms/ask.ts';
import { optionalString } from '../template/properties.ts';
import { type Provisioner, serviceKey } from '../template/provisioner.ts';
import { alarmProvisioner } from './alarms.ts';
import type { LogFiles } from './files.ts';

export const LOG_FILES = serviceKey<LogFiles>('log files');

const logGroup: Provisioner = {
  kind: 'AWS::Logs::LogGroup',
  provision: async (_logicalId, properties, context) => {
    keyIsNotAsked(context, 'log groups', properties.KmsKeyId);
    const name = optionalString(properties, 'LogGroupName') ?? context.physicalName();
    const arn = `arn:aws:logs:${context.region}:${context.account}:log-group:${name}:*`;
    return { ref: name, attributes: { Arn: arn } };
  },
};

export const observabilityProvisioners: readonly Provisioner[] = [logGroup, alarmProvisioner];

/** The file of a log group: `/aws/lambda/x` is `logs/aws/lambda/x.log`. */
export function logFileName(group: string): string {
  return `${group}.log`;
}
