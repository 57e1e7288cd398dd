/** `npm start`: everything on this machine, from the template that is deployed. docs/local.md says what it does as AWS does. */
import { enableCompileCache } from 'node:module';
import { banner } from './banner.ts';
import { Closing } from './closing.ts';
import { COMPILE_CACHE } from './compiled.ts';
import { readConfig } from './config.ts';
import { fileSentence, messageOf } from './failure.ts';

/** How long a stop may take. What hangs then (a stopped database, a long invocation) is cut off; nothing acknowledged is in it. */
const STOP_PATIENCE_MS = 6_000;

/** Failures that someone at the keyboard can mend; anything else shows where it came from. */
const PLAIN = ['StartFailure', 'DynamoDbUnavailable'];

const closing = new Closing();
let signalled = false;

async function main(): Promise<void> {
  tolerateClosedOutput();
  // Handlers run in UTC on AWS, and threads share the process's time zone.
  process.env.TZ = 'UTC';
  const config = readConfig(process.env);
  enableCompileCache(COMPILE_CACHE);
  stopOn(closing);
  const { start } = await import('./start.ts');
  const began = performance.now();
  console.log(`Starting with the data in ${config.dataDir} …`);
  const started = await start(config, (line) => console.error(line), closing);
  await banner(config, started, performance.now() - began);
  console.log(`ready http://127.0.0.1:${config.port}`);
}

/** Whoever reads the output may leave; the runtime serves on. */
function tolerateClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** The first signal finishes what is in flight, as long as that does not take too long; a second one does not wait. */
function stopOn(closing: Closing): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (signalled) return end(closing, SECOND_SIGNAL);
      signalled = true;
      setTimeout(() => {
        console.error(`The stop took longer than ${STOP_PATIENCE_MS / 1000} s: what was still running was cut off.`);
        end(closing, 0);
      }, STOP_PATIENCE_MS);
      closing.stop().then(
        () => end(closing, 0),
        (error: unknown) => {
          report(error);
          end(closing, 1);
        },
      );
    });
  }
}

const SECOND_SIGNAL = 130;

function end(closing: Closing, code: number): never {
  closing.cutOff();
  process.exit(code);
}

function report(error: unknown): void {
  const plain = error instanceof Error && PLAIN.includes(error.name);
  console.error(fileSentence(error) ?? (plain || !(error instanceof Error) ? messageOf(error) : error));
}

main().catch((error: unknown) => {
  // What a start fails with while it is being stopped is the stop's doing.
  if (signalled) return;
  report(error);
  end(closing, 1);
});
