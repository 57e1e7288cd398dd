/**
 * Questions that auditors ask, as saved queries of Athena (docs/athena.md). Each `?` is a parameter, in the order of
 * `parameters`; every one asks for the tenant and for days, which bound what is read and paid for. Athena's SQL, of which the
 * local runtime runs the same text.
 */
export interface Question {
  readonly name: string;
  readonly description: string;
  /** Beside tenant, first day and last day, which come first. */
  readonly parameters: readonly string[];
  readonly sql: string;
}

const WHO = 'actor_type, actor_id, actor_name, actor_role';
const TARGET = 'target_type, target_id, target_name, target_reference';
const WHEN_AND_WHAT = 'recorded_at, occurred_at, action, outcome, severity';

const question = (name: string, description: string, parameters: readonly string[], select: string, rest: string) => {
  const [columns, order] = [select, rest.includes('GROUP BY') ? '' : '\nORDER BY recorded_at, chain, "position"'];
  const sql = `SELECT ${columns}\nFROM segments\nWHERE tenant = ? AND day BETWEEN ? AND ?${rest && `\n${rest}`}${order}`;
  return { name, description, parameters, sql };
};

export const QUESTIONS: readonly Question[] = [
  question(
    'Who accessed a record',
    'Everything that was done with one record, by whom and from where',
    ['target type', 'target id'],
    `${WHEN_AND_WHAT}, ${WHO}, source_ip, session_id, chain, "position"`,
    'AND target_type = ? AND target_id = ?',
  ),
  question(
    'Changes to a record',
    'What one record was before each change and after it',
    ['target type', 'target id'],
    `${WHEN_AND_WHAT}, ${WHO}, json_format(json_extract(entry, '$.change.before')) AS before_change, ` +
      `json_format(json_extract(entry, '$.change.after')) AS after_change, chain, "position"`,
    "AND target_type = ? AND target_id = ?\n  AND json_extract(entry, '$.change') IS NOT NULL",
  ),
  question(
    'Actions of a person',
    'Everything that one actor did',
    ['actor id'],
    `${WHEN_AND_WHAT}, category, ${TARGET}, source_ip, session_id, chain, "position"`,
    'AND actor_id = ?',
  ),
  question(
    'Days and addresses of a person',
    'On which days one actor acted, how often, and from which addresses',
    ['actor id'],
    'day, source_ip, user_agent, count(*) AS entries, min(recorded_at) AS first_at, max(recorded_at) AS last_at',
    'AND actor_id = ?\nGROUP BY day, source_ip, user_agent\nORDER BY day, entries DESC',
  ),
  question(
    'Failed sign-ins',
    'Every sign-in that failed',
    [],
    `recorded_at, occurred_at, ${WHO}, source_ip, user_agent, description, chain, "position"`,
    "AND category = 'authentication' AND action = 'auth.login.failure'",
  ),
  question(
    'Addresses of failed sign-ins',
    'Which addresses sign-ins failed from, and with how many accounts',
    [],
    'source_ip, count(*) AS failures, count(DISTINCT actor_id) AS accounts, min(recorded_at) AS first_at, max(recorded_at) AS last_at',
    "AND category = 'authentication' AND action = 'auth.login.failure'\nGROUP BY source_ip\nORDER BY failures DESC",
  ),
  question(
    'Reads and exports of the trail',
    'Who read, searched or exported the audit trail itself',
    [],
    `${WHEN_AND_WHAT}, ${WHO}, description, json_format(json_extract(entry, '$.metadata')) AS details, chain, "position"`,
    "AND category = 'audit_access'",
  ),
  question(
    'Exports of data',
    'Every export, of the trail and of anything else',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, ${TARGET}, description, chain, "position"`,
    "AND action LIKE '%export%'",
  ),
  question(
    'Administrative changes',
    'Changes to users, settings and configuration',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, ${TARGET}, json_format(json_extract(entry, '$.change')) AS change, chain, "position"`,
    "AND category IN ('administrative', 'configuration', 'account', 'manager')",
  ),
  question(
    'Permissions raised',
    'Roles and permissions that were changed or elevated',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, ${TARGET}, json_format(json_extract(entry, '$.change')) AS change, chain, "position"`,
    "AND (action LIKE '%permission%' OR action LIKE '%role%')",
  ),
  question(
    'Deletions',
    'Everything that was deleted or removed',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, ${TARGET}, chain, "position"`,
    "AND (action LIKE '%delete%' OR action LIKE '%removed%' OR action LIKE '%erased%')",
  ),
  question(
    'Critical entries',
    'Everything of critical or high severity',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, ${TARGET}, source_ip, description, chain, "position"`,
    "AND severity IN ('critical', 'high')",
  ),
  question(
    'Denied and failed',
    'What was denied, or failed',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, ${TARGET}, source_ip, description, chain, "position"`,
    "AND outcome IN ('denied', 'failure')",
  ),
  question(
    'Entries by category and month',
    'How many entries there are of each category in each month',
    [],
    'category, substr(day, 1, 7) AS month, count(*) AS entries, count(DISTINCT actor_id) AS actors',
    'GROUP BY category, substr(day, 1, 7)\nORDER BY month, category',
  ),
  question(
    'Legal holds',
    'Holds that were applied and released',
    [],
    `${WHEN_AND_WHAT}, ${WHO}, ${TARGET}, json_format(json_extract(entry, '$.metadata')) AS details, chain, "position"`,
    "AND category = 'legal_hold'",
  ),
];
