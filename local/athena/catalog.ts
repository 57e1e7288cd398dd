/** What the template declares: databases, tables, workgroups, saved queries. */
import { Refusal } from '../aws/refusal.ts';
import type { Table } from './table.ts';

export interface WorkGroup {
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  /** Of an S3 URL: where results go, whatever a caller asks for. */
  readonly bucket: string;
  readonly prefix: string;
  readonly kmsKey: string | undefined;
  /** Bytes that one query may read. */
  readonly cutoff: number | undefined;
}

export interface NamedQuery {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly database: string;
  readonly workGroup: string;
  readonly sql: string;
}

export class Catalog {
  readonly databases = new Set<string>();
  readonly workGroups = new Map<string, WorkGroup>();
  readonly namedQueries = new Map<string, NamedQuery>();
  readonly #tables = new Map<string, Table>();

  addTable(table: Table): void {
    this.#tables.set(`${table.database}.${table.name}`, table);
  }

  table(database: string, name: string): Table | undefined {
    return this.#tables.get(`${database}.${name}`);
  }

  workGroup(name: string): WorkGroup {
    const found = this.workGroups.get(name);
    if (found === undefined) throw new Refusal(400, 'InvalidRequestException', `WorkGroup ${name} is not found.`);
    return found;
  }
}
