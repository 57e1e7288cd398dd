// Metrics as lines of the log, in CloudWatch's embedded format.
import { METRICS, type MetricName } from '../names/metrics.ts';

/**
 * Metrics in CloudWatch's embedded metric format: one JSON line on standard output becomes a metric without an API call,
 * so emitting costs nothing on the request path and can't fail because of throttling.
 */
type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes';

type Dimensions = Readonly<Record<string, string>>;

/** CloudWatch embedded metric format specification, "Schema". */
export function metricLine(
  time: Date,
  name: MetricName,
  value: number,
  unit: MetricUnit,
  dimensions: Dimensions,
): string {
  const Metrics = [{ Name: name, Unit: unit }];
  const CloudWatchMetrics = [{ Namespace: METRICS.namespace, Dimensions: [Object.keys(dimensions)], Metrics }];
  return `${JSON.stringify({ _aws: { Timestamp: time.getTime(), CloudWatchMetrics }, ...dimensions, [name]: value })}\n`;
}

/**
 * Emit one value. Every distinct set of dimensions is a metric of its own (and is billed as one), so dimensions are
 * things of which there are few, such as the function's name; never a tenant, an id or a path.
 */
export function emitMetric(
  name: MetricName,
  value: number,
  unit: MetricUnit = 'Count',
  dimensions: Dimensions = {},
): void {
  process.stdout.write(metricLine(new Date(), name, value, unit, dimensions));
}
