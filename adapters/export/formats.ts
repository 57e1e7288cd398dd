import type { ExportFormat } from '../../services/export/format.ts';
import { CSV } from '../../services/export/formats/csv.ts';
import { JSON_DOCUMENT } from '../../services/export/formats/json.ts';
import { NDJSON } from '../../services/export/formats/ndjson.ts';

/** Every format, by its name in the API. */
export const EXPORT_FORMATS: ReadonlyMap<string, ExportFormat> = new Map(
  [NDJSON, CSV, JSON_DOCUMENT].map((format) => [format.name, format]),
);
