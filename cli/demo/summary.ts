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
  /** Whether actions of its own were left out, since the deployment takes those of its catalog alone. */
  readonly strict: boolean;
  readonly api: URL;
  /** As it was typed; absent for the runtime on this machine. */
  readonly url: string | undefined;
}

export function summaryOf(done: Done): string {
  return [...counts(done), '', ...contents(done), '', ...commands(done), ''].join('\n');
}

function counts({ options, month, added, published, strict }: Done): string[] {
  const { tenant, seed } = options;
  const posted = 1 + month.entries.length + (strict ? 0 : month.own.length);
  const { from, to } = month.period;
  const before = posted - added;
  return [
    `Tenant ${tenant} holds a month of an invented office, ${dayOf(from)} to ${dayOf(to - 1)}, told from the seed '${seed}':`,
    `  ${added} entries recorded through the API${before > 0 ? `, ${before} were there already` : ''}`,
    published > 0
      ? `  ${published} CloudTrail records put on the event bus; those that are new are entries within seconds`
      : "  no CloudTrail records: for a deployment's event bus add --aws-url aws, --bus and AWS credentials",
    ...(strict ? [`  ${month.own.length} left out: the deployment takes only actions that its catalog holds`] : []),
    '  occurredAt, when it happened, is made up; recordedAt, when it was recorded, is true. So what is said to have',
    '  happened more than a day before is marked late, and the bounds of a search, which go by recordedAt, do not part it.',
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
const SHOW = `show() { node -pe 'JSON.parse(fs.readFileSync(0)).entries.map(({ entry: e }) => e.occurredAt + " " + e.description).join("\\n")'; }`;

function commands(done: Done): string[] {
  const { options, month, api, url } = done;
  const { tenant } = options;
  const local = url === undefined;
  const v1 = `${api.origin}/v1`;
  const incident = incidentReference(month.period);
  return [
    'Try, in a shell:',
    '',
    local
      ? `READER=$(npx indelible token --tenant ${tenant} --role compliance --subject reader)`
      : 'READER=…   # a token of this tenant in the role compliance',
    SHOW,
    '',
    '# the incident, in the order in which it happened',
    `curl -sS -G -H "authorization: Bearer $READER" ${v1}/entries -d sort=occurredAt -d order=asc \\`,
    `  --data-urlencode q=context.correlationId:${incident} | show`,
    '',
    '# the history of a case, from its report to its end',
    `curl -sS -H "authorization: Bearer $READER" ${v1}/targets/case/${SHOWN_CASE}/history | show`,
    '',
    `# ${local ? 'seal it, ' : 'once the schedule has sealed it: '}take the evidence and the keys, and check it as a stranger would`,
    ...(local ? ['npx indelible seal'] : []),
    `npx indelible export --tenant ${tenant} --out ${tenant}.zip${local ? '' : ` --url ${url} --token "$READER"`}`,
    `curl -sS ${api.origin}/log/keys -o keys.txt`,
    `npx indelible verify ${tenant}.zip --keys keys.txt`,
  ];
}
