/** Stream records as Lambda hands them to a function. */
/** As GetRecords answers it, in the wire's JSON: binary values are base64 already. */
export interface WireRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly dynamodb: WireStreamRecord;
  readonly userIdentity?: { readonly PrincipalId: string; readonly Type: string };
}

interface WireStreamRecord {
  readonly ApproximateCreationDateTime: number;
  readonly Keys: Readonly<Record<string, unknown>>;
  readonly NewImage?: unknown;
  readonly OldImage?: unknown;
  readonly SequenceNumber: string;
  readonly SizeBytes: number;
  readonly StreamViewType: string;
}

export interface StreamRecord {
  readonly sequenceNumber: string;
  /** The partition key's value decides the lane, so that one item's changes stay in order. */
  readonly partition: string;
  readonly event: unknown;
  /** Its share of the invocation's payload. */
  readonly bytes: number;
  /** When its age began to count. */
  readonly at: number;
}

/** The emulator rounds the creation time down to the minute. */
const CREATION_ROUNDING_MS = 60_000;

/**
 * `since` is when this runtime began to read: hours in which it was off don't count towards MaximumRecordAgeInSeconds, as on AWS
 * there are none. Otherwise a weekend would discard what nobody had a chance to take.
 */
export function streamRecord(wire: WireRecord, source: RecordSource, readAt: number, since: number): StreamRecord {
  const event = {
    eventID: wire.eventID.replaceAll('-', ''),
    eventName: wire.eventName,
    eventVersion: wire.eventVersion,
    eventSource: 'aws:dynamodb',
    awsRegion: source.region,
    dynamodb: wire.dynamodb,
    eventSourceARN: source.arn,
    ...(wire.userIdentity && {
      userIdentity: { type: wire.userIdentity.Type, principalId: wire.userIdentity.PrincipalId },
    }),
  };
  const created = wire.dynamodb.ApproximateCreationDateTime * 1000;
  return {
    sequenceNumber: wire.dynamodb.SequenceNumber,
    partition: JSON.stringify(wire.dynamodb.Keys[source.partitionKey] ?? null),
    event,
    bytes: Buffer.byteLength(JSON.stringify(event)) + 1,
    at: Math.max(since, Math.min(readAt, created + CREATION_ROUNDING_MS)),
  };
}

export interface RecordSource {
  readonly arn: string;
  readonly region: string;
  readonly partitionKey: string;
}

export interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly SequenceNumberRange: { readonly StartingSequenceNumber: string; readonly EndingSequenceNumber?: string };
}

export interface StreamDescription {
  readonly Shards: readonly Shard[];
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
  readonly LastEvaluatedShardId?: string;
}
