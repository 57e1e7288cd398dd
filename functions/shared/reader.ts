// The ledger as functions that read single blocks open it.
import { dynamoClient } from '../../adapters/dynamodb/client.ts';
import { DynamoBlockReader } from '../../adapters/dynamodb/reader.ts';
import { LEDGER } from '../../names/ledger.ts';
import type { BlockReader } from '../../services/append/port.ts';
import { type Environment, requiredText } from './environment.ts';

export function blockReader(environment: Environment): BlockReader {
  return new DynamoBlockReader(dynamoClient(), { ledgerTable: requiredText(environment, LEDGER.tableEnv) });
}
