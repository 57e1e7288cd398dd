/**
 * What a statement reads: DuckDB parses it, and the tree is looked through before it runs. It may read declared tables and
 * what it names itself, and nothing else that DuckDB could reach.
 */
import { QueryFault } from './failure.ts';
import { demandFunction, refuseType } from './functions.ts';
import type { Table } from './table.ts';

// biome-ignore lint/suspicious/noExplicitAny: nodes of DuckDB's tree, whose shapes are not published
type Node = any;

/** One mention of a table, and what its WHERE says of each partition key. */
export interface Scan {
  readonly table: Table;
  /** Values that the injected keys are given, in the order of the table's partitions; undefined for the others. */
  readonly injected: readonly (readonly string[] | undefined)[];
  /** Whether a partition of these values can hold rows that match. */
  readonly admits: (values: readonly string[]) => boolean;
}

/** Sources of rows beside tables. */
const SOURCES = new Set(['SUBQUERY', 'JOIN', 'EMPTY', 'EXPRESSION_LIST']);

export interface Statement {
  readonly scans: readonly Scan[];
  /** It asks for `"$path"`: the object of each row. */
  readonly showsPaths: boolean;
}

/** `tree` is the answer of DuckDB's json_serialize_sql. Throws QueryFault for what Athena would refuse, or this machine does. */
export function readStatement(tree: string, find: (database: string, name: string) => Table | undefined): Statement {
  const parsed = JSON.parse(tree) as Node;
  if (parsed.error) {
    const allowed = 'Only SELECT runs here: the archive is written by nobody but the archive.';
    throw new QueryFault(parsed.error_type === 'parser' ? `SYNTAX_ERROR: ${parsed.error_message}` : allowed);
  }
  if (parsed.statements.length !== 1) throw new QueryFault('SYNTAX_ERROR: only one sql statement is allowed');
  const named = new Set<string>();
  visit(parsed, (node) => {
    for (const { key } of node.cte_map?.map ?? []) named.add(String(key).toLowerCase());
  });
  const scans: Scan[] = [];
  visit(parsed, (node) => {
    if (node.class === 'FUNCTION' || node.class === 'WINDOW') checkFunction(node);
    if (node.cast_type?.id === 'UNBOUND') checkType(node.cast_type);
    if (node.from_table === undefined || node.from_table === null) return;
    const tables = sourcesOf(node.from_table, named, find);
    for (const source of tables) scans.push(scanOf(source, tables.length === 1, conjuncts(node.where_clause)));
  });
  refuseHiddenDecimals(parsed);
  return { scans, showsPaths: readsPaths(parsed) };
}

function visit(node: Node, see: (node: Node) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) see(node);
  for (const inner of Object.values(node)) visit(inner, see);
}

/** A catalog before a name would reach DuckDB's own function instead of Athena's. */
function checkFunction({ function_name, is_operator, catalog }: Node): void {
  const name = String(function_name).toLowerCase();
  demandFunction(catalog ? `${catalog}.${name}` : name, is_operator === true);
}

const LISTS = new Set(['array', 'map', 'row']);

function checkType({ type_info: type }: Node): void {
  const name = String(type?.name).toLowerCase();
  if (!LISTS.has(name)) refuseType(name);
}

/** TRY would make NULL of the refusal to divide decimals (names/trino.ts). The tables have none: constants and casts make them. */
function refuseHiddenDecimals(parsed: Node): void {
  let [divides, decimals] = [false, false];
  visit(parsed, (node) => {
    if (node.type?.id === 'DECIMAL' || node.cast_type?.id === 'DECIMAL') decimals = true;
    if (node.type !== 'OPERATOR_TRY') return;
    visit(node, ({ function_name }) => {
      if (function_name === '/') divides = true;
    });
  });
  if (!divides || !decimals) return;
  throw new QueryFault(
    'NOT_SUPPORTED: TRY of a quotient beside decimals does not run in the local runtime: use double',
  );
}

const PATH = '$path';

/** Athena's hidden columns are no part of `*`. */
function readsPaths(parsed: Node): boolean {
  const hidden = new Set<string>();
  let hasStar = false;
  visit(parsed, (node) => {
    if (node.class === 'STAR') hasStar = true;
    const name = node.class === 'COLUMN_REF' ? String(node.column_names.at(-1)).toLowerCase() : '';
    if (name.startsWith('$')) hidden.add(name);
  });
  const other = [...hidden].find((name) => name !== PATH);
  if (other !== undefined) throw new QueryFault(`NOT_SUPPORTED: column '${other}' does not run in the local runtime`);
  if (hidden.size > 0 && hasStar) {
    throw new QueryFault("NOT_SUPPORTED: '$path' beside * does not run in the local runtime: name the columns");
  }
  return hidden.size > 0;
}

