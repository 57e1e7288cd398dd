/**
 * Functions of Trino's, which Athena runs, as the local runtime gives them to DuckDB before it runs a query, so that the same
 * text means the same in both (test/interop/trino). What DuckDB has alike, and what is refused: local/athena/functions.ts.
 */
const macro = (name: string, ...overloads: readonly string[]): string => `CREATE MACRO ${name}${overloads.join(', ')}`;

const MOST_ARGUMENTS = 8;

/** Of two arguments to eight; `body` is given their names. */
function ofMany(name: string, body: (names: readonly string[]) => string): string {
  const overloads = Array.from({ length: MOST_ARGUMENTS - 1 }, (_, i) => {
    const names = [...'abcdefgh'].slice(0, i + 2);
    return `(${names.join(', ')}) AS ${body(names)}`;
  });
  return macro(name, ...overloads);
}

const unlessNull = (names: readonly string[], body: string): string =>
  `CASE WHEN ${names.map((name) => `${name} IS NULL`).join(' OR ')} THEN NULL ELSE ${body} END`;
const failing = (condition: string, message: string, body: string): string =>
  `CASE WHEN ${condition} THEN error(${message}) ELSE ${body} END`;

const isInexact = "typeof(a) IN ('DOUBLE', 'FLOAT') OR typeof(b) IN ('DOUBLE', 'FLOAT')";
const byZero = (operator: string) =>
  failing(
    `b = 0 AND NOT (${isInexact})`,
    "'DIVISION_BY_ZERO: Division by zero'",
    inexactByZero(`system.main."${operator}"(a, b)`),
  );
/** With integer_division DuckDB has no value for it. */
const inexactByZero = (quotient: string) =>
  `CASE WHEN b = 0 AND (${isInexact}) THEN cast_to_type(CASE WHEN a > 0 THEN 'inf' WHEN a < 0 THEN '-inf' WHEN a = 0 THEN 'nan' END, ${quotient}) ELSE ${quotient} END`;
const isDecimal = `(typeof(a) LIKE 'DECIMAL%' OR typeof(b) LIKE 'DECIMAL%') AND NOT (${isInexact})`;
const DECIMALS =
  "'NOT_SUPPORTED: Decimals are not divided here, since the quotient has another scale: cast one to double'";

/** With integer_division, DuckDB's own operator of whole numbers is `//`. */
const OPERATORS = [
  macro('"/"', `(a, b) AS ${failing(isDecimal, DECIMALS, byZero('/'))}`),
  macro('"//"', `(a, b) AS ${failing(isDecimal, DECIMALS, byZero('//'))}`),
  macro('"%"', `(a, b) AS ${byZero('%')}`),
  macro('mod', '(a, b) AS a % b'),
];

const before = 'value IS NOT NULL AND (start = 0 OR -start > length(value)';
const SUBSTRING = [
  `(value, start) AS CASE WHEN ${before}) THEN '' ELSE system.main.substr(value, start) END`,
  `(value, start, size) AS CASE WHEN ${before} OR size <= 0) THEN '' ELSE system.main.substr(value, start, size) END`,
];
const WHITESPACE = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)";
const trim = (name: string) =>
  macro(
    name,
    `(value) AS system.main.${name}(value, ${WHITESPACE})`,
    `(value, characters) AS system.main.${name}(value, characters)`,
  );
const hash = (name: string) => macro(name, `(value) AS unhex(system.main.${name}(value))`);

/** `$1` is DuckDB's `\1`; a dollar sign of its own has a backslash before it. */
const replacement =
  "replace(system.main.regexp_replace(replace(replacement, '\\$', chr(1)), '\\$(\\d)', '\\\\\\1', 'g'), chr(1), '$')";
