// What each role may do and see: the one table of roles, operations and filters.
import { and, equals, NONE, not, or, type Query, relatesTo } from '../query/ast.ts';

/** Every operation of the API that needs a token, by the name under which OpenAPI knows it too. */
export const OPERATIONS = [
  'recordEntries',
  'readEntry',
  'proveEntry',
  'searchEntries',
  'countEntries',
  'readHistory',
  'readRelated',
  'readChanges',
  'saveSearch',
  'listSearches',
  'readSearch',
  'replaceSearch',
  'deleteSearch',
  'startQuery',
  'listQueries',
  'readQuery',
  'readQueryEntries',
  'cancelQuery',
  'startExport',
  'listExports',
  'readExport',
  'cancelExport',
  'grantExport',
  'listDigests',
  'readDocument',
  'readTile',
  'readTiles',
  'readBodies',
  'startBundle',
  'listBundles',
  'readBundle',
  'cancelBundle',
  'applyHold',
  'listHolds',
  'releaseHold',
  'listVerifications',
  'readVerification',
  'readCatalog',
] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** Which of the tenant's entries there are for a role. */
type Reads = 'everything' | 'users' | 'cases' | 'recorded' | 'nothing';

export interface RolePolicy {
  readonly operations: readonly OperationName[];
  readonly reads: Reads;
}

const LOOKING: readonly OperationName[] = [
  ...(['readEntry', 'proveEntry', 'searchEntries', 'countEntries'] as const),
  ...(['readHistory', 'readRelated', 'readChanges'] as const),
  ...(['saveSearch', 'listSearches', 'readSearch', 'replaceSearch', 'deleteSearch'] as const),
  ...(['startQuery', 'listQueries', 'readQuery', 'readQueryEntries', 'cancelQuery'] as const),
  ...(['startExport', 'listExports', 'readExport', 'cancelExport'] as const),
];
const BUNDLE: readonly OperationName[] = [
  ...(['listDigests', 'readDocument', 'readTile', 'readTiles', 'readBodies'] as const),
  ...(['startBundle', 'listBundles', 'readBundle', 'cancelBundle'] as const),
];
const HOLDS: readonly OperationName[] = ['applyHold', 'listHolds', 'releaseHold'];
const VERIFICATIONS: readonly OperationName[] = ['listVerifications', 'readVerification'];
/** What the words mean that everybody meets. */
const WORDS: readonly OperationName[] = ['readCatalog'];

/**
 * Who may do what (docs/access.md, "Roles", which a test compares with this). The order is that in which a caller with
 * several roles is taken for one of them.
 */
export const POLICY = {
  compliance: {
    operations: [...LOOKING, 'grantExport', ...BUNDLE, ...HOLDS, ...VERIFICATIONS, ...WORDS],
    reads: 'everything',
  },
  admin: { operations: [...LOOKING, ...HOLDS, ...VERIFICATIONS, ...WORDS], reads: 'users' },
  investigator: { operations: [...LOOKING, ...WORDS], reads: 'cases' },
  auditor: { operations: ['listExports', 'readExport', ...VERIFICATIONS, ...WORDS], reads: 'nothing' },
  operator: { operations: [...VERIFICATIONS, ...WORDS], reads: 'nothing' },
  writer: { operations: ['recordEntries', 'readEntry', 'proveEntry', ...WORDS], reads: 'recorded' },
} as const satisfies Readonly<Record<string, RolePolicy>>;
export type AccessRole = keyof typeof POLICY;

export const ROLE_ORDER = Object.keys(POLICY) as readonly AccessRole[];

/** Roles that an operation is for, in that order. */
export function rolesOf(operation: OperationName): readonly AccessRole[] {
  return ROLE_ORDER.filter((role) => (POLICY[role].operations as readonly OperationName[]).includes(operation));
}

/** Users and what they may do: accounts, sign-ins, sessions, and the administration that invites, changes and removes them. */
export const USER_CATEGORIES = ['account', 'authentication', 'session', 'administrative'] as const;

/** What an application calls the record that investigators work on, as `type` of a target. */
export const CASE_TYPES = ['case'] as const;

/**
 * Where administering anything is recorded, reading and exporting the trail included: what nobody reviews of their own
 * while they are the only reviewer.
 */
export const ADMINISTRATIVE_CATEGORIES = [
  ...(['account', 'administrative', 'configuration', 'manager', 'sanction'] as const),
  ...(['legal_hold', 'audit', 'audit_access'] as const),
] as const;

/**
 * The trail's own: who read what, and what became of the trail. For who reviews, and for nobody who is reviewed: an entry
 * about a case says who looked at it, and how much they found.
 */
export const TRAIL_CATEGORIES = ['audit', 'audit_access'] as const;

/** Who asks for a filter. */
export interface FilterSubject {
  /** The token's subject. */
  readonly subject: string;
  /** Of an investigator, by id; without any it reads nothing. */
  readonly cases: readonly string[];
  /** Subjects that review the tenant's trail, the reader's own perhaps among them. */
  readonly reviewers: readonly string[];
}

/** Matched by what of the tenant's entries exists for the role: to be ANDed into every read. */
export function filterOf(role: AccessRole, who: FilterSubject): Query {
  switch (POLICY[role].reads) {
    case 'everything':
      return reviewedByOthers(who);
    case 'users':
      return and(inCategories(USER_CATEGORIES), not(inCategories(TRAIL_CATEGORIES)), reviewedByOthers(who));
    case 'cases':
      return and(casesOf(who.cases), not(inCategories(TRAIL_CATEGORIES)), reviewedByOthers(who));
    case 'recorded':
      return equals('recorder.id', who.subject);
    case 'nothing':
      return NONE;
  }
}

/**
 * An entry belongs to a case that its target or one of `related` is. The catalog says that the target of an entry of
 * category `case` is the case, whatever the application calls its type.
 */
function casesOf(cases: readonly string[]): Query {
  if (cases.length === 0) return NONE;
  const isCase = or(...CASE_TYPES.map((type) => equals('target.type', type)), equals('category', 'case'));
  return or(
    and(isCase, or(...cases.map((id) => equals('target.id', id)))),
    ...CASE_TYPES.flatMap((type) => cases.map((id) => relatesTo(type, id))),
  );
}

/** All but the reader's own administrative actions; all of them where somebody else reviews those. */
function reviewedByOthers({ subject, reviewers }: FilterSubject): Query {
  if (reviewers.some((reviewer) => reviewer !== subject)) return and();
  const own = or(...['actor.id', 'actor.onBehalfOf', 'recorder.id'].map((field) => equals(field, subject)));
  return not(and(own, inCategories(ADMINISTRATIVE_CATEGORIES)));
}

function inCategories(categories: readonly string[]): Query {
  return or(...categories.map((category) => equals('category', category)));
}
