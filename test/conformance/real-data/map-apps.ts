// Logs of applications as entries.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Vendor = Record<string, unknown>;

/** Where the vendors keep the same thing, first match wins; a path that leads nowhere is skipped. */
const PATHS = {
  action: [
    'eventType',
    'event_type',
    'EVENT_TYPE',
    'operationName',
    'actionName',
    'action',
    'event',
    'operation',
    'event_type_id',
    'activity',
    'event.OperationName',
    'type',
    'eventtype',
  ],
  actor: [
    'actor.alternateId',
    'actor.email',
    'actor.user.email',
    'actor.gid',
    'actor.details.email',
    'userIdentity.email',
    'created_by.login',
    'USER_ID',
    'user_email',
    'user',
    'actor',
    'actor_id',
    'actor_user_name',
    'user_name',
    'callerIpAddress',
    'actor.name',
  ],
  ip: [
    'client.ipAddress',
    'context.ip_address',
    'ip_address',
    'CLIENT_IP',
    'callerIpAddress',
    'sourceIPAddress',
    'ipaddr',
  ],
  target: ['repo', 'resourceId', 'source.id', 'resource.gid', 'source_id', 'org', 'requestParams.workspaceId'],
  at: [
    'published',
    'created_at',
    'time',
    'timestamp',
    'TIMESTAMP',
    'event.UTCTimestamp',
    'date_create',
    'p_event_time',
  ],
} as const;

/** Reads every `VENDOR.ndjson` of the folder as entries that the API accepts; ids follow from vendor and line. */
export async function mapApps(folder: string): Promise<{ id: string; json: string }[]> {
  const entries: { id: string; json: string }[] = [];
  for (const file of (await readdir(folder)).filter((name) => /^[a-z_]+\.ndjson$/.test(name)).sort()) {
    const vendor = file.replace('.ndjson', '');
    const lines = (await readFile(join(folder, file), 'utf8')).split('\n').filter((line) => line !== '');
    for (const [index, line] of lines.entries()) entries.push(mapRecord(vendor, index, JSON.parse(line)));
  }
  return entries;
}

function mapRecord(vendor: string, index: number, record: Vendor): { id: string; json: string } {
  const id = createHash('sha256').update(`${vendor}:${index}`).digest('hex').slice(0, 32);
  const ip = first(record, PATHS.ip);
  const target = first(record, PATHS.target);
  const entry = {
    id,
    action: `${vendor}.${slug(first(record, PATHS.action) ?? 'event')}`,
    category: 'application',
    actor: { type: 'external', id: (first(record, PATHS.actor) ?? 'unknown').slice(0, 100) },
    occurredAt: instant(record),
    ...(ip !== undefined && /^\d{1,3}(\.\d{1,3}){3}$/.test(ip) ? { source: { ip } } : {}),
    ...(target === undefined ? {} : { target: { type: `${vendor}_object`, id: target.slice(0, 100) } }),
    metadata: { vendor, record },
  };
  return { id, json: JSON.stringify(entry) };
}

function first(record: Vendor, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const value = path.split('.').reduce<unknown>((at, key) => (at as Vendor | undefined)?.[key], record);
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value);
  }
  return undefined;
}

function slug(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? ['event'];
  return words.join('_').replace(/^(\d)/, 'n$1').slice(0, 60);
}

function instant(record: Vendor): string {
  const text = first(record, PATHS.at) ?? '';
  const time = new Date(/^\d+$/.test(text) ? Number(text) : `${text.replace(' ', 'T').replace(/Z?$/, 'Z')}`);
  const known = !Number.isNaN(time.getTime()) && time.getTime() < Date.now() && time.getUTCFullYear() >= 2000;
  return (known ? time : new Date('2023-07-10T12:00:00Z')).toISOString();
}