const TEXT = [
  ofMany('concat', (names) => names.join(' || ')),
  ofMany('greatest', (names) => unlessNull(names, `system.main.greatest(${names.join(', ')})`)),
  ofMany('least', (names) => unlessNull(names, `system.main.least(${names.join(', ')})`)),
  macro('normalize', '(value) AS nfc_normalize(value)'),
  macro('substr', ...SUBSTRING),
  macro('substring', ...SUBSTRING),
  ...['trim', 'ltrim', 'rtrim'].map(trim),
  macro('split_part', '(value, delimiter, number) AS string_split(value, delimiter)[number]'),
  macro('codepoint', '(value) AS unicode(value)'),
  macro('levenshtein_distance', '(a, b) AS levenshtein(a, b)'),
  macro('to_utf8', '(value) AS encode(value)'),
  macro('from_utf8', '(value) AS decode(value)'),
  macro('from_hex', '(value) AS unhex(value)'),
  ...['md5', 'sha1', 'sha256'].map(hash),
  macro('regexp_like', '(value, pattern) AS regexp_matches(value, pattern)'),
  macro('regexp_split', '(value, pattern) AS regexp_split_to_array(value, pattern)'),
  macro('regexp_count', '(value, pattern) AS len(regexp_extract_all(value, pattern))'),
  macro(
    'regexp_replace',
    "(value, pattern) AS system.main.regexp_replace(value, pattern, '', 'g')",
    `(value, pattern, replacement) AS system.main.regexp_replace(value, pattern, ${replacement}, 'g')`,
  ),
  macro(
    'regexp_extract',
    ...['(value, pattern)', '(value, pattern, number)'].map(
      (parameters, i) =>
        `${parameters} AS CASE WHEN regexp_matches(value, pattern) THEN system.main.regexp_extract(value, pattern, ${i === 0 ? '0' : 'number'}) END`,
    ),
  ),
];

/**
 * MySQL's patterns, which Trino takes, as DuckDB's: in an order in which none is replaced twice. What Trino refuses DuckDB refuses
 * with an exclamation mark; a pattern has to be a constant, which error() never is.
 */
const PATTERNS = [
  ...['%%=\u0001', '%D=%!D', '%U=%!U', '%u=%!u', '%V=%!V', '%w=%!w', '%X=%!X'],
  ...['%M=%B', '%i=%M', '%h=%I', '%s=%S', '%W=%A', '%v=%V', '%x=%G', '%k=%-H', '%l=%-I', '%c=%-m', '%e=%-d'],
  ...['%r=%I:%M:%S %p', '%T=%H:%M:%S', '\u0001=%%'],
];
const translated = PATTERNS.map((pair) => pair.split('=')).reduce(
  (pattern, [from, to]) => `replace(${pattern}, '${from}', '${to}')`,
  'pattern',
);
/** The case keeps DuckDB from asking for a constant before the macro has its arguments. */
const PATTERN = `CASE WHEN pattern IS NULL THEN pattern ELSE ${translated} END`;
/** What is parsed without a year is of 1970 in Trino, and of 1900 in DuckDB. */
const hasYear = "regexp_matches(pattern, '%[Yyx]')";
const dated = `CASE WHEN ${hasYear} THEN value ELSE '1970 ' || value END`;
const DATED_PATTERN = `CASE WHEN ${hasYear} THEN ${translated} ELSE '%Y ' || ${translated} END`;

const UNITS = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'year'];
const whole = (unit: string) => (['millisecond', 'second'].includes(unit) ? 'DOUBLE' : 'INTEGER');
const amounts = UNITS.map((unit) => `WHEN '${unit}' THEN to_${unit}s(CAST(amount AS ${whole(unit)}))`).join(' ');
const NO_UNIT = "'INVALID_FUNCTION_ARGUMENT: ''' || unit || ''' is not a valid time field'";
const isNoUnit = `lower(unit) NOT IN ('quarter', ${UNITS.map((unit) => `'${unit}'`).join(', ')})`;
const FIELDS = {
  ...{ dow: 'isodow', day_of_week: 'isodow', day_of_month: 'day', doy: 'dayofyear', day_of_year: 'dayofyear' },
  ...{ yow: 'isoyear', year_of_week: 'isoyear' },
};
const fields = Object.entries(FIELDS).map(([field, name]) => `WHEN '${field}' THEN system.main.${name}(value)`);
const ISO =
  "strftime(value, '%Y-%m-%dT%H:%M:%S.%g') || CASE typeof(value) WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'Z' ELSE '' END";
