/** What the steps of an export are given and answer. */

export interface ExportTask {
  readonly tenant: string;
  readonly id: string;
  readonly gaveUp?: boolean;
}

export interface ExportStep extends ExportTask {
  readonly done: boolean;
  /** Seconds until there may be more to do; at least 1. */
  readonly waitSeconds: number;
}
