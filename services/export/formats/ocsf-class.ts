// Which OCSF class and activity an entry is, by its category and the words of its action.
import type { Entry } from '../../../core/entry/schema.ts';

/** A class of OCSF 1.8.0, as far as entries become events of it. */
export interface OcsfClass {
  readonly category: number;
  readonly uid: number;
  readonly name: string;
  readonly activity: number;
  /** The activity's caption; for 99, the action itself. */
  readonly activityName: string;
  /** Members of its own that an entry can fill. */
  readonly has: readonly string[];
}

/**
 * What happened, by the words of an action. A row fits if the action has one of `words` and all of `with`; the first row that fits
 * counts, so what takes away stands before what is made, and what is about one part before what is about the whole.
 */
interface ClassRow {
  readonly activity: number;
  readonly caption: string;
  readonly words: ReadonlySet<string>;
  readonly with: readonly string[];
}

const row = (activity: number, caption: string, words: string, ...also: string[]): ClassRow => ({
  ...{ activity, caption, words: new Set(words.split(' ')), with: also },
});

const REMOVAL =
  'delete deleted remove removed destroy destroyed purge purged erase erased terminate terminated deregister revoke revoked';
const CREATION =
  'create created add added invite invited register registered insert inserted import imported upload uploaded submit submitted';
const READING =
  'view viewed read get list describe lookup download downloaded search searched query queried head export exported access accessed opened';
const CHANGE =
  'update updated change changed edit edited modify modified set put patch attach attached detach detached assign assigned reassign reassigned approve approved reject rejected apply applied release released acknowledge acknowledged rotate rotated override overridden revert reverted configured renewed elevated imposed given stored captured completed';

const LOGON: readonly ClassRow[] = [
  row(2, 'Logoff', 'logout logoff signout ended terminated invalidated timed_out timeout'),
  row(2, 'Logoff', 'out', 'timed'),
  row(2, 'Logoff', 'out', 'log'),
  row(2, 'Logoff', 'out', 'sign'),
  row(2, 'Logoff', 'out', 'signed'),
  row(1, 'Logon', 'login logon signin sso asserted started assume assumed federate'),
  row(1, 'Logon', 'in', 'sign'),
  row(1, 'Logon', 'in', 'signed'),
  row(1, 'Logon', 'in', 'log'),
  row(1, 'Logon', 'token', 'session'),
  row(1, 'Logon', 'token', 'federation'),
];
const ACCOUNT: readonly ClassRow[] = [
  ...['mfa', '2fa', 'totp'].flatMap((factor) => [
    row(11, 'MFA Factor Disable', `disabled disable deactivate deactivated ${REMOVAL}`, factor),
    row(10, 'MFA Factor Enable', `enabled enable activated activate changed ${CREATION}`, factor),
  ]),
  row(12, 'Unlock', 'unlock unlocked unblock unblocked'),
  row(9, 'Lock', 'lock locked lockout block blocked'),
  row(4, 'Password Reset', 'reset resets', 'password'),
  row(3, 'Password Change', 'changed change update updated set', 'password'),
  row(8, 'Detach Policy', 'detach', 'policy'),
  row(7, 'Attach Policy', 'attach put', 'policy'),
  row(6, 'Delete', REMOVAL),
  row(5, 'Disable', 'deactivate deactivated disable disabled suspend suspended'),
  row(2, 'Enable', 'activate activated enable enabled reactivated'),
  row(1, 'Create', CREATION),
];
const ENTITY: readonly ClassRow[] = [
  row(4, 'Delete', REMOVAL),
  row(9, 'Disable', 'disable disabled block blocked lock locked stop stopped'),
  row(8, 'Enable', 'enable enabled unblock unblocked unlock unlocked'),
  row(11, 'Deactivate', 'deactivate deactivated'),
  row(10, 'Activate', 'activate activated'),
  row(12, 'Suspend', 'suspend suspended'),
  row(13, 'Resume', 'resume resumed'),
  row(5, 'Move', 'move moved rename renamed'),
  row(2, 'Read', READING),
  row(3, 'Update', CHANGE),
  row(1, 'Create', CREATION),
];
const API_CALL: readonly ClassRow[] = [
  row(4, 'Delete', REMOVAL),
  row(2, 'Read', READING),
  row(3, 'Update', `${CHANGE} enable enabled disable disabled start stop reboot`),
  row(1, 'Create', `${CREATION} run launch post copy restore`),
];

/**
 * The verb of an action stands behind its noun: `review.deleted` is about a review, and no reading. So the noun's own words
 * count only where the verb's say nothing.
 */
function activityOf(rows: readonly ClassRow[], action: string): Pick<OcsfClass, 'activity' | 'activityName'> {
  const parts = action.toLowerCase().split('.');
  const verb = wordsOf(parts.slice(1).join('.') || action);
  const all = new Set([...verb, ...wordsOf(parts[0]!)]);
  const fits = (words: ReadonlySet<string>) =>
    rows.find((one) => one.with.every((word) => all.has(word)) && [...words].some((word) => one.words.has(word)));
  const found = fits(verb) ?? fits(all);
  return found === undefined
    ? { activity: OTHER, activityName: action }
    : { activity: found.activity, activityName: found.caption };
}

const OTHER = 99;

function wordsOf(text: string): Set<string> {
  return new Set(text.split(/[^a-z0-9]+/).filter((word) => word !== ''));
}

const SIGN_IN = ['authentication', 'session'];
const CALLS = ['api', 'integration'];
/** About a record, where the entry names one. */
const WITHOUT_ENTITY = [
  'system',
  'error',
  'debug',
  'security',
  'security_incident',
  'data_breach',
  'audit',
  'audit_access',
];

/** The class by the entry's category and what it says of whom and what; base events are what fits nowhere else. */
export function ocsfClassOf({ category, action, target, source, channel }: Classified): OcsfClass {
  if (SIGN_IN.includes(category)) {
    return {
      ...{ category: 3, uid: 3002, name: 'Authentication', ...activityOf(LOGON, action) },
      has: ['actor', 'user', 'service', 'src_endpoint', 'http_request'],
    };
  }
  if (category === 'account' || (category === 'administrative' && target?.type === 'user')) {
    return {
      ...{ category: 3, uid: 3001, name: 'Account Change', ...activityOf(ACCOUNT, action) },
      has: ['actor', 'user', 'src_endpoint', 'http_request'],
    };
  }
  if (source?.ip !== undefined && (CALLS.includes(category) || channel === 'api')) {
    return {
      ...{ category: 6, uid: 6003, name: 'API Activity', ...activityOf(API_CALL, action) },
      has: ['actor', 'api', 'resources', 'src_endpoint', 'http_request'],
    };
  }
  if (target !== undefined && !WITHOUT_ENTITY.includes(category)) {
    return {
      ...{ category: 3, uid: 3004, name: 'Entity Management', ...activityOf(ENTITY, action) },
      has: ['actor', 'entity', 'src_endpoint', 'http_request'],
    };
  }
  return { category: 0, uid: 0, name: 'Base Event', activity: OTHER, activityName: action, has: [] };
}

interface Classified extends Pick<Entry, 'category' | 'action' | 'target' | 'source'> {
  readonly channel?: string | undefined;
}
