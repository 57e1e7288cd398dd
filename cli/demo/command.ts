// `indelible demo`: fills a tenant with a month of an invented office.
import { EventPublisher } from '../../adapters/eventbridge/publisher.ts';
import { EVENTS } from '../../names/events.ts';
import { bar } from '../bar.ts';
import { apiUrl } from '../endpoints.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { EVENTS_PER_CALL, EventSender } from '../send/events.ts';
import { Outcome } from '../send/outcome.ts';
import { say } from '../terminal.ts';
import { mintToken } from '../token.ts';
import type { CommandValues } from '../values.ts';
import { type Month, type MonthOptions, monthOf, openingOf, TooFew, tagOf } from './month.ts';
import { type DemoOptions, demoOptions } from './options.ts';
import { isStrict, type Place, post } from './post.ts';
import { summaryOf } from './summary.ts';

/** Entries in one request: few enough that progress shows, and that what is repeated after a kill is little. */
const BATCH = 100;

/**
 * Every request has a key made of the seed and its place. So a run that is repeated, or was killed and begun again, adds
 * nothing that is there: as long as the keys are remembered (docs/api.md), for seven days. After that, the month is told once
 * more, from then on; where some keys are still known, it is refused (post.ts).
 */
export async function demo(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  const options = demoOptions(values, positionals);
  const api = apiUrl(values.url);
  const token = values.token ?? process.env.INDELIBLE_TOKEN ?? (await mintToken(api, options.tenant, 'writer'));
  const strict = await isStrict(api, token);
  // Before anything is recorded: whether there is room depends on the size alone.
  told(options, Date.now());
  const to: Place = { api, token, tenant: options.tenant, keys: `indelible-demo-${tagOf(options)}` };
  const opening = await post(to, 'opening', [openingOf(options)]);
  const month = told(options, opening.recordedAt);
  let added = opening.replayed ? 0 : 1;
  added += await record(to, month.entries);
  if (!strict && !(await post(to, 'own', month.own)).replayed) added += month.own.length;
  const published = options.bus === undefined ? 0 : await publish(month, options, values.bus);
  say(summaryOf({ options, month, added, published, strict, api, url: values.url }));
  return EXIT.ok;
}

function told(wanted: MonthOptions, now: number): Month {
  try {
    return monthOf(wanted, now);
  } catch (error) {
    if (!(error instanceof TooFew)) throw error;
    throw new CommandError(EXIT.usage, `--entries takes at least ${error.least} for ${wanted.days} days`, {
      cause: error,
    });
  }
}

/** How many were not there before. One request after the other, so that a chain tells them in the order of the month. */
async function record(to: Place, entries: Month['entries']): Promise<number> {
  const progress = bar('recording', 'entries', process.stderr);
  let added = 0;
  try {
    for (let at = 0; at < entries.length; at += BATCH) {
      progress.update(at, entries.length);
      const batch = entries.slice(at, at + BATCH);
      const { replayed } = await post(to, String(at), batch);
      if (!replayed) added += batch.length;
    }
    progress.update(entries.length, entries.length);
  } finally {
    progress.stop();
  }
  return added;
}

/** Records are known by their ids on the other side, so that sending them again adds nothing there. */
async function publish(month: Month, { tenant, bus }: DemoOptions, name: string | undefined): Promise<number> {
  const outcome = new Outcome();
  const events = new EventSender(new EventPublisher(name ?? EVENTS.applicationBus, bus?.url), tenant, outcome);
  const lines = month.records.map((record, n) => ({ place: `record ${n + 1}`, text: JSON.stringify(record) }));
  for (let at = 0; at < lines.length; at += EVENTS_PER_CALL) await events.send(lines.slice(at, at + EVENTS_PER_CALL));
  if (outcome.refused > 0) throw new CommandError(EXIT.refused, `the event bus refused records: ${outcome.summary()}`);
  return outcome.published;
}
