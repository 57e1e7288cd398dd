/** AWS::Scheduler::Schedule and AWS::Scheduler::ScheduleGroup. */
import { join } from 'node:path';
import { onlyKnown, optionalString } from '../template/properties.ts';
import { type Provisioner, ROLES, type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import { parseScheduleResource } from './schedule.ts';
import { Scheduler } from './scheduler.ts';

const SCHEDULER = serviceKey<Promise<Scheduler>>('EventBridge Scheduler');

const DEFAULT_GROUP = 'default';

const group: Provisioner = {
  kind: 'AWS::Scheduler::ScheduleGroup',
  provision: async (_logicalId, properties, context) => {
    onlyKnown(properties, ['Name']);
    const name = optionalString(properties, 'Name') ?? context.physicalName();
    (await localScheduler(context)).groups.add(name);
    const Arn = `arn:aws:scheduler:${context.region}:${context.account}:schedule-group/${name}`;
    return { ref: name, attributes: { Arn, State: 'ACTIVE' } };
  },
};

const schedule: Provisioner = {
  kind: 'AWS::Scheduler::Schedule',
  provision: async (_logicalId, properties, context) => {
    const scheduler = await localScheduler(context);
    const name = optionalString(properties, 'Name') ?? context.physicalName();
    const groupName = optionalString(properties, 'GroupName') ?? DEFAULT_GROUP;
    if (!scheduler.groups.has(groupName)) throw new Error(`GroupName ${groupName} does not exist`);
    const arn = `arn:aws:scheduler:${context.region}:${context.account}:schedule/${groupName}/${name}`;
    const parsed = parseScheduleResource(properties, arn);
    // Throws when there is no such role.
    context.service(ROLES).credentials(parsed.target.roleArn);
    scheduler.add(parsed);
    return { ref: name, attributes: { Arn: arn } };
  },
};

export const schedulerProvisioners: readonly Provisioner[] = [group, schedule];

function localScheduler(context: RuntimeContext): Promise<Scheduler> {
  if (!context.has(SCHEDULER)) context.provide(SCHEDULER, open(context));
  return context.service(SCHEDULER);
}

async function open(context: RuntimeContext): Promise<Scheduler> {
  const scheduler = await Scheduler.open(join(context.dataDir, 'scheduler', 'invocations.ndjson'), context);
  context.onStart(() => scheduler.start());
  context.onStop('sources', () => scheduler.stop());
  context.onStop('services', () => scheduler.close());
  return scheduler;
}
