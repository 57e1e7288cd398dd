/** The properties of AWS::Lambda::EventSourceMapping, with Lambda's defaults and bounds. */
import { compilePattern, type EventMatcher } from '../events/pattern.ts';
import {
  flag,
  object,
  objects,
  onlyKnown,
  optionalNumber,
  optionalString,
  string,
  strings,
} from '../template/properties.ts';
import type { Properties } from '../template/provisioner.ts';

interface CommonSettings {
  readonly enabled: boolean;
  readonly functionArn: string;
  readonly sourceArn: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly reportsItemFailures: boolean;
  /** Absent: everything passes. */
  readonly filter: EventMatcher | undefined;
}

export interface StreamSettings extends CommonSettings {
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly lanes: number;
  readonly bisect: boolean;
  readonly maximumRetries: number;
  readonly maximumAgeMs: number;
  readonly onFailure: string | undefined;
}

export interface QueueSettings extends CommonSettings {
  readonly concurrency: number;
}

const COMMON = [
  'BatchSize',
  'Enabled',
  'EventSourceArn',
  'FilterCriteria',
  'FunctionName',
  'FunctionResponseTypes',
  'MaximumBatchingWindowInSeconds',
  'MetricsConfig',
];

const STREAM_ONLY = [
  'BisectBatchOnFunctionError',
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'MaximumRetryAttempts',
  'ParallelizationFactor',
  'StartingPosition',
];

const LARGEST_STREAM_BATCH = 10_000;
const LARGEST_QUEUE_BATCH = 10_000;
/** Without a window, SQS hands out at most ten messages at once. */
const LARGEST_QUEUE_BATCH_WITHOUT_WINDOW = 10;
const LONGEST_WINDOW_SECONDS = 300;
const DEFAULT_QUEUE_CONCURRENCY = 5;

type RegionAndAccount = { readonly region: string; readonly account: string };

export function streamSettings(properties: Properties, place: RegionAndAccount): StreamSettings {
  onlyKnown(properties, [...COMMON, ...STREAM_ONLY]);
  const startingPosition = string(properties, 'StartingPosition');
  if (startingPosition !== 'TRIM_HORIZON' && startingPosition !== 'LATEST') {
    throw new Error(`StartingPosition ${startingPosition} is not one of TRIM_HORIZON, LATEST`);
  }
  const age = bounded(properties, 'MaximumRecordAgeInSeconds', -1, -1, 604_800);
  const retries = bounded(properties, 'MaximumRetryAttempts', -1, -1, 10_000);
  const destination = object(properties, 'DestinationConfig');
  onlyKnown(destination, ['OnFailure'], 'DestinationConfig.');
  return {
    ...common(properties, place, 100, LARGEST_STREAM_BATCH),
    startingPosition,
    lanes: bounded(properties, 'ParallelizationFactor', 1, 1, 10),
    bisect: flag(properties, 'BisectBatchOnFunctionError'),
    maximumRetries: retries === -1 ? Number.POSITIVE_INFINITY : retries,
    maximumAgeMs: age === -1 ? Number.POSITIVE_INFINITY : age * 1000,
    onFailure: destinationOf(object(destination, 'OnFailure')),
  };
}

export function queueSettings(properties: Properties, place: RegionAndAccount): QueueSettings {
  onlyKnown(properties, [...COMMON, 'ScalingConfig']);
  const settings = common(properties, place, 10, LARGEST_QUEUE_BATCH);
  if (settings.batchSize > LARGEST_QUEUE_BATCH_WITHOUT_WINDOW && settings.windowMs === 0) {
    throw new Error('BatchSize over 10 needs MaximumBatchingWindowInSeconds of at least 1');
  }
  const scaling = object(properties, 'ScalingConfig');
  onlyKnown(scaling, ['MaximumConcurrency'], 'ScalingConfig.');
  return { ...settings, concurrency: bounded(scaling, 'MaximumConcurrency', DEFAULT_QUEUE_CONCURRENCY, 2, 1000) };
}

function destinationOf(onFailure: Properties): string | undefined {
  const arn = optionalString(onFailure, 'Destination');
  const service = arn?.split(':')[2];
  if (service !== undefined && !['sqs', 'sns', 's3'].includes(service)) {
    throw new Error(`DestinationConfig.OnFailure can't be ${arn}: only queues, topics and buckets`);
  }
  return arn;
}

function common(
  properties: Properties,
  place: RegionAndAccount,
  defaultBatch: number,
  largestBatch: number,
): CommonSettings {
  const name = string(properties, 'FunctionName');
  const types = strings(properties, 'FunctionResponseTypes');
  const unknown = types.filter((type) => type !== 'ReportBatchItemFailures');
  if (unknown.length > 0) throw new Error(`FunctionResponseTypes ${unknown.join(', ')} is not ReportBatchItemFailures`);
  return {
    enabled: properties.Enabled === undefined || flag(properties, 'Enabled'),
    functionArn: name.startsWith('arn:') ? name : `arn:aws:lambda:${place.region}:${place.account}:function:${name}`,
    sourceArn: string(properties, 'EventSourceArn'),
    batchSize: bounded(properties, 'BatchSize', defaultBatch, 1, largestBatch),
    windowMs: bounded(properties, 'MaximumBatchingWindowInSeconds', 0, 0, LONGEST_WINDOW_SECONDS) * 1000,
    reportsItemFailures: types.length > 0,
    filter: filterOf(object(properties, 'FilterCriteria')),
  };
}

/** A record passes when any of the patterns matches it. */
function filterOf(criteria: Properties): EventMatcher | undefined {
  onlyKnown(criteria, ['Filters'], 'FilterCriteria.');
  const matchers = objects(criteria, 'Filters').map((filter) => compilePattern(string(filter, 'Pattern')));
  if (matchers.length === 0) return undefined;
  return (record) => matchers.some((matches) => matches(record));
}

function bounded(properties: Properties, name: string, byDefault: number, least: number, most: number): number {
  const value = optionalNumber(properties, name) ?? byDefault;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${name} must be a whole number from ${least} to ${most}, got ${value}`);
  }
  return value;
}
