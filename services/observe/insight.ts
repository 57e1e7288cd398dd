// CloudTrail Insights: unusual rates of calls and of errors, as entries.
import type { EntryInput } from '../../core/entry/schema.ts';
import { MAX_DESCRIPTION, MAX_IDENTIFIER, MAX_NAME } from '../../core/entry/schema.ts';
import { isJsonObject, type JsonObject } from '../../core/json/value.ts';
import type { BusEvent } from './event.ts';
import { defined, plainText } from './text.ts';

const DETAIL_TYPE = 'AWS Insight via CloudTrail';

/** Without details it is news like any other. */
export function isInsight({ detailType, detail }: BusEvent): boolean {
  return detailType === DETAIL_TYPE && isJsonObject(detail.insightDetails);
}

/** One end of an Insights event (CloudTrail user guide, "Record contents for Insights events for trails"). */
export function mapInsight(event: BusEvent): EntryInput {
  const { insightDetails, sharedEventID, eventTime } = event.detail;
  const details = insightDetails as JsonObject;
  const ended = details.state === 'End';
  const service = plainText(details.eventSource, MAX_IDENTIFIER)?.replace(/\.amazonaws\.com(\.cn)?$/, '') ?? 'unknown';
  const call = `${service}:${plainText(details.eventName, MAX_IDENTIFIER) ?? 'unknown'}`;
  const kind = plainText(details.insightType, MAX_IDENTIFIER) ?? 'Insight';
  const error = plainText(details.errorCode, MAX_IDENTIFIER);
  const shared = plainText(sharedEventID, MAX_IDENTIFIER);
  const about = `${call}${error === undefined ? '' : ` (${error})`}`;
  const time = typeof eventTime === 'string' ? Date.parse(eventTime) : Number.NaN;
  return defined<EntryInput>({
    action: `cloudtrail.insight.${ended ? 'ended' : 'started'}`,
    category: 'security',
    outcome: 'unknown',
    severity: ended ? 'info' : 'high',
    description: plainText(`CloudTrail: ${kind} of ${about} ${ended ? 'ended' : 'began'}`, MAX_DESCRIPTION),
    occurredAt: new Date(Number.isNaN(time) ? event.time : time).toISOString(),
    actor: { type: 'system', id: 'cloudtrail.amazonaws.com' },
    target: { type: 'cloudtrail:insight', id: shared ?? call, name: plainText(about, MAX_NAME) },
    context: { channel: 'automation', ...(shared !== undefined && { correlationId: shared }) },
  } as EntryInput);
}
