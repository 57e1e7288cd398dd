// The tables of the ledger, and what each function may do to them.
import { AttributeType, ProjectionType, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { ARCHIVE, CHAIN } from '../../names/archive.ts';
import { BLOCK, LEDGER, REQUEST } from '../../names/ledger.ts';
import type { ArchiveRoles } from './archive-roles.ts';
import type { Code } from './code.ts';
import { EncryptionKey } from './encryption-key.ts';
import { protectedTable } from './table.ts';
import type { Trusted } from './trusted.ts';

export interface LedgerProps {
  readonly hotWindowSeconds: number;
  /** Two of them keep the chains' progress. */
  readonly roles: ArchiveRoles;
  readonly trusted: Trusted;
}

/** The ledger's three tables: blocks, idempotent requests, and each chain's progress in the archive. */
export class Ledger extends Construct {
  readonly blocks: Table;
  readonly requests: Table;
  readonly chains: Table;
  readonly #key: EncryptionKey;
  readonly #hotWindowSeconds: number;

  constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id);
    this.#hotWindowSeconds = props.hotWindowSeconds;
    const { trusted, roles } = props;
    this.#key = new EncryptionKey(this, 'Encryption', 'Indelible: ledger tables', trusted);
    const key = this.#key;
    this.blocks = protectedTable(this, 'Blocks', {
      ...{ key, trusted },
      partitionKey: { name: BLOCK.chain, type: AttributeType.STRING },
      sortKey: { name: BLOCK.position, type: AttributeType.NUMBER },
      timeToLiveAttribute: BLOCK.expiresAt,
      stream: true,
    });
    // A tenant's first entry is archived within the stream's batching window; a seal that begins before has to know of it.
    this.blocks.addGlobalSecondaryIndex({
      indexName: LEDGER.beginningsIndex,
      partitionKey: { name: BLOCK.begins, type: AttributeType.STRING },
      sortKey: { name: BLOCK.chain, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.requests = protectedTable(this, 'Requests', {
      ...{ key, trusted },
      partitionKey: { name: REQUEST.request, type: AttributeType.STRING },
      timeToLiveAttribute: REQUEST.expiresAt,
    });
    this.chains = protectedTable(this, 'Chains', {
      ...{ key, trusted },
      partitionKey: { name: CHAIN.chain, type: AttributeType.STRING },
      // The seal takes a row for a receipt of the stream.
      writers: [roles.archiver.roleArn],
    });
  }

  /** For whoever watches over them. */
  get tables(): readonly Table[] {
    return [this.blocks, this.requests, this.chains];
  }

  get key(): EncryptionKey {
    return this.#key;
  }

  /** Append blocks, and repeat what an idempotent request got. A transaction is authorized by the puts in it. */
  grantAppend(code: Code): void {
    code.configure(LEDGER.tableEnv, this.blocks.tableName);
    code.configure(LEDGER.requestsTableEnv, this.requests.tableName);
    code.configure(LEDGER.hotWindowEnv, String(this.#hotWindowSeconds));
    code.configure(ARCHIVE.chainsTableEnv, this.chains.tableName);
    code.allow({ actions: ['dynamodb:PutItem', 'dynamodb:Query'], resources: [this.blocks.tableArn] });
    // What a request got before comes back with the refusal of the write; nobody reads this table.
    code.allow({ actions: ['dynamodb:PutItem'], resources: [this.requests.tableArn] });
    code.allow({ actions: ['dynamodb:GetItem'], resources: [this.chains.tableArn] });
    this.#key.grant(code, 'write', 'dynamodb');
  }

  grantRead(code: Code): void {
    code.configure(LEDGER.tableEnv, this.blocks.tableName);
    code.allow({ actions: ['dynamodb:Query'], resources: [this.blocks.tableArn] });
    this.#key.grant(code, 'read', 'dynamodb');
  }

  /** Say how long blocks stay. */
  describeHotWindow(code: Code): void {
    code.configure(LEDGER.hotWindowEnv, String(this.#hotWindowSeconds));
  }

  /** Read many blocks at once, and along a chain. */
  grantFetch(code: Code): void {
    code.configure(LEDGER.tableEnv, this.blocks.tableName);
    code.configure(LEDGER.hotWindowEnv, String(this.#hotWindowSeconds));
    code.allow({ actions: ['dynamodb:BatchGetItem', 'dynamodb:Query'], resources: [this.blocks.tableArn] });
    this.#key.grant(code, 'read', 'dynamodb');
  }

  /** Keep each chain's progress in the archive. */
  grantProgress(code: Code): void {
    code.configure(ARCHIVE.chainsTableEnv, this.chains.tableName);
    code.allow({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [this.chains.tableArn],
    });
    this.#key.grant(code, 'write', 'dynamodb');
  }

  /** Know every chain that there is, and how far it is archived. */
  grantDirectory(code: Code): void {
    code.configure(ARCHIVE.chainsTableEnv, this.chains.tableName);
    code.allow({ actions: ['dynamodb:GetItem', 'dynamodb:Scan'], resources: [this.chains.tableArn] });
    this.#key.grant(code, 'read', 'dynamodb');
  }

  /** Know of chains that nothing is archived of yet. */
  grantBeginnings(code: Code): void {
    code.configure(LEDGER.tableEnv, this.blocks.tableName);
    const index = `${this.blocks.tableArn}/index/${LEDGER.beginningsIndex}`;
    code.allow({ actions: ['dynamodb:Query'], resources: [index] });
    this.#key.grant(code, 'read', 'dynamodb');
  }

  /** Read the stream of blocks. ListStreams takes no resource. */
  grantStream(code: Code): void {
    code.allow({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [this.streamArn],
    });
    code.allow({ actions: ['dynamodb:ListStreams'], resources: ['*'] });
    this.#key.grant(code, 'read', 'dynamodb');
  }

  get streamArn(): string {
    return this.blocks.tableStreamArn!;
  }
}
