import { flowOfColumn, through } from './flow.ts';
import type { Col, Relation, TableSchema } from './relation.ts';
import { allColumns, columnNamed, same } from './relation.ts';
import { fieldType, structType } from './struct-type.ts';
import type { Node } from './tree.ts';

/** One entry of FROM. */
export interface Source {
  readonly alias: string;
  readonly schema: string;
  readonly relation: Relation;
  /** Columns that `*` gives once, with an entry before: those of USING. Lower case. */
  readonly hidden: ReadonlySet<string>;
  /** What USING and NATURAL made of its columns, by lower-case name. */
  readonly merged: ReadonlyMap<string, Col>;
}

/** The names an expression may mean. */
export interface Scope {
  readonly sources: readonly Source[];
  /** Of the select list so far, by lower-case name. */
  readonly aliases: ReadonlyMap<string, Col>;
  readonly parent: Scope | null;
}

export const emptyScope: Scope = { sources: [], aliases: new Map(), parent: null };

/** What stays the same within one query. */
export interface Context {
  table(schema: string, name: string): TableSchema | null;
  readonly entries: ReadonlyMap<string, Relation>;
  /** What could not be told, in words. */
  readonly gaps: Set<string>;
  /** Reads a query node: given, since queries hold expressions that hold queries. */
  query(node: Node | null, context: Context, outer: Scope): Relation;
}

/** Where an expression stands. */
export interface Env {
  readonly context: Context;
  readonly scope: Scope;
  /** Names of lambdas around it. */
  readonly lambdas: ReadonlySet<string>;
  /** What COLUMNS means while its expression is read once for each column. */
  readonly each: Col | null;
}

export function envOf(context: Context, scope: Scope): Env {
  return { context, scope, lambdas: new Set(), each: null };
}

/** The column that dotted names mean, with fields of structs as parts of it; null when nobody has it. */
export function resolve(names: readonly string[], scope: Scope): Col | null {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const found = qualified(names, at) ?? unqualified(names, at) ?? wholeRow(names, at);
    if (found !== null) return found;
  }
  return ofUnknown(names, scope);
}

function qualified(names: readonly string[], scope: Scope): Col | null {
  const [first = '', second, third] = names;
  if (second === undefined) return null;
  for (const source of scope.sources) {
    if (third !== undefined && same(source.schema, first) && same(source.alias, second)) {
      const column = columnNamed(source.relation, third) ?? openColumn(source.relation, third);
      if (column !== null) return field(column, names.slice(3));
    }
    if (!same(source.alias, first)) continue;
    const column = columnNamed(source.relation, second) ?? openColumn(source.relation, second);
    if (column !== null) return field(column, names.slice(2));
  }
  return null;
}

function unqualified(names: readonly string[], scope: Scope): Col | null {
  const [first = ''] = names;
  const column = visible(scope.sources, first);
  if (column !== null) return field(column, names.slice(1));
  const alias = scope.aliases.get(first.toLowerCase());
  return alias === undefined ? null : field(alias, names.slice(1));
}

/** The column that a bare name means among entries of FROM. */
export function visible(sources: readonly Source[], name: string): Col | null {
  for (const { relation, hidden, merged } of sources) {
    if (hidden.has(name.toLowerCase())) continue;
    const column = merged.get(name.toLowerCase()) ?? columnNamed(relation, name);
    if (column !== undefined) return column;
  }
  return null;
}

/** `t` for a row of t. */
function wholeRow(names: readonly string[], scope: Scope): Col | null {
  const [first = ''] = names;
  const source = names.length === 1 ? scope.sources.find(({ alias }) => same(alias, first)) : undefined;
  if (source === undefined) return null;
  return {
    name: first,
    flow: through(allColumns(source.relation), 'transform'),
    type: structType(source.relation.columns),
  };
}

/** A name nobody has may be one of a table whose columns are not known, if there is one such table. */
function ofUnknown(names: readonly string[], scope: Scope): Col | null {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const open = at.sources.filter(({ relation }) => relation.open.length === 1);
    const [first] = open;
    const column = open.length === 1 && first ? openColumn(first.relation, names[0] ?? '') : null;
    if (column !== null) return field(column, names.slice(1));
  }
  return null;
}

function openColumn(relation: Relation, name: string): Col | null {
  const [key] = relation.open;
  return key === undefined || relation.open.length > 1 ? null : { name, flow: flowOfColumn(key, name), type: null };
}

function field(column: Col, path: readonly string[]): Col {
  if (path.length === 0) return column;
  return {
    name: path.at(-1) ?? column.name,
    flow: through(column.flow, 'transform'),
    type: fieldType(column.type, path),
  };
}

/** Everything `*` shows, in its order. */
export function shown(sources: readonly Source[]): readonly Col[] {
  return sources.flatMap(({ relation, hidden, merged }) =>
    relation.columns.flatMap((column) => {
      const name = column.name.toLowerCase();
      return hidden.has(name) ? [] : [{ ...(merged.get(name) ?? column), name: column.name }];
    }),
  );
}

/** Tables behind FROM whose columns are not known. */
export function openOf(scope: Scope): readonly string[] {
  return scope.sources.flatMap(({ relation }) => relation.open);
}
