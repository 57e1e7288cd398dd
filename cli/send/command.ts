// The command `send`.
import { EventPublisher } from '../../adapters/eventbridge/publisher.ts';
import { EVENTS } from '../../names/events.ts';
import { apiUrl, awsUrl } from '../endpoints.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { say } from '../terminal.ts';
import { mintToken } from '../token.ts';
import type { CommandValues } from '../values.ts';
import { classify } from './classify.ts';
import { EntrySender } from './entries.ts';
import { EVENTS_PER_CALL, EventSender } from './events.ts';
import { type Line, readLines, totalBytes } from './lines.ts';
import { Outcome } from './outcome.ts';
import { progressBar } from './progress.ts';

/** The tenant that the README's examples use. */
const EXAMPLE_TENANT = 'acme';
const DEFAULT_BATCH = 100;
const MAX_BATCH = 500;
/** Requests in flight: enough to hide the round trip, few enough to be a polite client. */
const IN_FLIGHT = 4;

export async function send(values: CommandValues, files: string[]): Promise<ExitCode> {
  if (files.length === 0) throw new CommandError(EXIT.usage, 'send needs at least one FILE of NDJSON');
  const batchSize = parseBatch(values.batch);
  const total = await totalBytes(files);
  const api = apiUrl(values.url);
  const tenant = values.tenant ?? EXAMPLE_TENANT;
  const bearer = values.token ?? process.env.INDELIBLE_TOKEN ?? (await mintToken(api, tenant, 'writer'));
  const outcome = new Outcome();
  const entries = new EntrySender(api, bearer, outcome);
  const publisher = new EventPublisher(values.bus ?? EVENTS.applicationBus, awsUrl(values['aws-url']));
  const events = new EventSender(publisher, tenant, outcome);
  const progress = progressBar(total, process.stderr);
  try {
    await sendFiles(files, { entries, events, batchSize, outcome, progress });
  } finally {
    progress.stop();
    say(outcome.summary());
  }
  return outcome.refused === 0 ? EXIT.ok : EXIT.refused;
}

interface Sending {
  readonly entries: EntrySender;
  readonly events: EventSender;
  readonly batchSize: number;
  readonly outcome: Outcome;
  readonly progress: ReturnType<typeof progressBar>;
}

async function sendFiles(files: readonly string[], to: Sending): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let before = 0;
  const start = async (work: Promise<void>) => {
    const tracked: Promise<void> = work
      .catch((error) => void failures.push(error))
      .finally(() => inFlight.delete(tracked));
    inFlight.add(tracked);
    if (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
    if (failures.length > 0) throw failures[0];
  };
  for (const file of files) {
    const batches = { entry: [] as Line[], cloudtrail: [] as Line[] };
    for await (const line of readLines(file)) {
      const verdict = classify(line.text);
      if (verdict.kind === 'malformed') {
        to.outcome.refuse(line, verdict.reason);
        continue;
      }
      const batch = batches[verdict.kind];
      batch.push(line);
      if (verdict.kind === 'entry' && batch.length === to.batchSize) await start(to.entries.send(batch.splice(0)));
      if (verdict.kind === 'cloudtrail' && batch.length === EVENTS_PER_CALL)
        await start(to.events.send(batch.splice(0)));
      to.progress.update(before + line.bytesRead, to.outcome.accepted, to.outcome.refused);
    }
    await start(to.entries.send(batches.entry));
    await start(to.events.send(batches.cloudtrail));
    before += await totalBytes([file]);
  }
  await Promise.all(inFlight);
  if (failures.length > 0) throw failures[0];
  to.progress.update(before, to.outcome.accepted, to.outcome.refused);
}

function parseBatch(option: string | undefined): number {
  const size = Number(option ?? DEFAULT_BATCH);
  if (!Number.isInteger(size) || size < 1 || size > MAX_BATCH) {
    throw new CommandError(EXIT.usage, `--batch takes a whole number from 1 to ${MAX_BATCH}, got '${option}'`);
  }
  return size;
}
