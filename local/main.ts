/** `npm start`: everything on this machine, from the template that is deployed. docs/local.md says what it does as AWS does. */
import { enableCompileCache } from 'node:module';
import { banner } from './banner.ts';
import { COMPILE_CACHE } from './compiled.ts';
import { readConfig } from './config.ts';
import { messageOf, StartFailure } from './failure.ts';

/** The Lambda runtime of the template, from the version on that has all that this uses: ML-DSA came last. */
const OLDEST_NODE = { major: 24, minor: 6 } as const;

/** Failures that someone at the keyboard can mend; anything else shows where it came from. */
const PLAIN = ['StartFailure', 'DynamoDbUnavailable'];

async function main(): Promise<void> {
  demandNode(process.versions.node);
  // Handlers run in UTC on AWS, and threads share the process's time zone.
  process.env.TZ = 'UTC';
  const config = readConfig(process.env);
  enableCompileCache(COMPILE_CACHE);
  const { start } = await import('./start.ts');
  const began = performance.now();
  console.log(`Starting with the data in ${config.dataDir} …`);
  const started = await start(config, (line) => console.error(line));
  stopOn(started.stop);
  await banner(config, started, performance.now() - began);
  console.log(`ready http://127.0.0.1:${config.port}`);
}

/** What npm brings is new enough but on Apple silicon, where it has none that is (docs/local.md). */
function demandNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const { major: least, minor: leastMinor } = OLDEST_NODE;
  if (major > least || (major === least && minor >= leastMinor)) return;
  throw new StartFailure(
    `Node ${least}.${leastMinor} is needed and this is ${version}; run it with 'npm start', which brings its own, or, where ` +
      `that is too old, install a newer one and run 'node local/main.ts' with it.`,
  );
}

/** The first signal finishes what is in flight; a second one does not wait for it. */
function stopOn(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

function fail(error: unknown): never {
  const plain = error instanceof Error && PLAIN.includes(error.name);
  console.error(plain || !(error instanceof Error) ? messageOf(error) : error);
  process.exit(1);
}

main().catch(fail);
