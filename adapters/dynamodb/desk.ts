import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { DESK_ITEM } from '../../names/desk.ts';
import type { Desk, DeskItem, DeskPage } from '../../services/desk/port.ts';

type Item = Record<string, AttributeValue>;

/** A value is JSON text: what it holds is its kind's business, and no attribute name of ours can clash with it. */
export class DynamoDesk implements Desk {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get<T>(tenant: string, kind: string, id: string): Promise<DeskItem<T> | undefined> {
    const get = new GetItemCommand({ TableName: this.#table, Key: key(tenant, kind, id), ConsistentRead: true });
    const { Item: item } = await this.#client.send(get);
    return item && read<T>(item);
  }

  async list<T>(tenant: string, kind: string, limit: number, after?: string): Promise<DeskPage<T>> {
    const query = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: after === undefined ? '#shelf = :shelf' : '#shelf = :shelf AND #id < :after',
      ExpressionAttributeNames: {
        '#shelf': DESK_ITEM.shelf,
        ...(after === undefined ? {} : { '#id': DESK_ITEM.id }),
      },
      ExpressionAttributeValues: {
        ':shelf': { S: shelf(tenant, kind) },
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
        [DESK_ITEM.value]: { S: JSON.stringify(value) },
        [DESK_ITEM.version]: { N: String(version + 1) },
        ...(expiresAt === undefined ? {} : { [DESK_ITEM.expiresAt]: { N: String(expiresAt) } }),
      },
      ConditionExpression: version === 0 ? 'attribute_not_exists(#version)' : '#version = :version',
      ExpressionAttributeNames: { '#version': DESK_ITEM.version },
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

const shelf = (tenant: string, kind: string) => `${tenant}#${kind}`;

const key = (tenant: string, kind: string, id: string): Item => ({
  [DESK_ITEM.shelf]: { S: shelf(tenant, kind) },
  [DESK_ITEM.id]: { S: id },
});

function read<T>(item: Item): DeskItem<T> {
  return {
    id: item[DESK_ITEM.id]!.S!,
    value: JSON.parse(item[DESK_ITEM.value]!.S!) as T,
    version: Number(item[DESK_ITEM.version]!.N),
  };
}
