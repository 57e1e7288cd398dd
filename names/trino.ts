/**
 * Functions of Trino's, which Athena runs, that DuckDB lacks or has by another name: what the local runtime gives DuckDB
 * before it runs a query, so that the same text means the same in both.
 */
export const TRINO_MACROS: readonly string[] = [
  "CREATE MACRO json_extract_scalar(value, path) AS CASE WHEN json_type(value, path) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(value, path) END",
  'CREATE MACRO json_format(value) AS CAST(value AS VARCHAR)',
];