interface Source {
  readonly table: Table;
  readonly alias: string;
}

function sourcesOf(from: Node, named: ReadonlySet<string>, find: Parameters<typeof readStatement>[1]): Source[] {
  if (from.type === 'JOIN') return [from.left, from.right].flatMap((side) => sourcesOf(side, named, find));
  if (SOURCES.has(from.type)) return [];
  if (from.type === 'TABLE_FUNCTION') {
    const name = String(from.function?.function_name).toLowerCase();
    if (name === 'unnest') return [];
    throw new QueryFault(`FUNCTION_NOT_FOUND: table function '${name}' does not run here`);
  }
  if (from.type !== 'BASE_TABLE') throw new QueryFault(`NOT_SUPPORTED: ${from.type} does not run here`);
  const name = String(from.table_name).toLowerCase();
  const database = String(from.schema_name).toLowerCase();
  const table = from.catalog_name === '' ? find(database, name) : undefined;
  if (table !== undefined) return [{ table, alias: String(from.alias || name).toLowerCase() }];
  if (database === '' && from.catalog_name === '' && named.has(name)) return [];
  throw new QueryFault(`TABLE_NOT_FOUND: Table '${[database, name].filter(Boolean).join('.')}' does not exist`);
}

/** What has to hold for every row, as far as AND alone joins it. */
function conjuncts(where: Node): Node[] {
  if (where === null || where === undefined) return [];
  return where.type === 'CONJUNCTION_AND' ? where.children.flatMap(conjuncts) : [where];
}

function scanOf({ table, alias }: Source, alone: boolean, conditions: readonly Node[]): Scan {
  const rules = table.partitions.map(({ name }) => {
    const isColumn = (node: Node): boolean => {
      if (node?.class !== 'COLUMN_REF') return false;
      const names = node.column_names.map((one: string) => one.toLowerCase());
      return names.at(-1) === name && (names.length === 1 ? alone : names.length === 2 && names[0] === alias);
    };
    return conditions.map((condition) => ruleOf(condition, isColumn)).filter((rule) => rule !== undefined);
  });
  const injected = table.partitions.map((partition, i) => {
    if (!partition.injected) return undefined;
    const [first, ...others] = rules[i]!.flatMap(({ values }) => (values === undefined ? [] : [values]));
    if (first !== undefined) return first.filter((value) => others.every((values) => values.includes(value)));
    throw new QueryFault(
      `CONSTRAINT_VIOLATION: For the injected projected partition column ${partition.name}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
    );
  });
  return {
    table,
    injected,
    admits: (partition) => rules.every((of, i) => of.every(({ holds }) => holds(partition[i]!))),
  };
}

interface Rule {
  readonly holds: (value: string) => boolean;
  /** The only ones for which it does. */
  readonly values?: readonly string[];
}

const COMPARISONS: Readonly<Record<string, (value: string, bound: string) => boolean>> = {
  COMPARE_GREATERTHANOREQUALTO: (value, bound) => value >= bound,
  COMPARE_GREATERTHAN: (value, bound) => value > bound,
  COMPARE_LESSTHANOREQUALTO: (value, bound) => value <= bound,
  COMPARE_LESSTHAN: (value, bound) => value < bound,
};

/** What a condition says of a column by constants alone; undefined when it says something else, which rows decide. */
function ruleOf(node: Node, isColumn: (node: Node) => boolean): Rule | undefined {
  if (node.type === 'COMPARE_EQUAL') {
    const other = isColumn(node.left) ? node.right : isColumn(node.right) ? node.left : undefined;
    return oneOf([constant(other)]);
  }
  if (node.type === 'COMPARE_IN' && isColumn(node.children[0])) return oneOf(node.children.slice(1).map(constant));
  if (node.type === 'COMPARE_BETWEEN' && isColumn(node.input)) {
    const [low, high] = [constant(node.lower), constant(node.upper)];
    return low === undefined || high === undefined ? undefined : { holds: (value) => value >= low && value <= high };
  }
  const compare = COMPARISONS[node.type];
  const bound = compare !== undefined && isColumn(node.left) ? constant(node.right) : undefined;
  return bound === undefined ? undefined : { holds: (value) => compare!(value, bound) };
}

function oneOf(constants: readonly (string | undefined)[]): Rule | undefined {
  const values = constants.filter((value) => value !== undefined);
  if (values.length !== constants.length) return undefined;
  return { values, holds: (value) => values.includes(value) };
}

function constant(node: Node): string | undefined {
  const isText = node?.type === 'VALUE_CONSTANT' && node.value?.type?.id === 'VARCHAR' && !node.value.is_null;
  return isText ? String(node.value.value) : undefined;
}
