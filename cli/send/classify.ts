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
  const isCloudTrail = ['eventVersion', 'eventSource', 'eventName', 'eventTime'].every(
    (field) => typeof record[field] === 'string',
  );
  return { kind: isCloudTrail ? 'cloudtrail' : 'entry' };
}
