/** Metrics as CloudWatch would have them: parsed from log lines in the embedded metric format, and counted by the runtime. */
import { serviceKey } from '../template/provisioner.ts';
import type { LogFile } from './files.ts';

export interface Datum {
  readonly namespace: string;
  readonly name: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

interface EmbeddedMetrics {
  readonly _aws?: {
    readonly Timestamp?: number;
    readonly CloudWatchMetrics?: readonly {
      readonly Namespace?: string;
      readonly Dimensions?: readonly (readonly string[])[];
      readonly Metrics?: readonly { readonly Name: string }[];
    }[];
  };
}

export class Metrics {
  readonly #file: LogFile;
  readonly #listeners: ((datum: Datum) => void)[] = [];

  constructor(file: LogFile) {
    this.#file = file;
  }

  onDatum(listener: (datum: Datum) => void): void {
    this.#listeners.push(listener);
  }

  put(datum: Datum): void {
    this.#file.line({ ...datum, at: new Date(datum.at).toISOString() });
    for (const listener of this.#listeners) listener(datum);
  }

  /** Takes the metrics out of a log line; any other line is none of its business. */
  read(line: string): void {
    if (!line.includes('"_aws"')) return;
    for (const datum of embedded(line)) this.put(datum);
  }
}

function embedded(line: string): Datum[] {
  let record: EmbeddedMetrics & Record<string, unknown>;
  try {
    record = JSON.parse(line) as EmbeddedMetrics & Record<string, unknown>;
  } catch {
    return [];
  }
  const at = record._aws?.Timestamp ?? Date.now();
  return (record._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace = '', Dimensions = [[]], Metrics: names = [] }) =>
    Dimensions.flatMap((keys) => {
      const dimensions = Object.fromEntries(keys.map((key) => [key, String(record[key])]));
      return names.flatMap(({ Name }) =>
        // A metric may hold one value or a list of them.
        [record[Name]]
          .flat()
          .map((value) => ({ namespace: Namespace, name: Name, value: Number(value), dimensions, at })),
      );
    }),
  );
}

export const METRICS = serviceKey<Metrics>('metrics');
