import { METRICS, type MetricName } from '../names/metrics.ts';

/**
 * Metrics in CloudWatch's embedded metric format: one JSON line on standard output becomes a metric without an API call,
 * so emitting costs nothing on the request path and can't fail because of throttling.
 */
type MetricUnit = 'Count' | 'Milliseconds' | 'Seconds' | 'Bytes';

/**
 * Emit one value. Every distinct set of dimensions is a metric of its own (and is billed as one), so dimensions are
 * things of which there are few, such as the function's name; never a tenant, an id or a path.
 */
export function emitMetric(
  name: MetricName,
  value: number,
  unit: MetricUnit = 'Count',
  dimensions: Readonly<Record<string, string>> = {},
): void {
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        { Namespace: METRICS.namespace, Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: name, Unit: unit }] },
      ],
    },
    ...dimensions,
    [name]: value,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
