// Tells entries from CloudTrail's records.
/** What a line is, judged by the fields that only a CloudTrail record has (CloudTrail record contents, 1.08). */
export type LineKind =
  | { readonly kind: 'entry' | 'cloudtrail' }
  | { readonly kind: 'malformed'; readonly reason: string };

export function classify(text: string): LineKind {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'malformed', reason: `not JSON: ${(error as Error).message}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'malformed', reason: 'not a JSON object' };
  }
  const record = value as Record<string, unknown>;
  return { kind: isCloudTrail(record) || isInsight(record) ? 'cloudtrail' : 'entry' };
}

function isCloudTrail(record: Readonly<Record<string, unknown>>): boolean {
  return ['eventVersion', 'eventSource', 'eventName', 'eventTime'].every((field) => typeof record[field] === 'string');
}

/** CloudTrail's own findings say which calls they are about further inside ("Record contents for Insights events"). */
export function isInsight({ eventType, eventTime, insightDetails }: Readonly<Record<string, unknown>>): boolean {
  return eventType === 'AwsCloudTrailInsight' && typeof eventTime === 'string' && typeof insightDetails === 'object';
}
