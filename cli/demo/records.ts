// Applications, customers, documents, children's files and reports: what an office changes and reads all month.
import { changed, type Line, target, tellLine } from './lines.ts';
import { CASHIERS, HANDLERS, MANAGER, MIGRATION_BOT, type Person, REGISTRARS, SYSTEM } from './people.ts';
import { Story, type Telling, type Told } from './story.ts';

const [registrar, second] = REGISTRARS as [Person, Person];
const [cashier] = CASHIERS as [Person];
const [handler] = HANDLERS as [Person];

const application = { type: 'application', id: 'app-00017', reference: 'APP-00017', name: 'Housing support' };
const refused = { type: 'application', id: 'app-00018', reference: 'APP-00018', name: 'Childcare place' };
const stage = (before: string, after: string) => changed({ status: before }, { status: after });

const APPLICATIONS: readonly Line[] = [
  [1, registrar, 'application.submitted', application, changed(null, { status: 'submitted', income: 21_400 })],
  [2, registrar, 'application.updated', application, changed({ income: 21_400 }, { income: 22_950.5 })],
  [3, second, 'application.reviewed', application, { metadata: { notes: 'Documents verified' } }],
  [3, second, 'application.state_changed', application, stage('submitted', 'in review')],
  [
    4,
    MANAGER,
    'application.approved',
    application,
    { ...stage('in review', 'approved'), metadata: { step: 'supervisor' } },
  ],
  [6, registrar, 'application.submitted', refused, changed(null, { status: 'submitted' })],
  [
    9,
    MANAGER,
    'application.rejected',
    refused,
    { ...stage('submitted', 'rejected'), metadata: { reason: 'outside of the district' } },
  ],
  [5, MANAGER, 'submission.reverted', target('submission', 'sub-00031'), { metadata: { reason: 'wrong form' } }],
  [6, MANAGER, 'submission.approved', target('submission', 'sub-00032')],
  [7, MANAGER, 'submission.rejected', target('submission', 'sub-00033'), { metadata: { reason: 'incomplete' } }],
  [8, MANAGER, 'manager.approved', target('exception', 'exc-1'), { metadata: { reason: 'hardship' } }],
  [9, MANAGER, 'manager.rejected', target('exception', 'exc-2')],
  [
    10,
    MANAGER,
    'manager.overridden',
    target('decision', 'app-00012'),
    { ...stage('rejected', 'approved'), metadata: { reason: 'appeal' } },
  ],
  [19, MANAGER, 'manager.exported', target('listing', 'open cases'), { metadata: { rows: 61, format: 'xlsx' } }],
  [20, MANAGER, 'manager.bulk_action', target('listing', 'old tags'), { metadata: { records: 25 } }],
];

const client = target('client', 'cl-204', 'Client 204');
const customer = target('customer', 'c-1042', 'Customer 1042');

const CLIENTS: readonly Line[] = [
  [1, registrar, 'customer.created', customer, changed(null, { city: 'Dublin', language: 'en' })],
  [
    3,
    registrar,
    'customer.updated',
    customer,
    changed({ city: 'Dublin', language: 'en' }, { city: 'Cork', language: 'ne' }),
  ],
  [4, registrar, 'customer.viewed', customer],
  [23, registrar, 'customer.deleted', target('customer', 'c-0007'), { metadata: { reason: 'twice in the register' } }],
  [2, second, 'client.created', client],
  [3, second, 'client.updated', client, changed({ status: 'prospect' }, { status: 'active' })],
  [23, second, 'client.deleted', target('client', 'cl-003')],
  [4, second, 'property.created', target('property', 'pr-18', 'Flat 18')],
  [6, second, 'property.updated', target('property', 'pr-18', 'Flat 18'), changed({ rent: 640 }, { rent: 655.25 })],
  [24, second, 'property.deleted', target('property', 'pr-02', 'Flat 2')],
  [5, registrar, 'personal_data.created', target('person', 'p-88')],
  [8, registrar, 'personal_data.updated', target('person', 'p-88'), { metadata: { fields: ['address'] } }],
  [24, registrar, 'personal_data.deleted', target('person', 'p-12'), { metadata: { basis: 'request of the person' } }],
  [6, handler, 'appointment.updated', target('appointment', 'ap-310'), changed({ at: '10:00' }, { at: '14:30' })],
  [6, handler, 'note.created', target('note', 'n-77'), { related: [customer] }],
  [7, handler, 'note.viewed', target('note', 'n-77'), { related: [customer] }],
  [9, handler, 'note.deleted', target('note', 'n-70'), { related: [customer] }],
  [8, handler, 'file.uploaded', target('file', 'f-501', 'lease.pdf'), { related: [client] }],
  [9, handler, 'file.downloaded', target('file', 'f-501', 'lease.pdf'), { related: [client] }],
  [15, handler, 'file.deleted', target('file', 'f-498', 'lease-draft.pdf'), { related: [client] }],
  [10, second, 'data.sensitive_viewed', target('person', 'p-88')],
  [10, second, 'data.pii_viewed', target('person', 'p-88')],
  [11, second, 'data.ni_number_viewed', target('person', 'p-88')],
  [11, second, 'data.medical_viewed', target('child', 'ch-14')],
  [16, MANAGER, 'data.bulk_updated', target('listing', 'postal codes'), { metadata: { records: 118 } }],
  [21, MANAGER, 'data.bulk_deleted', target('listing', 'duplicates'), { metadata: { records: 9 } }],
  [21, SYSTEM, 'data.deleted', target('collection', 'drafts older than a year'), { hour: 2 }],
];

