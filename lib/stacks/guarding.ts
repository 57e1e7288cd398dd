/** What of this deployment protects the evidence, by the names under which AWS tells of it. */
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { StageConfig } from '../config/stage.ts';
import type { EncryptionKey } from '../constructs/encryption-key.ts';
import type { Guarded } from '../constructs/guarded.ts';
import { trustedNames } from '../constructs/trusted.ts';
import type { DataStack } from './data.ts';
import type { ReadingStack } from './reading.ts';

/** CloudFormation makes names of the stack's, the resource's and chance, and shortens the first two where a kind has short names. */
const SURE_OF_NAME = 24;

export interface Holder {
  readonly data: DataStack;
  readonly reading: ReadingStack;
  readonly stackName: string;
  /** Of queues, topics and logs. */
  readonly key: EncryptionKey;
  readonly busName: string;
}

export function guardedBy(config: StageConfig, { data, reading, stackName, key, busName }: Holder): Guarded {
  const { ledger, archive, signing } = data;
  const named = ({ keyId, keyArn }: Key) => ({ id: keyId, arn: keyArn });
  return {
    keys: [...signing.keys, ledger.key.key, key.key].map(named),
    signing: signing.keys.map(named),
    publisher: archive.roles.publisher.roleArn,
    buckets: [archive.bucket.bucketName, archive.accessLogs.bucketName],
    tables: ledger.tables.map(({ tableName, tableArn }) => ({ name: tableName, arn: tableArn })),
    data: beginning(data.stackName),
    app: beginning(stackName),
    stacks: [data.stackName, reading.stackName, stackName],
    machines: `${config.name}-`,
    bus: busName,
    trusted: trustedNames(config),
  };
}

function beginning(stackName: string): string {
  return `${stackName}-`.slice(0, SURE_OF_NAME);
}
