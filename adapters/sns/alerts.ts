// Alerts by SNS.
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Alerts } from '../../services/verify/port.ts';

/** Messages for people. Subjects are what SNS takes: ASCII, below 100 characters, without line ends. */
export class SnsAlerts implements Alerts {
  readonly #client: SNSClient;
  readonly #arn: string;

  constructor(client: SNSClient, arn: string) {
    this.#client = client;
    this.#arn = arn;
  }

  async publish(subject: string, message: string): Promise<void> {
    await this.#client.send(new PublishCommand({ TopicArn: this.#arn, Subject: subject, Message: message }));
  }
}