const TIMES = [
  macro('date_format', `(value, pattern) AS strftime(value, ${PATTERN})`),
  macro('date_parse', `(value, pattern) AS strptime(${dated}, ${DATED_PATTERN})`),
  macro(
    'date_add',
    `(unit, amount, value) AS cast_to_type(value + CASE lower(unit) ${amounts} WHEN 'quarter' THEN to_months(CAST(3 * amount AS INTEGER)) ELSE error(${NO_UNIT}) END, value)`,
  ),
  macro('date_diff', `(unit, a, b) AS ${failing(isNoUnit, NO_UNIT, 'system.main.date_sub(unit, a, b)')}`),
  macro('date_trunc', '(unit, value) AS cast_to_type(system.main.date_trunc(unit, value), value)'),
  macro('date', '(value) AS CAST(value AS DATE)'),
  macro(
    'date_part',
    `(field, value) AS CASE lower(field) ${fields.join(' ')} ELSE system.main.date_part(field, value) END`,
  ),
  ...Object.entries({ ...FIELDS, week_of_year: 'week' }).map(([name, own]) =>
    macro(name, `(value) AS system.main.${own}(value)`),
  ),
  macro('millisecond', '(value) AS system.main.millisecond(value) % 1000'),
  macro('last_day_of_month', '(value) AS last_day(value)'),
  macro('from_unixtime', '(seconds) AS to_timestamp(CAST(seconds AS DOUBLE))'),
  macro('to_unixtime', '(value) AS epoch(value)'),
  macro('from_iso8601_timestamp', '(value) AS CAST(value AS TIMESTAMPTZ)'),
  macro('from_iso8601_date', '(value) AS CAST(value AS DATE)'),
  macro('to_iso8601', `(value) AS CASE typeof(value) WHEN 'DATE' THEN strftime(value, '%Y-%m-%d') ELSE ${ISO} END`),
];

const isPath = `regexp_matches(path, '^(lax|strict) \\$(\\.\\w+|\\."[^"]+"|\\[\\d+\\])*$')`;
const NO_PATH =
  "'NOT_SUPPORTED: The local runtime reads JSON paths of members and indices alone, behind lax or strict, got ' || path";
const path = failing(`NOT ${isPath}`, NO_PATH, "system.main.regexp_replace(path, '^(lax|strict) ', '')");
const JSONS = [
  macro(
    'json_extract_scalar',
    "(value, path) AS CASE WHEN json_type(value, path) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(value, path) END",
  ),
  macro('json_format', '(value) AS CAST(value AS VARCHAR)'),
  macro('json_parse', '(value) AS CAST(value AS JSON)'),
  macro(
    'json_array_contains',
    "(value, item) AS CASE json_type(value) WHEN 'ARRAY' THEN list_contains(CAST(value AS JSON[]), to_json(item)) END",
  ),
  macro('json_value', `(value, path) AS json_extract_scalar(value, ${path})`),
  macro('json_exists', `(value, path) AS json_type(value, ${path}) IS NOT NULL`),
];

const MOST_ITEMS = 10_000;
const TOO_LONG = `'INVALID_FUNCTION_ARGUMENT: result of sequence function must not have more than ${MOST_ITEMS} entries'`;
const OTHERS = [
  macro('array_join', '(items, separator) AS array_to_string(items, separator)'),
  macro('array_sort', "(items) AS list_sort(items, 'ASC', 'NULLS LAST')"),
  macro('array_distinct', '(items) AS list_filter(items, (item, i) -> list_position(items, item) = i)'),
  macro('array_position', '(items, item) AS coalesce(list_position(items, item), 0)'),
  macro('array_max', '(items) AS list_max(items)'),
  macro('array_min', '(items) AS list_min(items)'),
  macro('element_at', '(items, key) AS items[key]'),
  macro(
    'cardinality',
    "(items) AS CASE json_type(to_json(items)) WHEN 'ARRAY' THEN json_array_length(to_json(items)) ELSE len(json_keys(to_json(items))) END",
  ),
  macro(
    'sequence',
    `(first, last) AS ${failing(`abs(last - first) >= ${MOST_ITEMS}`, TOO_LONG, 'generate_series(first, last)')}`,
    `(first, last, step) AS ${failing(`abs((last - first) // step) >= ${MOST_ITEMS}`, TOO_LONG, 'generate_series(first, last, step)')}`,
  ),
  macro('approx_distinct', '(value) AS count(DISTINCT value)'),
  macro('is_nan', '(value) AS isnan(value)'),
  macro('is_finite', '(value) AS isfinite(value)'),
  macro('is_infinite', '(value) AS isinf(value)'),
  macro('truncate', '(value) AS trunc(value)'),
];

export const TRINO_MACROS: readonly string[] = [...OPERATORS, ...TEXT, ...TIMES, ...JSONS, ...OTHERS];
