/** AWS::Events::EventBus and AWS::Events::Rule. */
import { join } from 'node:path';
import { keyIsNotAsked } from '../kms/ask.ts';
import { onlyKnown, optionalString, string } from '../template/properties.ts';
import { type Provisioner, type RuntimeContext, serviceKey } from '../template/provisioner.ts';
import { EventBridge } from './bridge.ts';
import type { EventEnvelope } from './envelope.ts';
import { busName, DEFAULT_BUS, parseRule } from './rule.ts';
import { eventsService } from './service.ts';

export const EVENTS = serviceKey<Promise<EventBridge>>('EventBridge');

const eventBus: Provisioner = {
  kind: 'AWS::Events::EventBus',
  provision: async (_logicalId, properties, context) => {
    // The bus's own dead-letter queue is for events that its KMS key fails to decrypt; nothing is encrypted in transit here.
    onlyKnown(properties, ['DeadLetterConfig', 'KmsKeyIdentifier', 'LogConfig', 'Name']);
    keyIsNotAsked(context, 'event buses', properties.KmsKeyIdentifier);
    const bridge = await localEvents(context);
    const Name = string(properties, 'Name');
    bridge.buses.add(Name);
    return {
      ref: Name,
      attributes: { Name, Arn: `arn:aws:events:${context.region}:${context.account}:event-bus/${Name}` },
    };
  },
};

const rule: Provisioner = {
  kind: 'AWS::Events::Rule',
  provision: async (_logicalId, properties, context) => {
    const bridge = await localEvents(context);
    const name = optionalString(properties, 'Name') ?? context.physicalName();
    const parsed = parseRule(properties, name, `arn:aws:events:${context.region}:${context.account}:`);
    if (!bridge.buses.has(parsed.bus)) throw new Error(`EventBusName ${parsed.bus} does not exist`);
    bridge.addRule(parsed);
    return { ref: parsed.bus === DEFAULT_BUS ? name : `${parsed.bus}|${name}`, attributes: { Arn: parsed.arn } };
  },
};

export const eventsProvisioners: readonly Provisioner[] = [eventBus, rule];

/**
 * The one EventBridge of a runtime, opened when first asked for. Call it even for a template without rules: the default bus is
 * there on AWS, too.
 */
export function localEvents(context: RuntimeContext): Promise<EventBridge> {
  if (!context.has(EVENTS)) context.provide(EVENTS, open(context));
  return context.service(EVENTS);
}

async function open(context: RuntimeContext): Promise<EventBridge> {
  const bridge = await EventBridge.open(join(context.dataDir, 'events', 'accepted.ndjson'), context);
  const { region, account, clock } = context;
  context.serve(eventsService({ bridge, region, account, now: () => clock.now() }));
  context.target('events', async ({ targetArn, body }) => {
    await bridge.accept(busName(targetArn), JSON.parse(body) as EventEnvelope);
  });
  context.onStart(() => bridge.start());
  context.onStop('sources', () => bridge.stop());
  context.onStop('services', () => bridge.close());
  return bridge;
}
