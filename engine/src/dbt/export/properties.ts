import type { Column, Expectation, Json, SqlSpec } from '@datacraft/shared';
import { relationName, writeYaml } from '@datacraft/shared';
import type { SqlCell } from '../../compile/graph.ts';
import { isSelectCell } from '../../compile/graph.ts';
import { splitTarget } from '../../compile/names.ts';
import { asArgument, standsFor } from './names.ts';
import { folderOfLayer, typeOfTarget } from './project-file.ts';
import type { Outside, ProjectContext } from './project.ts';
import { escaped } from './to-jinja.ts';

type Test = Json;
type Entry = Record<string, Json>;

/** Descriptions, columns and tests of models, a file for each layer. */
export function propertiesOf(context: ProjectContext): [string, string][] {
  return Object.entries(folderOfLayer).flatMap(([layer, folder]): [string, string][] => {
    const cells = [...context.graph.cells.values()]
      .filter(isSelectCell)
      .filter((cell) => cell.relation?.layer === layer && cell.sql !== null && cell.valid);
    if (cells.length === 0) return [];
    const models = cells.map((cell) => modelEntry(cell, context));
    return [[`models/${folder}/_models.yml`, writeYaml({ version: 2, models })]];
  });
}

function modelEntry(cell: SqlCell, context: ProjectContext): Entry {
  const { spec } = cell;
  const tests = testsOf(spec.expect ?? [], context);
  const columns = columnsOf(
    spec,
    context.columns.get(`${cell.relation?.layer ?? ''}.${cell.name}`) ?? [],
    tests.columns,
  );
  return {
    name: cell.name,
    ...(spec.description === undefined ? {} : { description: escaped(spec.description) }),
    ...(isEnforced(spec) ? { config: { contract: { enforced: true } } } : {}),
    ...(tests.model.length === 0 ? {} : { data_tests: tests.model }),
    ...(columns.length === 0 ? {} : { columns }),
  };
}

/** dbt's contracts hold or fail; the other modes are notes. */
export function isEnforced({ contract }: SqlSpec): boolean {
  return contract?.mode === 'freeze' && contract.columns !== undefined;
}

function columnsOf(spec: SqlSpec, published: readonly Column[], tests: ReadonlyMap<string, Test[]>): Entry[] {
  const declared = Object.entries(spec.contract?.columns ?? {});
  const types = new Map([...published.map(({ name, type }) => [name, type] as const), ...declared]);
  const named = isEnforced(spec)
    ? declared.map(([name]) => name)
    : [...types.keys(), ...Object.keys(spec.columns ?? {}), ...tests.keys()];
  return [...new Set(named)].map((name) => {
    const { description, tags } = spec.columns?.[name] ?? {};
    const type = types.get(name);
    return {
      name,
      ...(/^[a-z_][a-z0-9_]*$/i.test(name) ? {} : { quote: true }),
      ...(description === undefined ? {} : { description: escaped(description) }),
      ...(type === undefined ? {} : { data_type: type }),
      ...(tags === undefined || tags.length === 0 ? {} : { config: { tags: [...tags] } }),
      ...(tests.has(name) ? { data_tests: tests.get(name) ?? [] } : {}),
    };
  });
}

interface Tests {
  readonly model: Test[];
  readonly columns: Map<string, Test[]>;
}

