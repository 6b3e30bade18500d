import type { Cell, Diagnostic, Expectation, ModelSpec, RelationRef, Words } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { Definition } from './definition.ts';
import { unknownName } from './definition.ts';
import { dimensionsRead } from './model-diagnostics.ts';
import { isOneExpression } from './one-expression.ts';
import { meaningOfName, splitTarget, withIntervals } from './names.ts';
import type { Names } from './names.ts';
import { inConfig, inSource } from './report.ts';
import { readsOfTransform } from './transform-reads.ts';
import type { CompiledSelect, Parse } from './select.ts';
import { readSelect } from './select.ts';

/** All that a cell reads, from its text and from its config. */
export interface CellReads {
  readonly sql: string | null;
  readonly dependsOn: readonly string[];
  readonly inputs: readonly string[];
  readonly models: readonly string[];
  readonly tables: readonly RelationRef[];
  readonly sides: readonly RelationRef[];
  readonly sqlMeaning: string;
  /** Where in the text each cell is first named; config references have none. */
  readonly places: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/** What it learns from, and the tables where more is known of its rows. */
function modelReads(cell: Cell, spec: ModelSpec, names: Names): CellReads {
  const from = named(cell, ['from'], spec.from, names);
  const tables = [spec.feature_tables ?? []].flat();
  const more = tables.map((table) => named(cell, ['feature_tables'], table, names));
  return {
    ...from,
    dependsOn: [...new Set([from, ...more].flatMap((each) => each.dependsOn))],
    tables: distinct([from, ...more].flatMap((each) => each.tables)),
    diagnostics: [from, ...more].flatMap((each) => each.diagnostics),
  };
}

type Path = readonly (string | number)[];

export async function readsOfCell(definition: Definition, names: Names, parse: Parse): Promise<CellReads> {
  const { cell, spec } = definition;
  switch (spec.kind) {
    case 'sql': {
      const select = await readSelect(cell.source, withIntervals(names, spec.spec), parse);
      const rules = await readsOfRules(cell, spec.spec.expect ?? [], names, parse);
      const dimensions = dimensionsRead(spec.spec).map(({ path, target }) => named(cell, path, target, names));
      return merge(cell, select, [...rules, ...dimensions]);
    }
    case 'transform': {
      const { select, diagnostics } = await readsOfTransform(cell, spec.spec, withIntervals(names, spec.spec), parse);
      const rules = await readsOfRules(cell, spec.spec.expect ?? [], names, parse);
      const dimensions = dimensionsRead(spec.spec).map(({ path, target }) => named(cell, path, target, names));
      const all = merge(cell, select, [...rules, ...dimensions]);
      return { ...all, diagnostics: [...diagnostics, ...all.diagnostics] };
    }
    case 'source':
      return spec.spec.type === 'table' ? named(cell, ['table'], spec.spec.table, names) : nothing;
    case 'chart':
      return named(cell, ['from'], spec.spec.from, names);
    case 'model':
      return modelReads(cell, spec.spec, names);
    case 'input': {
      const options = spec.spec.options;
      return options !== undefined && 'from' in options
        ? named(cell, ['options', 'from'], options.from, names)
        : nothing;
    }
    default:
      return nothing;
  }
}

const nothing: CellReads = {
  sql: null,
  dependsOn: [],
  inputs: [],
  models: [],
  tables: [],
  sides: [],
  sqlMeaning: '',
  places: new Map(),
  diagnostics: [],
};

/** A name in config: `orders` or `silver.orders`. A missing one was reported with the config. */
function named(cell: Cell, path: Path, text: string, names: Names): CellReads {
  if (text === '') return nothing;
  const { schema, name } = splitTarget(text);
  const meaning = meaningOfName(names, schema, name);
  if (meaning.kind === 'cell') return { ...nothing, dependsOn: [meaning.name] };
  if (meaning.kind === 'side') return { ...nothing, dependsOn: [meaning.cell], sides: [meaning.ref] };
  if (meaning.kind === 'table') return { ...nothing, tables: [meaning.ref] };
  return { ...nothing, diagnostics: [unknownName(cell, path, meaning.message, meaning.suggestion)] };
}

async function readsOfRules(
  cell: Cell,
  rules: readonly Expectation[],
  names: Names,
  parse: Parse,
): Promise<CellReads[]> {
  const reads: CellReads[] = [];
  for (const [index, rule] of rules.entries()) {
    if ('relationships' in rule)
      reads.push(named(cell, ['expect', index, 'relationships', 'to'], rule.relationships.to, names));
    if ('expression' in rule) {
      const diagnostic = await checkExpression(cell, ['expect', index, 'expression'], rule.expression, names, parse);
      if (diagnostic !== null) reads.push({ ...nothing, diagnostics: [diagnostic] });
    }
    if ('sql' in rule) reads.push(await readsOfSqlRule(cell, ['expect', index, 'sql'], rule.sql, names, parse));
  }
  return reads;
}

/** A rule's expression is pasted into SQL of our own, so it must be one expression that reads nothing but the row. */
async function checkExpression(
  cell: Cell,
  path: Path,
  text: string,
  names: Names,
  parse: Parse,
): Promise<Diagnostic | null> {
  const say = (code: string, message: Words) => inConfig(cell, path, { code, message });
  const select = await readSelect(`select (${text}\n)`, names, parse);
  const error = select.findings.find((finding) => finding.severity === 'error');
  if (error !== undefined) return say(error.code, error.message);
  if (select.inputs.length > 0)
    return say('bad-value', 'an expectation may not use inputs: it must mean the same in every run');
  if (select.dependsOn.length + select.tables.length > 0 || !isOneExpression(text)) {
    return say('bad-value', 'an expectation is one expression over the columns of a row, such as `amount >= 0`');
  }
  return null;
}

/** A rule that is a SELECT reads cells and tables as the cell does, and the cell's own rows by its name. */
async function readsOfSqlRule(cell: Cell, path: Path, text: string, names: Names, parse: Parse): Promise<CellReads> {
  const say = (code: string, message: Words) => ({
    ...nothing,
    diagnostics: [inConfig(cell, path, { code, message })],
  });
  const select = await readSelect(text, names, parse);
  const error = select.findings.find((finding) => finding.severity !== 'info');
  if (error !== undefined) return say(error.code, error.message);
  if (select.sql === null || !isOneExpression(select.sql))
    return say('bad-value', 'an expectation `sql` is one SELECT of the rows that must not be');
  if (select.inputs.length > 0)
    return say('bad-value', 'an expectation may not use inputs: it must mean the same in every run');
  const { dependsOn, tables, sides, models } = select;
  return { ...nothing, dependsOn: dependsOn.filter((name) => name !== cell.name), tables, sides, models };
}

function merge(cell: Cell, select: CompiledSelect, rules: readonly CellReads[]): CellReads {
  const findings = select.findings.map(({ offset, ...finding }) => inSource(cell, offset, finding));
  return {
    sql: select.sql,
    dependsOn: [...new Set([...select.dependsOn, ...rules.flatMap((each) => each.dependsOn)])],
    inputs: select.inputs,
    models: [...new Set([...select.models, ...rules.flatMap((each) => each.models)])],
    tables: distinct([...select.tables, ...rules.flatMap((each) => each.tables)]),
    sides: distinct([...select.sides, ...rules.flatMap((each) => each.sides)]),
    sqlMeaning: select.meaning,
    places: select.places,
    diagnostics: [...findings, ...rules.flatMap((each) => each.diagnostics)],
  };
}

function distinct(refs: readonly RelationRef[]): RelationRef[] {
  return [...new Map(refs.map((ref) => [relationName(ref), ref])).values()];
}
