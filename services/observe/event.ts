// Reads an event of EventBridge.
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/value.ts';

/** An EventBridge event, as the bus delivers it to its targets. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Milliseconds. */
  readonly time: number;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/** What can't become an entry. It never carries the event: the dead-letter queue keeps that whole. */
export class Unmappable extends Error {
  override readonly name = 'Unmappable';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function required(event: JsonObject, key: string): string {
  const value = event[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new Unmappable('not-an-event', `got no ${key}, want the envelope of an EventBridge event`);
}

export function readEvent(event: JsonValue): BusEvent {
  if (!isJsonObject(event)) throw new Unmappable('not-an-event', 'got no JSON object, want an EventBridge event');
  const time = Date.parse(required(event, 'time'));
  if (Number.isNaN(time)) throw new Unmappable('not-an-event', 'got a time that is no date, want RFC 3339');
  const { account, region, detail, resources } = event;
  if (!isJsonObject(detail)) throw new Unmappable('not-an-event', 'got a detail that is no object');
  return {
    id: required(event, 'id'),
    source: required(event, 'source'),
    detailType: required(event, 'detail-type'),
    account: typeof account === 'string' ? account : undefined,
    region: typeof region === 'string' ? region : undefined,
    time,
    resources: Array.isArray(resources) ? resources.filter((item) => typeof item === 'string') : [],
    detail,
  };
}

/** Only AWS can put events whose source starts with `aws.`; PutEvents refuses them to everyone else. */
export function isFromAws(source: string): boolean {
  return source.startsWith('aws.');
}
