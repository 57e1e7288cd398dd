// What runs without anybody: service accounts, webhooks, nightly jobs, and what goes wrong there.
import { changed, type Line, target, tellLine } from './lines.ts';
import { ADMINISTRATOR, IDENTITY_PROVIDER, MIGRATION_BOT, PAYMENT_GATEWAY, REGISTRARS, SYSTEM } from './people.ts';
import { minutes } from './period.ts';
import { Story, type Telling, type Told } from './story.ts';

const record = target('record', 'r-1', 'Register of grants');

const SERVICE_ACCOUNTS: readonly Line[] = [
  [1, MIGRATION_BOT, 'api.auth.success', undefined, { hour: 3 }],
  [1, MIGRATION_BOT, 'api.record_read', record, { hour: 3 }],
  [1, MIGRATION_BOT, 'api.record_created', target('record', 'r-9'), { hour: 3 }],
  [1, MIGRATION_BOT, 'api.record_updated', record, { hour: 3, ...changed({ checked: false }, { checked: true }) }],
  [1, MIGRATION_BOT, 'api.record_deleted', target('record', 'r-8'), { hour: 3 }],
  [
    8,
    MIGRATION_BOT,
    'api.auth.failure',
    undefined,
    { hour: 3, metadata: { reason: 'the client certificate is over' } },
  ],
  [8, MIGRATION_BOT, 'error.unauthorized', undefined, { hour: 3 }],
  [9, MIGRATION_BOT, 'api.auth.success', undefined, { hour: 3 }],
  [9, MIGRATION_BOT, 'api.rate_limited', undefined, { hour: 4, metadata: { requests: 1_200, withinSeconds: 60 } }],
  [9, MIGRATION_BOT, 'api.exported', target('listing', 'registers'), { hour: 4, metadata: { rows: 90 } }],
  [10, PAYMENT_GATEWAY, 'api.accessed', target('endpoint', '/payments')],
  [10, PAYMENT_GATEWAY, 'security.unauthorized_access', target('endpoint', '/cases'), { outcome: 'denied' }],
  [11, SYSTEM, 'webhook.delivery.success', target('webhook', 'accounting')],
  [12, SYSTEM, 'webhook.delivery.failure', target('webhook', 'accounting'), { metadata: { status: 502, attempt: 1 } }],
  [12, SYSTEM, 'integration.failed', target('integration', 'accounting'), { metadata: { status: 502 } }],
  [12, SYSTEM, 'webhook.delivery.success', target('webhook', 'accounting'), { metadata: { attempt: 2 } }],
];

const BY_ITSELF: readonly Line[] = [
  [6, SYSTEM, 'certificate.renewed', target('certificate', 'reports.office.example'), { hour: 4 }],
  [13, SYSTEM, 'data.archived', target('collection', 'closed cases of the year before last'), { hour: 2 }],
  [
    15,
    IDENTITY_PROVIDER,
    'system.event',
    target('service', 'sign-in'),
    { metadata: { event: 'failover to the second node' } },
  ],
  [16, SYSTEM, 'function.failed', target('function', 'resize-preview'), { metadata: { error: 'out of memory' } }],
  [16, SYSTEM, 'error.server', undefined, { metadata: { status: 500, route: '/cases/:id/preview' } }],
  [16, SYSTEM, 'error.api', undefined, { metadata: { route: '/previews' } }],
  [17, REGISTRARS[0]!, 'error.validation', undefined, { metadata: { field: 'postal code' } }],
  [17, REGISTRARS[0]!, 'error.not_found', undefined, { metadata: { route: '/cases/0' } }],
  [17, SYSTEM, 'error.client', undefined],
  [17, SYSTEM, 'error.javascript', undefined, { metadata: { message: 'x is undefined' } }],
  [18, ADMINISTRATOR, 'debug.logged', target('component', 'previews'), { metadata: { level: 'debug', queue: 3 } }],
];

export function tellMachines(telling: Telling): readonly Told[] {
  const story = new Story('machine', telling);
  for (const line of [...SERVICE_ACCOUNTS, ...BY_ITSELF]) tellLine(story, line);
  for (let day = 0; day < telling.period.days; day += 3) tellNight(story, day);
  tellJob(story);
  return story.told;
}

function tellNight(story: Story, day: number): void {
  const id = `backup-${day + 1}`;
  tellLine(story, [day, SYSTEM, 'backup.completed', target('backup', id), { hour: 1, metadata: { gigabytes: 41 } }]);
  tellLine(story, [day, SYSTEM, 'task.run', target('task', 'reminders'), { hour: 5 }]);
  tellLine(story, [day, SYSTEM, 'health.checked', target('service', 'portal'), { hour: 6 }]);
}

/** A nightly import that fails twice and succeeds, each run caused by the one before. */
function tellJob(story: Story): void {
  const begun = story.period.at(19, 2, 10);
  const job = target('job', 'job-address-import', 'Import of addresses');
  const run = (minute: number, action: string, attempt: number, parentId?: string) =>
    story.tell(begun + minutes(minute), {
      ...{ action, ...SYSTEM, target: job, metadata: { attempt } },
      context: {
        ...{ ...story.context('automation'), correlationId: 'job-address-import-19' },
        ...(parentId !== undefined && { parentId }),
      },
    });
  const begin = run(0, 'task.run', 1);
  const first = run(3, 'job.failed', 1, begin);
  const second = run(18, 'job.failed', 2, first);
  run(48, 'task.run', 3, second);
}
