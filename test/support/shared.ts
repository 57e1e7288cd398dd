/** How a suite asks for what all suites of a run share (test/shared). It doesn't stop it: the run does, at its end. */
import { SHARED_ENV } from '../shared/server.ts';

/** The DynamoDB Local of this run. A suite that stops, kills or slows its database starts one of its own instead. */
export function sharedDynamoDb(): Promise<{ readonly endpoint: string }> {
  return ask('dynamodb');
}

async function ask<T>(name: string): Promise<T> {
  const server = process.env[SHARED_ENV];
  if (server === undefined) throw new Error(`${SHARED_ENV} is not set: run this by 'npm test', whose setup sets it`);
  const response = await fetch(`${server}/${name}`);
  if (response.status !== 200) throw new Error(`${name} is not to be had: ${await response.text()}`);
  return (await response.json()) as T;
}
