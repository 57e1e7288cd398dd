/**
 * Which functions run here: those that answer as Athena's do, be it by a macro (local/athena/trino.ts) or because DuckDB has them alike.
 * Every other one is refused by its name, since DuckDB's own would make a query that Athena then refuses or answers otherwise.
 */
import { QueryFault } from './failure.ts';

const RUNS = new Set(
  [
    // Text and bytes.
    'concat concat_ws greatest least length lower upper trim ltrim rtrim replace reverse lpad rpad substr substring strpos',
    'position split split_part starts_with chr codepoint translate normalize levenshtein_distance like_escape nullif row',
    'to_utf8 from_utf8 to_hex from_hex to_base64 from_base64 md5 sha1 sha256',
    'regexp_like regexp_replace regexp_extract regexp_extract_all regexp_split regexp_count',
    // Numbers.
    'abs ceil ceiling floor round sign sqrt cbrt exp ln log2 log10 pow power mod truncate is_nan is_finite is_infinite random pi',
    // Times. The parser makes `to_…` and `trunc` of intervals, and `date_part` of EXTRACT.
    'now date date_add date_diff date_trunc date_format date_parse date_part from_unixtime to_unixtime to_iso8601',
    'from_iso8601_timestamp from_iso8601_date last_day_of_month year quarter month week week_of_year day day_of_month day_of_week',
    'day_of_year dow doy year_of_week yow hour minute second millisecond',
    'to_years to_months to_days to_hours to_minutes to_seconds trunc',
    // JSON.
    'json_extract json_extract_scalar json_format json_parse json_array_length json_array_contains json_value json_exists',
    // Lists.
    'array_join array_sort array_distinct array_position array_max array_min contains cardinality element_at sequence filter unnest',
    // Aggregates and windows.
    'count count_star count_if sum avg min max min_by max_by arbitrary any_value array_agg bool_and bool_or every approx_distinct',
    'stddev stddev_pop stddev_samp variance var_pop var_samp',
    'row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value',
  ].flatMap((names) => names.split(' ')),
);

const OPERATORS = new Set(['+', '-', '*', '/', '%', '||', '~~', '!~~']);

/** Says what to write where DuckDB has none of Trino's. */
const INSTEAD: Readonly<Record<string, string>> = {
  approx_percentile: 'The local runtime does not estimate percentiles.',
  json_array_get: 'Use json_extract with an index in its path.',
  json_query: 'Use json_extract.',
  timezone: 'AT TIME ZONE does not run in the local runtime, where all times are in UTC.',
  transform: 'Use UNNEST.',
  any_match: 'Use UNNEST, or cardinality(filter(…)) > 0.',
};

/** `name`: in lower case. Throws QueryFault. */
export function demandFunction(name: string, isOperator: boolean): void {
  if ((isOperator ? OPERATORS : RUNS).has(name)) return;
  const what = isOperator ? `operator '${name}'` : `function '${name}'`;
  const instead = INSTEAD[name] ?? 'docs/local.md lists those that answer as Athena does.';
  throw new QueryFault(`FUNCTION_NOT_FOUND: ${what} does not run in the local runtime. ${instead}`);
}

const TYPES: Readonly<Record<string, string>> = {
  ipaddress: 'Compare addresses as text, or split them with split_part.',
  ipprefix: 'Compare addresses as text, or split them with split_part.',
};

/** Of a cast whose type DuckDB does not know. Throws QueryFault. */
export function refuseType(name: string): never {
  const instead = TYPES[name] === undefined ? '' : ` ${TYPES[name]}`;
  throw new QueryFault(`NOT_SUPPORTED: type '${name}' does not run in the local runtime.${instead}`);
}

/** Statements of Athena's beside SELECT. */
const CATALOG = new Set(['SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'SUMMARIZE']);

/** Throws QueryFault for a statement that tells of the catalog, by its first word. */
export function refuseStatement(sql: string): void {
  const [, word = ''] = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([a-z]+)\b/i.exec(sql) ?? [];
  if (!CATALOG.has(word.toUpperCase())) return;
  throw new QueryFault(
    `NOT_SUPPORTED: ${word.toUpperCase()} does not run in the local runtime, which runs SELECT alone. The table is segments; docs/athena.md and names/segment.ts have its partitions and columns.`,
  );
}
