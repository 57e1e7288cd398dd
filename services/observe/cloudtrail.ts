// CloudTrail's records as entries.
import { isIpAddress } from '../../core/entry/ip.ts';
import type { EntryInput, Outcome } from '../../core/entry/schema.ts';
import { MAX_DESCRIPTION, MAX_IDENTIFIER, MAX_USER_AGENT } from '../../core/entry/schema.ts';
import { isJsonObject, type JsonObject } from '../../core/json/value.ts';
import { apiName } from './call.ts';
import { type BusEvent, Unmappable } from './event.ts';
import { actorOf } from './identity.ts';
import { severityOf } from './severity.ts';
import { targetsOf } from './target.ts';
import { actionCode, defined, plainText } from './text.ts';

/** Whoever sends them: AWS itself, or a tool that replays records of a trail under a source of its own. */
const DETAIL_TYPES: ReadonlySet<string> = new Set([
  'AWS API Call via CloudTrail',
  'AWS Console Sign In via CloudTrail',
  'AWS Console Action via CloudTrail',
  'AWS Service Event via CloudTrail',
]);

export function isCloudTrail(event: BusEvent): boolean {
  return DETAIL_TYPES.has(event.detailType);
}

/** A CloudTrail record (CloudTrail user guide, "Record contents for management, data, and network activity events"). */
export function mapCloudTrail(event: BusEvent): EntryInput {
  const record = event.detail;
  const eventName = plainText(record.eventName, MAX_IDENTIFIER);
  const eventSource = plainText(record.eventSource, MAX_IDENTIFIER);
  if (eventName === undefined || eventSource === undefined) {
    throw new Unmappable('not-a-record', 'got no eventName or eventSource, want a CloudTrail record');
  }
  const service = eventSource.replace(/\.amazonaws\.com(\.cn)?$/, '');
  const actor = actorOf(record.userIdentity);
  const outcome = outcomeOf(record);
  const who = actor.name ?? actor.id ?? 'someone unidentified';
  const error = plainText(record.errorCode, MAX_IDENTIFIER);
  const description = `${who} called ${service}:${eventName}${error === undefined ? '' : ` (${error})`}`;
  return defined<EntryInput>({
    action: actionCode(service, apiName(eventName)),
    category: categoryOf(record, service, eventName),
    outcome,
    severity: severityOf({ record, service, name: apiName(eventName), outcome }),
    description: plainText(description, MAX_DESCRIPTION),
    occurredAt: new Date(timeOf(record, event)).toISOString(),
    actor,
    source: sourceOf(record),
    ...targetsOf(record, service),
    context: contextOf(record, actor.type),
  } as EntryInput);
}

function timeOf(record: JsonObject, event: BusEvent): number {
  const time = typeof record.eventTime === 'string' ? Date.parse(record.eventTime) : Number.NaN;
  return Number.isNaN(time) ? event.time : time;
}

/** Error codes of authorization; services spell them differently (`AccessDenied`, `Client.UnauthorizedOperation`). */
const DENIED = /AccessDenied|Unauthorized|NotAuthorized|AuthFailure|Forbidden|AuthorizationError|KMS\.AccessDenied/i;

function outcomeOf(record: JsonObject): Outcome {
  const { errorCode, errorMessage, responseElements } = record;
  if (typeof errorCode === 'string' && errorCode !== '') return DENIED.test(errorCode) ? 'denied' : 'failure';
  if (typeof errorMessage === 'string' && errorMessage !== '') return 'failure';
  if (isJsonObject(responseElements)) {
    if (Object.entries(responseElements).some(([key, value]) => SIGN_IN.has(key) && value === 'Failure'))
      return 'failure';
  }
  return 'success';
}

/** Console sign-in events carry their result under their own name. */
const SIGN_IN: ReadonlySet<string> = new Set(['ConsoleLogin', 'CheckMfa', 'SwitchRole', 'ExitRole']);
const SESSIONS = /^(AssumeRole|AssumeRoot|GetSessionToken|GetFederationToken|CreateToken|Authenticate$|Federate$)/;

function categoryOf(record: JsonObject, service: string, eventName: string): string {
  if (service === 'signin' || (['sts', 'sso', 'sso-oauth'].includes(service) && SESSIONS.test(eventName))) {
    return 'authentication';
  }
  if (record.eventType === 'AwsServiceEvent') return 'system';
  if (record.readOnly === true || record.readOnly === 'true') return 'data_access';
  if (record.managementEvent === false || record.eventCategory === 'Data') return 'data_modification';
  return 'administrative';
}

/** `sourceIPAddress` may be a service's name or `AWS Internal`; that is no address, and the actor says who it was. */
function sourceOf(record: JsonObject): EntryInput['source'] {
  const ip = plainText(record.sourceIPAddress, MAX_IDENTIFIER);
  const userAgent = plainText(record.userAgent, MAX_USER_AGENT);
  const source = defined<NonNullable<EntryInput['source']>>({
    ip: ip !== undefined && isIpAddress(ip) ? ip : undefined,
    userAgent,
  } as NonNullable<EntryInput['source']>);
  return Object.keys(source).length > 0 ? source : undefined;
}

function contextOf(record: JsonObject, actorType: EntryInput['actor']['type']): EntryInput['context'] {
  const identity = isJsonObject(record.userIdentity) ? record.userIdentity : {};
  const console =
    record.sessionCredentialFromConsole === 'true' ||
    record.sessionCredentialFromConsole === true ||
    ['AwsConsoleSignIn', 'AwsConsoleAction'].includes(String(record.eventType));
  return defined<NonNullable<EntryInput['context']>>({
    channel: console ? 'ui' : actorType === 'system' ? 'automation' : 'api',
    requestId: plainText(record.requestID, MAX_IDENTIFIER),
    /** One event in several accounts' trails. */
    correlationId: plainText(record.sharedEventID ?? record.eventID, MAX_IDENTIFIER),
    /** Every session of temporary credentials has an access key of its own. */
    sessionId: plainText(identity.accessKeyId, MAX_IDENTIFIER),
  } as NonNullable<EntryInput['context']>);
}
