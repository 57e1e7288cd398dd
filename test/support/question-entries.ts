/** Entries as the product, its portals and CloudTrail write them, and which of them each saved question finds. */
import type { EntryDraft } from './athena.ts';

const at = (hours: number) => new Date(Date.parse('2026-03-01T00:00:00.000Z') + hours * 3_600_000).toISOString();
const change = { before: { status: 'open' }, after: { status: 'closed "for good"' } };
const person = { type: 'user', id: 'u2', name: 'Second' } as const;
const aws = { type: 'service', id: 'AROA1:session' } as const;

type Named = Omit<EntryDraft, 'recordedAt'> & { readonly name: string };

const SIGN_INS: Named[] = [
  { name: 'sign-in', category: 'authentication', action: 'auth.login.success' },
  {
    name: 'failed sign-in',
    category: 'authentication',
    action: 'auth.login.failure',
    outcome: 'failure',
    source: { ip: '192.0.2.1' },
  },
  {
    name: 'failed portal',
    category: 'parent_portal',
    action: 'portal.login.failure',
    outcome: 'failure',
    source: { ip: '192.0.2.1' },
  },
  {
    name: 'failed api',
    category: 'api',
    action: 'api.auth.failure',
    outcome: 'failure',
    source: { ip: '192.0.2.2' },
    actor: person,
  },
  {
    name: 'failed console',
    category: 'authentication',
    action: 'signin.console_login',
    outcome: 'failure',
    actor: { type: 'anonymous' },
  },
  { name: 'denied console', category: 'authentication', action: 'signin.console_login', outcome: 'denied', actor: aws },
  { name: 'console', category: 'authentication', action: 'signin.console_login' },
  { name: 'failed own sign-in', category: 'staff_portal', action: 'staff.login', outcome: 'failure' },
  { name: 'failed assertion', category: 'authentication', action: 'auth.sso_asserted', outcome: 'failure' },
  { name: 'refused role', category: 'authentication', action: 'sts.assume_role', outcome: 'denied', actor: aws },
  { name: 'failed password change', category: 'authentication', action: 'auth.password_changed', outcome: 'failure' },
];

const PERMISSIONS: Named[] = [
  { name: 'elevated', category: 'account', action: 'account.permission_elevated', severity: 'high', change },
  { name: 'changed permission', category: 'account', action: 'account.permission_changed' },
  { name: 'changed role', category: 'administrative', action: 'user.role_changed' },
  ...[
    'attach_user_policy',
    'put_group_policy',
    'attach_role_policy',
    'add_user_to_group',
    'update_assume_role_policy',
  ].map((call) => ({ name: call, category: 'administrative', action: `iam.${call}`, actor: aws })),
  { name: 'function permission', category: 'administrative', action: 'lambda.add_permission', actor: aws },
  { name: 'bucket policy', category: 'administrative', action: 's3.put_bucket_policy', actor: aws },
  {
    name: 'refused policy',
    category: 'administrative',
    action: 'iam.attach_user_policy',
    outcome: 'denied',
    actor: aws,
  },
  ...['list_role_policies', 'get_role', 'list_attached_role_policies', 'get_user_policy'].map((call) => ({
    ...({ name: call, category: 'data_access', action: `iam.${call}`, severity: 'low', actor: aws } as const),
  })),
  { name: 'assumed role', category: 'authentication', action: 'sts.assume_role', actor: aws },
  { name: 'deleted role', category: 'administrative', action: 'iam.delete_role', severity: 'critical', actor: aws },
  { name: 'listed policies', category: 'data_access', action: 's3.get_bucket_policy', severity: 'low', actor: aws },
];

const CASE = { type: 'case', id: 'c"1\\', name: 'A "name"', reference: 'R,"type":"case"' };
const RECORDS: Named[] = [
  { name: 'case', category: 'case', action: 'case.status_changed', target: CASE, change },
  { name: 'bare case', category: 'case', action: 'case.viewed', target: { type: 'case', id: CASE.id } },
  {
    name: 'related',
    category: 'document',
    action: 'document.viewed',
    target: { type: 'file', id: 'f1' },
    related: [{ type: 'person', id: 'p1' }, CASE],
  },
  { name: 'related only', category: 'document', action: 'document.viewed', related: [{ type: 'case', id: CASE.id }] },
  { name: 'other type', category: 'document', action: 'document.viewed', target: { type: 'file', id: CASE.id } },
  {
    name: 'crossed',
    category: 'document',
    action: 'document.viewed',
    related: [
      { type: 'case', id: 'c2' },
      { type: 'file', id: CASE.id },
    ],
  },
  {
    name: 'told',
    category: 'other',
    action: 'note.created',
    related: [{ type: 'note', id: 'n1', name: `{"id":"c1","type":"case"}` }],
    target: { type: 'note', id: `x","type":"case"}` },
  },
  {
    name: 'deleted evidence',
    category: 'case',
    action: 'case.evidence_deleted',
    severity: 'critical',
    target: { type: 'case', id: 'c3' },
  },
];

