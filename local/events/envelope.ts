/** One PutEvents entry: what EventBridge refuses, and the event that it makes of the rest. */
import { randomUUID } from 'node:crypto';

/** PutEvents: entries a request, and bytes of all of them together (1 MB since 2026, 256 KB before). */
export const MAX_ENTRIES = 10;
export const MAX_REQUEST_BYTES = 1024 * 1024;

const TIME_BYTES = 14;
const LONGEST_SOURCE = 256;
const LONGEST_DETAIL_TYPE = 128;

export interface Entry {
  readonly Source?: unknown;
  readonly DetailType?: unknown;
  readonly Detail?: unknown;
  readonly Resources?: unknown;
  readonly Time?: unknown;
  readonly EventBusName?: unknown;
  readonly TraceHeader?: unknown;
}

export interface EventEnvelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export interface Origin {
  readonly region: string;
  readonly account: string;
  readonly now: number;
}

/** EventBridge counts the parts, not the JSON around them. */
export function entryBytes(entry: Entry): number {
  const size = (value: unknown) => (typeof value === 'string' ? Buffer.byteLength(value) : 0);
  const resources = Array.isArray(entry.Resources)
    ? entry.Resources.reduce((sum: number, one) => sum + size(one), 0)
    : 0;
  const time = entry.Time === undefined || entry.Time === null ? 0 : TIME_BYTES;
  return time + size(entry.Source) + size(entry.DetailType) + size(entry.Detail) + resources;
}

export function envelope(entry: Entry, origin: Origin): EventEnvelope | EntryError {
  const { Source, DetailType, Detail, Resources = [] } = entry;
  if (typeof Source !== 'string' || Source === '') return required('Source');
  if (Source.length > LONGEST_SOURCE) return invalid('Source', `at most ${LONGEST_SOURCE} characters`);
  if (Source.toLowerCase().startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  if (typeof DetailType !== 'string' || DetailType === '') return required('DetailType');
  if (DetailType.length > LONGEST_DETAIL_TYPE)
    return invalid('DetailType', `at most ${LONGEST_DETAIL_TYPE} characters`);
  if (typeof Detail !== 'string' || Detail === '') return required('Detail');
  if (!Array.isArray(Resources) || !Resources.every((one) => typeof one === 'string')) {
    return invalid('Resources', 'a list of strings');
  }
  const detail = jsonObject(Detail);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const time = entry.Time === undefined || entry.Time === null ? origin.now : timeOf(entry.Time);
  if (Number.isNaN(time)) return invalid('Time', 'a timestamp');
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: origin.account,
    time: seconds(time),
    region: origin.region,
    resources: Resources as string[],
    detail,
  };
}

/** Whole seconds, as EventBridge writes times. */
export function seconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function timeOf(time: unknown): number {
  const value = typeof time === 'number' ? time * 1000 : Date.parse(String(time));
  return Math.abs(value) <= 8.64e15 ? value : Number.NaN;
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function required(name: string): EntryError {
  return invalid(name, `${name} is a required argument`);
}

function invalid(name: string, reason: string): EntryError {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}.` };
}