const DOCUMENTS: readonly Line[] = [
  [2, registrar, 'document.viewed', target('document', 'd-901', 'Income statement'), { related: [application] }],
  [3, second, 'document.downloaded', target('document', 'd-901', 'Income statement'), { related: [application] }],
  [5, second, 'staff.document_created', target('document', 'd-910', 'Decision')],
  [
    5,
    second,
    'staff.document_updated',
    target('document', 'd-910', 'Decision'),
    changed({ version: 1 }, { version: 2 }),
  ],
  [17, second, 'staff.document_deleted', target('document', 'd-880', 'Decision, draft')],
  [4, registrar, 'record.created', target('record', 'r-1', 'Register of grants')],
  [5, registrar, 'record.read', target('record', 'r-1', 'Register of grants')],
  [
    6,
    registrar,
    'record.updated',
    target('record', 'r-1', 'Register of grants'),
    changed({ grants: 14 }, { grants: 15 }),
  ],
  [17, registrar, 'record.deleted', target('record', 'r-0', 'Register of grants, trial')],
];

const child = target('child', 'ch-14', 'Child 14');
const guardian = target('parent', 'pa-9', 'Parent 9');
const term = target('period', 'autumn', 'Autumn term');

const CHILDCARE: readonly Line[] = [
  [2, second, 'staff.child_created', child, { related: [guardian] }],
  [4, second, 'staff.child_updated', child, changed({ group: 'A' }, { group: 'B' })],
  [18, second, 'staff.child_deleted', target('child', 'ch-02', 'Child 2'), { metadata: { reason: 'moved away' } }],
  [2, second, 'staff.parent_created', guardian],
  [4, second, 'staff.parent_updated', guardian, changed({ language: 'en' }, { language: 'ne' })],
  [18, second, 'staff.parent_deleted', target('parent', 'pa-2', 'Parent 2')],
  [3, second, 'staff.submission_created', target('submission', 'sub-00040')],
  [4, second, 'staff.submission_updated', target('submission', 'sub-00040'), changed({ pages: 3 }, { pages: 4 })],
  [18, second, 'staff.submission_deleted', target('submission', 'sub-00022')],
  [3, MANAGER, 'staff.period_created', term],
  [8, MANAGER, 'staff.period_updated', term, changed({ places: 40 }, { places: 44 })],
  [26, MANAGER, 'staff.period_deleted', target('period', 'trial', 'Trial term')],
  [4, MANAGER, 'staff.user_created', target('user', 'u-carer-1', 'Carer 1')],
  [
    5,
    MANAGER,
    'staff.user_updated',
    target('user', 'u-carer-1', 'Carer 1'),
    changed({ groups: ['A'] }, { groups: ['A', 'B'] }),
  ],
  [26, MANAGER, 'staff.user_deleted', target('user', 'u-carer-0', 'Carer 0')],
  [5, second, 'staff.help_viewed', target('page', 'help')],
];

const weekly = target('report', 'rep-weekly', 'Cases of the week');

const REPORTS: readonly Line[] = [
  [1, MANAGER, 'report.created', weekly],
  [2, MANAGER, 'report.modified', weekly, changed({ columns: 6 }, { columns: 8 })],
  [2, MANAGER, 'report.schedule_created', weekly, changed(null, { cron: '0 6 * * 1' })],
  [9, MANAGER, 'report.schedule_updated', weekly, changed({ cron: '0 6 * * 1' }, { cron: '0 7 * * 1' })],
  [7, SYSTEM, 'report.run_started', weekly, { hour: 7 }],
  [7, SYSTEM, 'report.run_completed', weekly, { hour: 8, metadata: { rows: 48 } }],
  [14, SYSTEM, 'report.run_failed', weekly, { hour: 7, metadata: { error: 'timed out' } }],
  [8, MANAGER, 'report.artefact_downloaded', weekly],
  [26, MANAGER, 'report.schedule_deleted', target('report', 'rep-old', 'Visits')],
  [20, MANAGER, 'data.exported', target('listing', 'applications'), { metadata: { rows: 350, format: 'csv' } }],
  [12, MIGRATION_BOT, 'data.imported', target('register', 'addresses'), { metadata: { rows: 1_204 } }],
  [13, cashier, 'page.dashboard_viewed', target('page', 'dashboard')],
  [13, cashier, 'page.listing_viewed', target('page', 'payments')],
  [13, cashier, 'page.filtered', target('page', 'payments')],
  [13, cashier, 'page.sorted', target('page', 'payments')],
  [13, cashier, 'page.paginated', target('page', 'payments')],
  [13, cashier, 'page.form_viewed', target('page', 'refund')],
];

export function tellRecords(telling: Telling): readonly Told[] {
  const story = new Story('records', telling);
  const lines = [APPLICATIONS, CLIENTS, DOCUMENTS, CHILDCARE, REPORTS].flat();
  for (const line of lines) tellLine(story, line);
  return story.told;
}
