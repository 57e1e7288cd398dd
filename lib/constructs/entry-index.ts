// The table of the index.
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { INDEX, INDEX_ROW } from '../../names/index.ts';
import { acknowledge } from './acknowledge.ts';
import type { Code } from './code.ts';
import { EncryptionKey } from './encryption-key.ts';
import type { Trusted } from './trusted.ts';

export interface EntryIndexProps {
  /** Indexed beside time: whoever writes and whoever reads have to mean the same. */
  readonly facets: readonly string[];
  readonly trusted: Trusted;
}

/** The index of the hot window. A convenience: it is made again from the ledger when it is lost (docs/index.md). */
export class EntryIndex extends Construct {
  readonly table: Table;
  readonly #key: EncryptionKey;
  readonly #facets: readonly string[];

  constructor(scope: Construct, id: string, { facets, trusted }: EntryIndexProps) {
    super(scope, id);
    this.#facets = facets;
    this.#key = new EncryptionKey(this, 'Encryption', 'Indelible: index of entries', trusted);
    this.table = new Table(this, 'Rows', {
      partitionKey: { name: INDEX_ROW.posting, type: AttributeType.STRING },
      sortKey: { name: INDEX_ROW.newest, type: AttributeType.STRING },
      timeToLiveAttribute: INDEX_ROW.expiresAt,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.#key.key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(
      this.table,
      'AwsSolutions-DDB3',
      'It holds nothing that the ledger does not: it is built again, not restored.',
    );
  }

  /** Write rows, and how far each chain is indexed. */
  grantWrite(code: Code): void {
    this.#describe(code);
    code.allow({
      actions: ['dynamodb:BatchWriteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [this.table.tableArn],
    });
    this.#key.grant(code, 'write', 'dynamodb');
  }

  /** Find entries. Nobody may scan. */
  grantRead(code: Code): void {
    this.#describe(code);
    code.allow({ actions: ['dynamodb:Query'], resources: [this.table.tableArn] });
    this.#key.grant(code, 'read', 'dynamodb');
  }

  #describe(code: Code): void {
    code.configure(INDEX.tableEnv, this.table.tableName);
    code.configure(INDEX.facetsEnv, JSON.stringify(this.#facets));
  }
}
