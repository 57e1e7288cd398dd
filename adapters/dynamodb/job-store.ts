// The table of saved searches and jobs.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { JOB_ITEM } from '../../names/job-store.ts';
import type { JobItem, JobPage, JobStore } from '../../services/job-store/port.ts';

type Item = Record<string, AttributeValue>;

/** A value is JSON text: what it holds is its kind's business, and no attribute name of ours can clash with it. */
export class DynamoJobStore implements JobStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get<T>(tenant: string, kind: string, id: string): Promise<JobItem<T> | undefined> {
    const get = new GetItemCommand({ TableName: this.#table, Key: key(tenant, kind, id), ConsistentRead: true });
    const { Item: item } = await this.#client.send(get);
    return item && read<T>(item);
  }

  async list<T>(tenant: string, kind: string, limit: number, after?: string): Promise<JobPage<T>> {
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression:
        after === undefined ? '#partition = :partition' : '#partition = :partition AND #id < :after',
      ExpressionAttributeNames: {
        '#partition': JOB_ITEM.partition,
        ...(after === undefined ? {} : { '#id': JOB_ITEM.id }),
      },
      ExpressionAttributeValues: {
        ':partition': { S: partition(tenant, kind) },
        ...(after === undefined ? {} : { ':after': { S: after } }),
      },
      ScanIndexForward: false,
      Limit: limit,
      ConsistentRead: true,
    });
    const { Items = [], LastEvaluatedKey } = await this.#client.send(query);
    const items = Items.map((item) => read<T>(item));
    return { items, next: LastEvaluatedKey === undefined ? undefined : items.at(-1)?.id };
  }

  async put<T>(
    tenant: string,
    kind: string,
    id: string,
    value: T,
    version: number,
    expiresAt?: number,
  ): Promise<boolean> {
    const put = new PutItemCommand({
      TableName: this.#table,
      Item: {
        ...key(tenant, kind, id),
        [JOB_ITEM.value]: { S: JSON.stringify(value) },
        [JOB_ITEM.version]: { N: String(version + 1) },
        ...(expiresAt === undefined ? {} : { [JOB_ITEM.expiresAt]: { N: String(expiresAt) } }),
      },
      ConditionExpression: version === 0 ? 'attribute_not_exists(#version)' : '#version = :version',
      ExpressionAttributeNames: { '#version': JOB_ITEM.version },
      ...(version === 0 ? {} : { ExpressionAttributeValues: { ':version': { N: String(version) } } }),
    });
    try {
      await this.#client.send(put);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async remove(tenant: string, kind: string, id: string): Promise<boolean> {
    const remove = new DeleteItemCommand({
      TableName: this.#table,
      Key: key(tenant, kind, id),
      ReturnValues: 'ALL_OLD',
    });
    const { Attributes } = await this.#client.send(remove);
    return Attributes !== undefined;
  }
}

const partition = (tenant: string, kind: string) => `${tenant}#${kind}`;

const key = (tenant: string, kind: string, id: string): Item => ({
  [JOB_ITEM.partition]: { S: partition(tenant, kind) },
  [JOB_ITEM.id]: { S: id },
});

function read<T>(item: Item): JobItem<T> {
  return {
    id: item[JOB_ITEM.id]!.S!,
    value: JSON.parse(item[JOB_ITEM.value]!.S!) as T,
    version: Number(item[JOB_ITEM.version]!.N),
  };
}
