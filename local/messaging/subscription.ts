/** Subscriptions of queues to topics. */
import { onlyKnown, string } from '../template/properties.ts';
import type { Properties } from '../template/provisioner.ts';
import { attributeEntries, attributesOf } from './attributes.ts';
import { element, type Messaging, MessagingError } from './client.ts';

const SUBSCRIPTION_ATTRIBUTES = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
];

/** Only queues can be subscribed on this machine. */
export async function subscribe(sns: Messaging['sns'], properties: Properties): Promise<string> {
  onlyKnown(properties, [...SUBSCRIPTION_ATTRIBUTES, 'Endpoint', 'Protocol', 'Region', 'TopicArn']);
  const TopicArn = string(properties, 'TopicArn');
  const Protocol = string(properties, 'Protocol');
  const Endpoint = string(properties, 'Endpoint');
  if (Protocol !== 'sqs') throw new Error(`the local runtime does not deliver to Protocol ${Protocol}, only to sqs`);
  const wanted = attributesOf(properties, SUBSCRIPTION_ATTRIBUTES);
  let arn: string | undefined;
  try {
    arn = element(
      await sns('Subscribe', { TopicArn, Protocol, Endpoint, ...attributeEntries(wanted) }),
      'SubscriptionArn',
    );
  } catch (error) {
    // An earlier start subscribed it with other attributes.
    if (!(error instanceof MessagingError && error.code === 'InvalidParameter')) throw error;
    arn = await subscribed(sns, TopicArn, Endpoint);
    if (arn === undefined) throw error;
    for (const AttributeName of SUBSCRIPTION_ATTRIBUTES) {
      const AttributeValue = wanted[AttributeName] ?? '';
      await sns('SetSubscriptionAttributes', { SubscriptionArn: arn, AttributeName, AttributeValue });
    }
  }
  return arn as string;
}

async function subscribed(sns: Messaging['sns'], TopicArn: string, endpoint: string): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const answer = await sns('ListSubscriptionsByTopic', {
      TopicArn,
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    for (const member of answer.split('<member>').slice(1)) {
      if (element(member, 'Endpoint') === endpoint) return element(member, 'SubscriptionArn');
    }
    NextToken = element(answer, 'NextToken');
  } while (NextToken);
  return undefined;
}
