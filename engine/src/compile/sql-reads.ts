/** What one statement of DuckDB's serialized tree reads and calls. Locations are UTF-8 byte offsets, or null. */
export interface SqlReads {
  readonly tables: readonly TableRead[];
  readonly functions: readonly FunctionCall[];
  /** By name, in no particular order; positional parameters appear as `1`, `2`, … */
  readonly parameters: readonly string[];
  /** `SHOW TABLES` and its kin: they list the catalogue. */
  readonly listings: readonly { readonly at: number | null }[];
}

export interface TableRead {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
  readonly at: number | null;
  /** It has `AT (VERSION => …)`. */
  readonly timeTravel: boolean;
  /** The text gives it a name of its own: `from orders o`. */
  readonly aliased: boolean;
}

export interface FunctionCall {
  readonly kind: 'table' | 'scalar';
  readonly name: string;
  readonly at: number | null;
}

type Node = Readonly<Record<string, unknown>>;
type Scope = ReadonlySet<string>;
interface Visit {
  readonly value: unknown;
  readonly scope: Scope;
}
interface Found {
  tables: TableRead[];
  functions: FunctionCall[];
  parameters: Set<string>;
  listings: { at: number | null }[];
}

/**
 * Walks the tree with an explicit stack, since nesting is as deep as the author likes.
 *
 * Scoping is DuckDB's own, as measured: a WITH entry sees the entries before it and everything around it, not itself
 * and not later ones, also under RECURSIVE; only the right side of a recursive entry's UNION sees the entry itself.
 * Qualified names never mean an entry, but for `recurring.name`.
 */
export function readsOf(statement: unknown): SqlReads {
  const found: Found = { tables: [], functions: [], parameters: new Set(), listings: [] };
  const todo: Visit[] = [{ value: statement, scope: new Set() }];
  for (let visit = todo.pop(); visit !== undefined; visit = todo.pop()) {
    if (Array.isArray(visit.value)) for (const value of visit.value) todo.push({ value, scope: visit.scope });
    else if (isNode(visit.value)) visitNode(visit.value, visit.scope, found, todo);
  }
  return {
    tables: found.tables.sort(byLocation),
    functions: found.functions.sort(byLocation),
    parameters: [...found.parameters],
    listings: found.listings,
  };
}

function visitNode(node: Node, outer: Scope, found: Found, todo: Visit[]): void {
  const scope = enterWith(node, outer, todo);
  note(node, scope, found);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'cte_map' || key === 'named_param_map' || typeof value !== 'object') continue;
    if (key === 'function' && node['type'] === 'TABLE_FUNCTION') {
      todo.push({ value: isNode(value) ? value['children'] : null, scope });
    } else if (node['type'] === 'RECURSIVE_CTE_NODE' && key === 'right') {
      todo.push({ value, scope: new Set([...scope, text(node['cte_name'])]) });
    } else todo.push({ value, scope });
  }
}

/** Visits the entries of a node's WITH, each in the scope it has, and gives the scope of the node's body. */
function enterWith(node: Node, outer: Scope, todo: Visit[]): Scope {
  const entries = isNode(node['cte_map']) ? node['cte_map']['map'] : null;
  if (!Array.isArray(entries) || entries.length === 0) return outer;
  let scope = outer;
  for (const entry of entries) {
    if (!isNode(entry)) continue;
    todo.push({ value: entry['value'], scope });
    scope = new Set([...scope, text(entry['key'])]);
  }
  return scope;
}

function note(node: Node, scope: Scope, found: Found): void {
  const at = location(node['query_location']);
  if (node['class'] === 'PARAMETER') found.parameters.add(String(node['identifier']));
  else if (node['class'] === 'FUNCTION' && node['is_operator'] !== true) {
    found.functions.push({ kind: 'scalar', name: text(node['function_name']), at });
  } else if (node['type'] === 'TABLE_FUNCTION' && isNode(node['function'])) {
    found.functions.push({ kind: 'table', name: text(node['function']['function_name']), at });
  } else if (node['type'] === 'SHOW_REF' && !isNode(node['query'])) found.listings.push({ at });
  else if (node['type'] === 'BASE_TABLE') noteTable(node, at, scope, found);
}

function noteTable(node: Node, at: number | null, scope: Scope, found: Found): void {
  const schema = text(node['schema_name']);
  const name = text(node['table_name']);
  if ((schema === '' || schema === 'recurring') && scope.has(name)) return;
  found.tables.push({
    catalog: text(node['catalog_name']),
    schema,
    name,
    at,
    timeTravel: isNode(node['at_clause']),
    aliased: text(node['alias']) !== '',
  });
}

/** Names compare without case, as DuckDB's do. */
function text(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

function location(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byLocation(a: { at: number | null }, b: { at: number | null }): number {
  return (a.at ?? Number.MAX_SAFE_INTEGER) - (b.at ?? Number.MAX_SAFE_INTEGER);
}
