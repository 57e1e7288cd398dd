// `indelible send`: posts files of entries, and puts CloudTrail's records on the event bus.
import { EventPublisher } from '../../adapters/eventbridge/publisher.ts';
import { EVENTS } from '../../names/events.ts';
import { apiUrl, awsUrl } from '../endpoints.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { say } from '../terminal.ts';
import { mintToken } from '../token.ts';
import type { CommandValues } from '../values.ts';
import { classify } from './classify.ts';
import { EntrySender, type Sending } from './entries.ts';
import { EVENTS_PER_CALL, EventSender } from './events.ts';
import { type Line, readLines, totalBytes } from './lines.ts';
import { Outcome } from './outcome.ts';
import { type Progress, progressBar } from './progress.ts';

const DEFAULT_BATCH = 100;
const MAX_BATCH = 500;
/** Requests in flight: enough to hide the round trip, few enough to be a polite client. */
const IN_FLIGHT = 4;

/** A file is parted by the places of its lines, whatever `--batch` says: parts go side by side, requests in one in turn. */
const PART_LINES = 500;

export async function send(values: CommandValues, files: string[]): Promise<ExitCode> {
  if (files.length === 0) throw new CommandError(EXIT.usage, 'send needs at least one FILE of entries or records');
  const batchSize = parseBatch(values.batch);
  const total = await totalBytes(files);
  const api = apiUrl(values.url);
  const token = values.token ?? process.env.INDELIBLE_TOKEN ?? (await mintToken(api, tenantFor(values), 'writer'));
  const outcome = new Outcome();
  const publisher = new EventPublisher(values.bus ?? EVENTS.applicationBus, awsUrl(values['aws-url']));
  const progress = progressBar(total, process.stderr);
  const to = { api, token, batchSize, outcome, progress, publisher, tenant: values.tenant, work: new InFlight() };
  let before = 0;
  try {
    for (const file of files) {
      await sendFile(file, to, before);
      before += await totalBytes([file]);
    }
    await to.work.done();
    progress.update(before, outcome.accepted, outcome.refused);
  } finally {
    progress.stop();
    say(outcome.summary());
  }
  return outcome.refused === 0 ? EXIT.ok : EXIT.refused;
}

/** A token says its tenant itself. */
function tenantFor({ tenant }: CommandValues): string {
  if (tenant !== undefined) return tenant;
  throw new CommandError(EXIT.usage, 'send needs --tenant, e.g. --tenant acme, or a --token, which names its tenant');
}

interface To extends Sending {
  readonly publisher: EventPublisher;
  /** Whose CloudTrail's records are; the token's tenant does not travel with an event. */
  readonly tenant: string | undefined;
  readonly progress: Progress;
  readonly work: InFlight;
}

/** `before` is how many bytes earlier files had. */
async function sendFile(file: string, to: To, before: number): Promise<void> {
  let entries: EntrySender | undefined;
  let events: EventSender | undefined;
  const part: Line[] = [];
  const records: Line[] = [];
  for await (const line of readLines(file)) {
    to.progress.update(before + line.bytesRead, to.outcome.accepted, to.outcome.refused);
    const verdict = line.fault === undefined ? classify(line.text) : { kind: 'malformed' as const, reason: line.fault };
    if (verdict.kind === 'malformed') to.outcome.refuse(line, verdict.reason);
    if (verdict.kind === 'cloudtrail') {
      events ??= new EventSender(to.publisher, tenantOf(line, to.tenant), to.outcome);
      records.push(line);
      if (records.length === EVENTS_PER_CALL) await to.work.start(events.send(records.splice(0)));
    }
    if (verdict.kind !== 'entry') continue;
    entries ??= new EntrySender(to, line.text);
    if (part.length > 0 && partOf(part[0]!) !== partOf(line)) {
      await to.work.start(entries.send(part.splice(0)));
    }
    part.push(line);
  }
  if (entries !== undefined) await to.work.start(entries.send(part));
  if (events !== undefined) await to.work.start(events.send(records));
}

const partOf = ({ index }: Line) => Math.floor(index / PART_LINES);

function tenantOf({ place }: Line, tenant: string | undefined): string {
  if (tenant !== undefined) return tenant;
  throw new CommandError(EXIT.usage, `${place} is a record of CloudTrail; say whose it is with --tenant`);
}

/** Work that goes on while the next is read. */
class InFlight {
  readonly #running = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];

  /** Waits until there is room for more. Throws what failed before. */
  async start(work: Promise<void>): Promise<void> {
    const tracked: Promise<void> = work
      .catch((error) => void this.#failures.push(error))
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    if (this.#running.size >= IN_FLIGHT) await Promise.race(this.#running);
    this.#check();
  }

  async done(): Promise<void> {
    await Promise.all(this.#running);
    this.#check();
  }

  #check(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}

function parseBatch(option: string | undefined): number {
  const size = Number(option ?? DEFAULT_BATCH);
  if (!Number.isInteger(size) || size < 1 || size > MAX_BATCH) {
    throw new CommandError(EXIT.usage, `--batch takes a whole number from 1 to ${MAX_BATCH}, got '${option}'`);
  }
  return size;
}
