// The topic of new blocks, in SNS.
import { PublishBatchCommand, type PublishBatchRequestEntry, SNSClient } from '@aws-sdk/client-sns';
import { MESSAGE } from '../../names/relay.ts';
import type { BlockNotice, Topic } from '../../services/relay/port.ts';

const CONNECT_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** Endpoint, region and credentials come from the standard environment. */
export function snsClient(): SNSClient {
  return new SNSClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
}

/** Notices as JSON messages, with what subscriptions filter by as attributes. */
export class SnsTopic implements Topic {
  readonly #client: SNSClient;
  readonly #arn: string;

  constructor(client: SNSClient, arn: string) {
    this.#client = client;
    this.#arn = arn;
  }

  async publish(notices: readonly BlockNotice[]): Promise<readonly number[]> {
    const entries = notices.map(entryOf);
    const publish = new PublishBatchCommand({ TopicArn: this.#arn, PublishBatchRequestEntries: entries });
    const { Successful = [] } = await this.#client.send(publish);
    const accepted = new Set(Successful.map(({ Id }) => Id));
    return entries.flatMap(({ Id }, i) => (accepted.has(Id) ? [] : [i]));
  }
}

function entryOf(notice: BlockNotice, index: number): PublishBatchRequestEntry {
  return {
    Id: String(index),
    Message: JSON.stringify(notice),
    MessageAttributes: {
      [MESSAGE.tenant]: { DataType: 'String', StringValue: notice.tenant },
      [MESSAGE.chain]: { DataType: 'Number', StringValue: String(notice.chain) },
    },
  };
}
