/** Every resource kind that runs here, by the part that runs it. */
import { athenaProvisioners } from './athena/provisioners.ts';
import { iamProvisioners } from './aws/provisioners.ts';
import { dynamoDbProvisioners } from './dynamodb/provisioners.ts';
import { eventsProvisioners } from './events/provisioners.ts';
import { httpProvisioners } from './http/provisioners.ts';
import { kmsProvisioners } from './kms/provisioners.ts';
import { lambdaProvisioners } from './lambda/provisioners.ts';
import { messagingProvisioners } from './messaging/provisioners.ts';
import { observabilityProvisioners } from './observability/provisioners.ts';
import { s3Provisioners } from './s3/provisioners.ts';
import { schedulerProvisioners } from './scheduler/provisioners.ts';
import { stepFunctionsProvisioners } from './stepfunctions/provisioners.ts';
import { streamsProvisioners } from './streams/provisioners.ts';
import type { Provisioner } from './template/provisioner.ts';

export const provisioners: readonly Provisioner[] = [
  ...athenaProvisioners,
  ...iamProvisioners,
  ...dynamoDbProvisioners,
  ...eventsProvisioners,
  ...httpProvisioners,
  ...kmsProvisioners,
  ...lambdaProvisioners,
  ...messagingProvisioners,
  ...observabilityProvisioners,
  ...s3Provisioners,
  ...schedulerProvisioners,
  ...stepFunctionsProvisioners,
  ...streamsProvisioners,
];
