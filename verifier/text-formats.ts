// Formats of exports that any platform writes to the byte: text, without compression.
import type { ExportFormat } from '../services/export/format.ts';
import { CEF } from '../services/export/formats/cef.ts';
import { CSV, CSV_WITH_MARK } from '../services/export/formats/csv.ts';
import { JSON_DOCUMENT } from '../services/export/formats/json.ts';
import { LEEF } from '../services/export/formats/leef.ts';
import { NDJSON } from '../services/export/formats/ndjson.ts';
import { OCSF } from '../services/export/formats/ocsf.ts';
import { SYSLOG } from '../services/export/formats/syslog.ts';
import { XML } from '../services/export/formats/xml.ts';

/** By their names in the API. */
export const TEXT_FORMATS: ReadonlyMap<string, ExportFormat> = new Map(
  [CSV, CSV_WITH_MARK, JSON_DOCUMENT, NDJSON, XML, CEF, LEEF, SYSLOG, OCSF].map((format) => [format.name, format]),
);
