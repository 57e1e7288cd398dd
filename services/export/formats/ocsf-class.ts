import type { Entry } from '../../../core/entry/schema.ts';

/** A class of OCSF 1.8.0, as far as entries become events of it. */
export interface OcsfClass {
  readonly category: number;
  readonly uid: number;
  readonly name: string;
  readonly activity: number;
  /** Members of its own that an entry can fill. */
  readonly has: readonly string[];
}

/** What happened, by the words of an action; the first that fits. */
type Activities = readonly (readonly [words: RegExp, activity: number])[];

const OTHER = 99;

const LOGON: Activities = [
  [/logout|log_out|signed_out|session\.end|timeout|logoff/, 2],
  [/ticket/, 3],
  [/login|log_in|sign_?in|signin|session\.start|sso|assum|token|verified/, 1],
];
const ACCOUNT: Activities = [
  [/mfa.*(?:disabled|removed)|2fa_disabled/, 11],
  [/mfa|2fa/, 10],
  [/unlock/, 12],
  [/lock/, 9],
  [/password.*reset|reset.*password/, 4],
  [/password/, 3],
  [/creat|invit|added|registered/, 1],
  [/delet|remov/, 6],
  [/deactivat|disabl|suspend/, 5],
  [/activat|enabl/, 2],
];
const ENTITY: Activities = [
  [/creat|add|upload|submit|insert|import/, 1],
  [/view|read|get|list|describe|download|search|export/, 2],
  [/delet|remov|destroy|purg/, 4],
  [/updat|chang|edit|modif|set|put|assign|approv|reject|appl|releas|acknowledg/, 3],
];
const API_CALL: Activities = [
  [/creat|add|run|start|insert|post/, 1],
  [/get|list|describe|read|head|lookup|query/, 2],
  [/delet|remov|terminat|destroy/, 4],
  [/updat|modif|put|set|chang|attach|detach|patch/, 3],
];

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
export function ocsfClassOf({ category, action, target, source, channel }: Placed): OcsfClass {
  const words = action.toLowerCase();
  const activity = (of: Activities): number => of.find(([pattern]) => pattern.test(words))?.[1] ?? OTHER;
  if (SIGN_IN.includes(category)) {
    return {
      ...{ category: 3, uid: 3002, name: 'Authentication', activity: activity(LOGON) },
      has: ['actor', 'user', 'service', 'src_endpoint', 'http_request'],
    };
  }
  if (category === 'account' || (category === 'administrative' && target?.type === 'user')) {
    return {
      ...{ category: 3, uid: 3001, name: 'Account Change', activity: activity(ACCOUNT) },
      has: ['actor', 'user', 'src_endpoint', 'http_request'],
    };
  }
  if (source?.ip !== undefined && (CALLS.includes(category) || channel === 'api')) {
    return {
      ...{ category: 6, uid: 6003, name: 'API Activity', activity: activity(API_CALL) },
      has: ['actor', 'api', 'resources', 'src_endpoint', 'http_request'],
    };
  }
  if (target !== undefined && !WITHOUT_ENTITY.includes(category)) {
    return {
      ...{ category: 3, uid: 3004, name: 'Entity Management', activity: activity(ENTITY) },
      has: ['actor', 'entity', 'src_endpoint', 'http_request'],
    };
  }
  return { category: 0, uid: 0, name: 'Base Event', activity: OTHER, has: [] };
}

interface Placed extends Pick<Entry, 'category' | 'action' | 'target' | 'source'> {
  readonly channel?: string | undefined;
}
