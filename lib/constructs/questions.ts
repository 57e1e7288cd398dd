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
  const [columns, order] = [select, rest.includes('GROUP BY') ? '' : ORDER];
  const sql = `SELECT ${columns}\nFROM segments\nWHERE tenant = ? AND day BETWEEN ? AND ?${rest && `\n${rest}`}${order}`;
  return { name, description, parameters, sql };
};

const ORDER = '\nORDER BY recorded_at, chain, "position"';

/** The patterns have no question marks, which would be taken for parameters. */
const like = (...patterns: readonly string[]) => `regexp_like(lower(action), '${patterns.join('|')}')`;
const DONE = "outcome NOT IN ('failure', 'denied')";

/** Calls of AWS's that only read, by their names. */
const READS = '[.](batch_|)(describe|get|list|search|head)_';

/** To the product, its portals and its API, to AWS's console and IAM Identity Center, and with a federated identity. */
const SIGN_INS = [
  '^(login|log_in|logon|sign_in|signon|sign_on)[.]|[._](login|log_in|logon|signin|sign_in|signon|sign_on)($|[.]|_attempt|_fail)',
  '(^|[.])auth$|(^|[._])auth(entication|)[._](2fa_|mfa_|otp_|)fail(ed|ure)$|[._]failed_(login|log_in|signin|sign_in)$|^auth[.]sso_asserted$',
  '^signin[.](console_login|check_mfa|credential_challenge|credential_verification|user_authentication|failed|failure)$',
  '^sso[.](authenticate|federate)$|^sts[.]assume_role_with_(saml|web_identity)$',
  '^cognito_idp[.](admin_|)(initiate_auth|respond_to_auth_challenge)$',
];
const FAILED_SIGN_IN = `${like(...SIGN_INS)}\n  AND (outcome IN ('failure', 'denied') OR ${like('[._]fail(ed|ure)$', '[._]failed_')})`;

/** Changes by which somebody may do more than before: of roles and permissions by their names, and calls of AWS's. */
const RAISES = [
  '(access|admin|permission|privilege|role)(s|)[._](added|assigned|changed|elevated|escalated|given|granted|raised|updated)$',
  '[.](assign|change|elevate|escalate|give|grant|raise)_([a-z0-9]+_)*(access|admin|permission|privilege|role)(s|)$',
  '^iam[.](attach|put)_(group|role|user)_policy$|^iam[.](create_policy_version|set_default_policy_version)$',
  '^iam[.](put|delete)_(role|user)_permissions_boundary$',
  '^iam[.](add_user_to_group|add_role_to_instance_profile|update_assume_role_policy)$',
  '^organizations[.](detach_policy|disable_policy_type)$',
  '^sso[.](create_account_assignment|(attach|put)_[a-z_]+_to_permission_set|delete_permissions_boundary_[a-z_]+)$',
  '^identitystore[.]create_group_membership$|^cognito_idp[.]admin_add_user_to_group$',
  '[.](add|grant|batch_grant)_([a-z]+_)*permission(s|)$|^kms[.](create_grant|put_key_policy)$',
  '[.](put|set)_(bucket|key|queue|repository|registry|resource|topic|file_system|vault_access|access_point)_policy$',
  '^s3[.](put_[a-z_]*acl|(put|delete)_[a-z_]*public_access_block)$|^ram[.](create|associate)_resource_share$',
  '^ec2[.]modify_(image|snapshot)_attribute$|^rds[.]modify_db_(cluster_|)snapshot_attribute$',
  '^eks[.](create_access_entry|associate_access_policy)$',
];

const DELETIONS = [
  '(^|[._])(delete|deleted|deletion)($|[._])|[._](removed|erased|purged|destroyed)$|^audit[.]expired$',
  '[.](batch_|)(remove|erase|purge|destroy|terminate|deregister)($|_)',
];
const NOT_DELETIONS = [READS, '[._]cancel_', '_(requested|cancelled|canceled)$'];

/**
 * The record of a type and an id, as the target or among the related. Without names and references these are objects of two
 * members, whose canonical JSON is one text; no text inside of them holds it, since quotation marks are escaped there.
 */
const RECORDS =
  "coalesce(json_format(json_extract(entry, '$.target')), '') || coalesce(json_format(json_extract(entry, '$.related')), '')";
const NAMED = ',"(name|reference)":"([^"\\\\]|\\\\.)*"';
const escaped = (value: string) => `replace(replace(${value}, '\\', '\\\\'), '"', '\\"')`;
const ACCESSES =
  `SELECT ${WHEN_AND_WHAT}, ${WHO}, ${TARGET}, source_ip, session_id, chain, "position"\n` +
  'FROM (SELECT * FROM segments WHERE tenant = ? AND day BETWEEN ? AND ?) AS entries\n' +
  'CROSS JOIN (SELECT CAST(? AS varchar) AS asked_type, CAST(? AS varchar) AS asked_id) AS record\n' +
  `WHERE strpos(regexp_replace(${RECORDS}, '${NAMED}', ''),\n` +
  `  '{"id":"' || ${escaped('asked_id')} || '","type":"' || ${escaped('asked_type')} || '"}') > 0${ORDER}`;

export const QUESTIONS: readonly Question[] = [
  {
    name: 'Who accessed a record',
    description: 'Everything that was done with one record, or with another in relation to it, by whom and from where',
    parameters: ['target type', 'target id'],
    sql: ACCESSES,
  },
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
    'Every sign-in that failed: to the product, its portals, its API and to AWS',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, source_ip, user_agent, description, chain, "position"`,
    `AND ${FAILED_SIGN_IN}`,
  ),
  question(
    'Addresses of failed sign-ins',
    'Which addresses sign-ins failed from, and with how many accounts',
    [],
    'source_ip, count(*) AS failures, count(DISTINCT actor_id) AS accounts, min(recorded_at) AS first_at, max(recorded_at) AS last_at',
    `AND ${FAILED_SIGN_IN}\nGROUP BY source_ip\nORDER BY failures DESC`,
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
    `AND action LIKE '%export%' AND NOT ${like(READS)}`,
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
    'Roles and permissions that were changed, elevated or given, in the product and in AWS',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, ${TARGET}, json_format(json_extract(entry, '$.change')) AS change, chain, "position"`,
    `AND ${like(...RAISES)}\n  AND ${DONE}`,
  ),
  question(
    'Deletions',
    'Everything that was deleted or removed',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, ${TARGET}, chain, "position"`,
    `AND ${like(...DELETIONS)}\n  AND NOT ${like(...NOT_DELETIONS)}\n  AND ${DONE}`,
  ),
  question(
    'Critical entries',
    'Everything of critical severity',
    [],
    `${WHEN_AND_WHAT}, category, ${WHO}, ${TARGET}, source_ip, description, chain, "position"`,
    "AND severity = 'critical'",
  ),
  question(
    'Critical and high entries',
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