const OTHERS: Named[] = [
  {
    name: 'bucket',
    category: 'administrative',
    action: 's3.delete_bucket',
    severity: 'critical',
    target: { type: 's3:bucket', id: 'b1' },
    actor: aws,
  },
  {
    name: 'failed bucket',
    category: 'administrative',
    action: 's3.delete_bucket',
    outcome: 'failure',
    target: { type: 's3:bucket', id: 'b1' },
    actor: aws,
  },
  {
    name: 'terminated',
    category: 'administrative',
    action: 'ec2.terminate_instances',
    severity: 'critical',
    actor: aws,
  },
  { name: 'kept key', category: 'administrative', action: 'kms.cancel_key_deletion', actor: aws },
  { name: 'undeleted', category: 'data_modification', action: 'record.undeleted' },
  {
    name: 'listed deleted',
    category: 'data_access',
    action: 'secretsmanager.list_deleted_secrets',
    severity: 'low',
    actor: aws,
  },
  { name: 'export', category: 'audit_access', action: 'audit.exported', outcome: 'denied', metadata: { rows: 3 } },
  { name: 'table export', category: 'administrative', action: 'dynamodb.export_table_to_point_in_time', actor: aws },
  { name: 'listed exports', category: 'data_access', action: 'dynamodb.list_exports', severity: 'low', actor: aws },
  { name: 'hold', category: 'legal_hold', action: 'hold.applied', severity: 'critical' },
  { name: 'note', category: 'other', action: 'note.created', description: 'line\nbreak, "quote", ✓' },
];

const ALL = [...SIGN_INS, ...PERMISSIONS, ...RECORDS, ...OTHERS];

/** An hour apart, so that they are of several days. */
export const QUESTION_DRAFTS: readonly EntryDraft[] = ALL.map(({ name: _, ...draft }, hours) => ({
  recordedAt: at(hours),
  ...draft,
}));

/** By the order of their parameters. */
export const QUESTION_PARAMETERS: Readonly<Record<string, string>> = {
  'target type': 'case',
  'target id': CASE.id,
  'actor id': 'u2',
};

const FAILED = [
  'failed sign-in',
  'failed portal',
  'failed api',
  'failed console',
  'denied console',
  'failed own sign-in',
  'failed assertion',
];

/** What each question finds, in order. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  'Who accessed a record': ['case', 'bare case', 'related', 'related only'],
  'Changes to a record': ['case'],
  'Actions of a person': ['failed api'],
  'Failed sign-ins': FAILED,
  'Reads and exports of the trail': ['export'],
  'Exports of data': ['export', 'table export'],
  'Permissions raised': [
    ...[
      'elevated',
      'changed permission',
      'changed role',
      'attach_user_policy',
      'put_group_policy',
      'attach_role_policy',
    ],
    ...['add_user_to_group', 'update_assume_role_policy', 'function permission', 'bucket policy'],
  ],
  Deletions: ['deleted role', 'deleted evidence', 'bucket', 'terminated'],
  'Critical entries': ['deleted role', 'deleted evidence', 'bucket', 'terminated', 'hold'],
  'Critical and high entries': ['elevated', 'deleted role', 'deleted evidence', 'bucket', 'terminated', 'hold'],
  'Denied and failed': [
    ...FAILED,
    'refused role',
    'failed password change',
    'refused policy',
    'failed bucket',
    'export',
  ],
  'Legal holds': ['hold'],
};

/** Positions that a question finds, in order; undefined for one that counts, and for administrative changes by category. */
export function positionsFound(question: string): number[] | undefined {
  if (question === 'Administrative changes') {
    const categories = ['administrative', 'configuration', 'account', 'manager'];
    return ALL.flatMap(({ category }, position) => (categories.includes(category!) ? [position] : []));
  }
  const names = FOUND[question];
  if (names === undefined) return undefined;
  const positions = names.map((name) => ALL.findIndex((one) => one.name === name));
  if (positions.includes(-1)) throw new Error(`${question} names an entry that is not there`);
  return positions.toSorted((a, b) => a - b);
}
