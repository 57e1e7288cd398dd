/**
 * Functions of Trino's, which Athena runs, that DuckDB lacks or has by another name: what the local runtime gives DuckDB
 * before it runs a query, so that the same text means the same in both.
 */
export const TRINO_MACROS: readonly string[] = [
  "CREATE MACRO json_extract_scalar(value, path) AS CASE WHEN json_type(value, path) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(value, path) END",
  'CREATE MACRO normalize(value) AS nfc_normalize(value)',
  'CREATE MACRO json_format(value) AS CAST(value AS VARCHAR)',
  'CREATE MACRO regexp_like(value, pattern) AS regexp_matches(value, pattern)',
  'CREATE MACRO regexp_split(value, pattern) AS regexp_split_to_array(value, pattern)',
  'CREATE MACRO array_join(items, separator) AS array_to_string(items, separator)',
  "CREATE MACRO json_array_contains(value, item) AS CASE json_type(value) WHEN 'ARRAY' THEN list_contains(CAST(value AS JSON[]), to_json(item)) END",
];
