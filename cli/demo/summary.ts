// What `indelible demo` says when it is done: what is there now, and what to try with it.
import { casesOf, deadlinesOf, SHOWN_CASE } from './cases.ts';
import { incidentNight, incidentReference } from './incident.ts';
import type { Month } from './month.ts';
import type { DemoOptions } from './options.ts';
import { dayOf } from './period.ts';

export interface Done {
  readonly options: DemoOptions;
  readonly month: Month;
  /** How many of the API's entries this run added. */
  readonly added: number;
  /** How many records were put on the event bus. */
  readonly published: number;
  readonly api: URL;
  /** As it was typed; absent for the runtime on this machine. */
  readonly url: string | undefined;
}

export function summaryOf(done: Done): string {
  return [...counts(done), '', ...contents(done), '', ...commands(done), ''].join('\n');
}

function counts({ options, month, added, published }: Done): string[] {
  const { tenant, seed } = options;
  const posted = month.entries.length + 1;
  const { from, to } = month.period;
  const before = posted - added;
  return [
    `Tenant ${tenant} holds a month of an invented office, ${dayOf(from)} to ${dayOf(to - 1)}, told from the seed '${seed}':`,
    `  ${added} entries recorded through the API${before > 0 ? `, ${before} were there already` : ''}`,
    published > 0
      ? `  ${published} CloudTrail records put on the event bus; those that are new are entries within seconds`
      : "  no CloudTrail records: for a deployment's event bus add --aws-url aws, --bus and AWS credentials",
    '  When things happened (occurredAt) is made up; when they were recorded (recordedAt) is now, as the server says.',
    '  So what happened more than a day ago is marked late, and the search bounds from and to, which go by recordedAt, cover now.',
  ];
}

function contents({ month }: Done): string[] {
  const { period, entries } = month;
  const cases = casesOf(period);
  const { acknowledgedLate, neverAcknowledged, answeredLate, unanswered } = deadlinesOf(cases, period.days);
  const actions = new Set(entries.map(({ action }) => action)).size;
  const actors = new Set(entries.map(({ actor }) => actor.id ?? actor.type)).size;
  return [
    'In it:',
    `  ${cases.length} cases: ${acknowledgedLate} acknowledged after more than seven days, ${neverAcknowledged} not at all;`,
    `      ${answeredLate} answered after more than three months, ${unanswered} not yet though these are over`,
    `  an incident, ${incidentReference(period)}, in the night of ${dayOf(incidentNight(period))}: guessed passwords, a sign-in from`,
    '      elsewhere, rights raised, evidence taken, and how it was contained',
    '  payments, applications, a portal in English and Nepali, settings and rights that changed, holds, exports,',
    '      service accounts, nightly jobs, errors',
    `  ${actions} actions by ${actors} actors, of every severity and outcome, with what changed before and after`,
  ];
}

/** Prints a page of entries, a line each; `fs` is there in what `node -p` evaluates. */
const LINES = `node -pe 'JSON.parse(fs.readFileSync(0)).entries.map(({ entry: e }) => e.occurredAt + "  " + e.severity + "  " + e.description).join("\\n")'`;

function commands({ options, month, api, url }: Done): string[] {
  const { tenant } = options;
  const at = api.origin;
  const reader =
    url === undefined
      ? [`  READER=$(npx indelible token --tenant ${tenant} --role compliance --subject reader)`]
      : ['  READER=…   (a token of this tenant in the role compliance)'];
  const get = `curl -sS -G -H "authorization: Bearer $READER" ${at}/v1`;
  const option = url === undefined ? '' : ` --url ${url} --token "$READER"`;
  return [
    'Try:',
    ...reader,
    '',
    '  # the incident, in the order in which it happened',
    `  ${get}/entries -d 'sort=occurredAt&order=asc&limit=60' --data-urlencode 'q=context.correlationId:${incidentReference(month.period)}' |`,
    `    ${LINES}`,
    '  # the history of a case, from its report to its end',
    `  ${get}/targets/case/${SHOWN_CASE}/history |`,
    `    ${LINES}`,
    '  # seal it, take the evidence and the keys, and check it as a stranger would',
    ...(url === undefined ? ['  npx indelible seal'] : ['  (sealed by the schedule of the deployment, once a day)']),
    `  npx indelible export --tenant ${tenant} --out ${tenant}.zip${option}`,
    `  curl -sS ${at}/log/keys -o keys.txt`,
    `  npx indelible verify ${tenant}.zip --keys keys.txt`,
  ];
}
