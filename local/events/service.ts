/** The EventBridge API at the runtime's AWS endpoint: PutEvents, and what is needed to look at buses and rules. */
import type { AwsRequest, AwsResponse, LocalService, RequiredAction } from '../aws/service.ts';
import type { EventBridge } from './bridge.ts';
import { type Entry, type EntryError, entryBytes, envelope, MAX_ENTRIES, MAX_REQUEST_BYTES } from './envelope.ts';
import { compilePattern, InvalidPattern } from './pattern.ts';
import { busName, type Rule } from './rule.ts';

type Input = Readonly<Record<string, unknown>>;

class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface EventsOptions {
  readonly bridge: EventBridge;
  readonly region: string;
  readonly account: string;
  readonly now: () => number;
}

type Operation = (input: Input, options: EventsOptions) => Promise<unknown> | unknown;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  PutEvents: putEvents,
  ListEventBuses: (_input, options) => ({
    EventBuses: [...options.bridge.buses].map((name) => busView(name, options)),
  }),
  DescribeEventBus: (input, options) => busView(existingBus(input.Name, options), options),
  ListRules: (input, options) => ({
    Rules: options.bridge.rules(existingBus(input.EventBusName, options)).map(ruleView),
  }),
  DescribeRule: (input, options) => ruleView(existingRule(input.Name, input, options)),
  ListTargetsByRule: (input, options) => ({
    Targets: existingRule(input.Rule, input, options).targets.map(({ id, arn }) => ({ Id: id, Arn: arn })),
  }),
  TestEventPattern: testPattern,
};

export function eventsService(options: EventsOptions): LocalService {
  const prefix = `arn:aws:events:${options.region}:${options.account}:`;
  return {
    name: 'events',
    actions: (request) => requiredActions(operationOf(request), inputOf(request), prefix),
    handle: async (request) => {
      try {
        const operation = OPERATIONS[operationOf(request)];
        if (!operation)
          throw new Refused('UnknownOperationException', 'The local runtime does not implement this operation.');
        return answer(200, await operation(inputOf(request), options));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return answer(400, { __type: error.code, message: error.message });
      }
    },
    close: async () => undefined,
  };
}

function operationOf(request: AwsRequest): string {
  return (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
}

function inputOf(request: AwsRequest): Input {
  const input: unknown = JSON.parse(request.body.toString('utf8') || '{}');
  if (typeof input !== 'object' || input === null) throw new Error('The request is not a JSON object.');
  return input as Input;
}

function requiredActions(operation: string, input: Input, prefix: string): RequiredAction[] {
  const busArn = (name: unknown) => `${prefix}event-bus/${busName(name as string | undefined)}`;
  if (operation === 'PutEvents') {
    return entriesOf(input).map((entry) => ({
      action: 'events:PutEvents',
      resource: busArn(entry.EventBusName ?? undefined),
      conditions: { 'events:source': String(entry.Source ?? ''), 'events:detail-type': String(entry.DetailType ?? '') },
    }));
  }
  if (operation === 'DescribeEventBus') return [{ action: 'events:DescribeEventBus', resource: busArn(input.Name) }];
  const rule = input.Rule ?? input.Name;
  if (typeof rule !== 'string') return [{ action: `events:${operation}`, resource: '*' }];
  const bus = busName(input.EventBusName as string | undefined);
  return [{ action: `events:${operation}`, resource: `${prefix}rule/${bus === 'default' ? '' : `${bus}/`}${rule}` }];
}

function entriesOf(input: Input): Entry[] {
  return Array.isArray(input.Entries) ? (input.Entries as Entry[]) : [];
}

/** Entries are accepted or refused one by one; all that is accepted is on disk before the answer. */
async function putEvents(input: Input, options: EventsOptions): Promise<unknown> {
  const entries = entriesOf(input);
  if (entries.length < 1 || entries.length > MAX_ENTRIES) {
    throw new Refused('ValidationException', `Entries must hold 1 to ${MAX_ENTRIES} entries, got ${entries.length}.`);
  }
  if (entries.reduce((sum, entry) => sum + entryBytes(entry), 0) > MAX_REQUEST_BYTES) {
    throw new Refused('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  const Entries = await Promise.all(entries.map((entry) => put(entry, options)));
  return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
}

async function put(entry: Entry, options: EventsOptions): Promise<{ EventId: string } | EntryError> {
  const event = envelope(entry, { region: options.region, account: options.account, now: options.now() });
  if ('ErrorCode' in event) return event;
  const bus = busName((entry.EventBusName ?? undefined) as string | undefined);
  if (!options.bridge.buses.has(bus)) {
    return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${bus} does not exist.` };
  }
  await options.bridge.accept(bus, event);
  return { EventId: event.id };
}

function existingBus(name: unknown, { bridge }: EventsOptions): string {
  const bus = busName((name ?? undefined) as string | undefined);
  if (!bridge.buses.has(bus)) throw new Refused('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
  return bus;
}

function existingRule(name: unknown, input: Input, options: EventsOptions): Rule {
  const bus = existingBus(input.EventBusName, options);
  const rule = options.bridge.rules(bus).find((one) => one.name === name);
  if (!rule) throw new Refused('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
  return rule;
}

function busView(name: string, { region, account }: EventsOptions): Record<string, string> {
  return { Name: name, Arn: `arn:aws:events:${region}:${account}:event-bus/${name}` };
}

function ruleView(rule: Rule): Record<string, unknown> {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.bus,
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    ...(rule.pattern !== undefined && { EventPattern: JSON.stringify(rule.pattern) }),
    ...(rule.scheduleExpression !== undefined && { ScheduleExpression: rule.scheduleExpression }),
  };
}

function testPattern(input: Input): unknown {
  try {
    return { Result: compilePattern(String(input.EventPattern))(JSON.parse(String(input.Event))) };
  } catch (error) {
    if (error instanceof InvalidPattern) throw new Refused('InvalidEventPatternException', error.message);
    throw new Refused('ValidationException', 'Event is not JSON.');
  }
}

function answer(status: number, value: unknown): AwsResponse {
  const body = Buffer.from(JSON.stringify(value));
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'content-length': String(body.length) },
    body,
  };
}