/** Rows that rules take out are gone before dbt tests; the others are tests. */
function testsOf(rules: readonly Expectation[], context: ProjectContext): Tests {
  const tests: Tests = { model: [], columns: new Map() };
  const onColumn = (column: string, test: Test) =>
    tests.columns.set(column, [...(tests.columns.get(column) ?? []), test]);
  for (const rule of rules) {
    if ('on_violation' in rule && (rule.on_violation === 'drop' || rule.on_violation === 'quarantine')) continue;
    const isWarning = rule.severity === 'warn' || ('on_violation' in rule && rule.on_violation === 'warn');
    const config: Entry = isWarning ? { config: { severity: 'warn' } } : {};
    const plain = (name: string): Test => (isWarning ? { [name]: config } : name);
    if ('not_null' in rule) for (const column of listOf(rule.not_null)) onColumn(column, plain('not_null'));
    else if ('unique' in rule) {
      const [only = '', ...others] = listOf(rule.unique);
      if (others.length === 0) onColumn(only, plain('unique'));
      else tests.model.push({ unique_together: { columns: [only, ...others], ...config } });
    } else if ('accepted_values' in rule) {
      const { column, values } = rule.accepted_values;
      const isText = values.every((value) => typeof value === 'string');
      if (isText && values.every((value) => !value.includes("'") && escaped(value) === value))
        onColumn(column, { accepted_values: { values: [...values], ...config } });
      else if (values.every((value) => typeof value === 'number'))
        onColumn(column, { accepted_values: { values: [...values], quote: false, ...config } });
      else tests.model.push(expression(`"${column}" in (${values.map(literal).join(', ')})`, config));
    } else if ('relationships' in rule) {
      const { schema, name } = splitTarget(rule.relationships.to);
      const field = rule.relationships.to.split('.')[schema === '' ? 1 : 2] ?? rule.relationships.column;
      const to = standsFor(context, schema, name);
      if (to !== null) onColumn(rule.relationships.column, { relationships: { to: asArgument(to), field, ...config } });
    } else if ('expression' in rule) tests.model.push(expression(rule.expression, config));
    else if ('row_count' in rule) tests.model.push({ row_count_between: { ...rule.row_count, ...config } });
    else if ('freshness' in rule) {
      const { column, max_age } = rule.freshness;
      tests.model.push({ newer_than: { column, max_age, ...config } });
    }
  }
  return tests;
}

function expression(text: string, config: Entry): Test {
  return { expression_holds: { expression: escaped(text), ...config } };
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function listOf(columns: string | readonly string[]): readonly string[] {
  return typeof columns === 'string' ? [columns] : columns;
}

/** What is read and not made, by layer; null when everything is a seed. */
export function sourcesYaml({ outside }: ProjectContext): string | null {
  const layers = new Map<string, Json[]>();
  for (const table of outside.values()) {
    if (table.rows?.kind === 'seed') continue;
    layers.set(table.ref.layer, [...(layers.get(table.ref.layer) ?? []), sourceTable(table)]);
  }
  if (layers.size === 0) return null;
  const sources = [...layers].map(([layer, tables]) => ({ name: layer, schema: layer, tables }));
  return writeYaml({ version: 2, sources });
}

function sourceTable({ ref, cell, columns, rows }: Outside): Json {
  const description =
    cell === null ? undefined : cell.kind === 'source' || cell.kind === 'model' ? cell.spec.description : undefined;
  return {
    name: ref.name,
    ...(description === undefined ? {} : { description: escaped(description) }),
    ...(rows === null
      ? {}
      : { config: { meta: { external_location: `data/${relationName(ref).replace('.', '/')}.parquet` } } }),
    ...(columns.length === 0 ? {} : { columns: columns.map(({ name, type }) => ({ name, data_type: type })) }),
  };
}

export function seedProperties({ outside }: ProjectContext): string | null {
  const seeds = [...outside.values()].flatMap(({ ref, cell, columns, rows }) =>
    rows?.kind === 'seed'
      ? [
          {
            name: ref.name,
            ...(cell?.kind === 'source' && cell.spec.description !== undefined
              ? { description: escaped(cell.spec.description) }
              : {}),
            config: {
              schema: ref.layer,
              column_types: Object.fromEntries(columns.map(({ name, type }) => [name, typeOfTarget(type)])),
            },
          },
        ]
      : [],
  );
  return seeds.length === 0 ? null : writeYaml({ version: 2, seeds });
}
