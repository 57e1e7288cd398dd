/** Jest's globalSetup: opens what suites share. Nothing is started before one asks, so that a unit test waits for no Java. */
import { startDynamoDb } from '../../local/dynamodb/start.ts';
import { SHARED_ENV, type Shared, type SharedServer, serveShared } from './server.ts';

declare global {
  var indelibleShared: SharedServer | undefined;
}

/** Java's quick compiler alone: every test's database is young when it ends, and half of its time would go to the other. */
const YOUNG_JAVA = '-XX:TieredStopAtLevel=1';

export default async function setup(): Promise<void> {
  process.env.JDK_JAVA_OPTIONS ??= YOUNG_JAVA;
  // CDK's own validation is most of a synthesis; the one suite that looks at it sets its processes' environment itself.
  process.env.CDK_VALIDATION ??= 'false';
  globalThis.indelibleShared = await serveShared({ dynamodb });
  process.env[SHARED_ENV] = globalThis.indelibleShared.url;
}

/** In memory. Suites keep apart by the names of their tables; creating one that exists fails. */
async function dynamodb(): Promise<Shared> {
  const { endpoint, stop } = await startDynamoDb();
  return { told: { endpoint }, stop };
}
