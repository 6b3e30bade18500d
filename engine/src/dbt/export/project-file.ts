import type { Json, Params } from '@datacraft/shared';
import { boundParams, boundTypes, defaultParam, writeYaml } from '@datacraft/shared';
import type { ProjectContext } from './project.ts';
import { escaped } from './to-jinja.ts';

export const PROFILE = 'datacraft';

/** Layers and the folders that dbt projects keep them in. */
export const folderOfLayer = { bronze: 'staging', silver: 'intermediate', gold: 'marts' } as const;

/** A title as the name of a dbt project: letters, digits and `_`. */
export function projectName(title: string): string {
  const plain = title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z]/.test(plain) ? plain.slice(0, 60) : `notebook_${plain}`.slice(0, 60).replace(/_+$/, '');
}

export function projectYaml({ name, inputs, notebook }: ProjectContext): string {
  const vars: Record<string, Json> = {};
  for (const [input, spec] of inputs) Object.assign(vars, rendered(boundParams(input, spec, defaultParam(spec))));
  const layers = Object.entries(folderOfLayer).map(([layer, folder]) => [folder, { '+schema': layer }] as const);
  const tags = notebook.meta['tags'];
  return writeYaml({
    name,
    version: '1.0.0',
    'config-version': 2,
    profile: PROFILE,
    'model-paths': ['models'],
    'seed-paths': ['seeds'],
    'snapshot-paths': ['snapshots'],
    'test-paths': ['tests'],
    'macro-paths': ['macros'],
    flags: { send_anonymous_usage_stats: false },
    ...(Object.keys(vars).length === 0 ? {} : { vars: { [name]: vars } }),
    models: {
      [name]: {
        '+materialized': 'table',
        ...(Array.isArray(tags) && tags.length > 0 ? { '+tags': tags } : {}),
        ...Object.fromEntries(layers),
      },
    },
    seeds: { [name]: { '+quote_columns': true } },
  });
}

/** dbt renders the values of vars as Jinja. */
function rendered(params: Params): Record<string, Json> {
  const value = (each: Json): Json => (typeof each === 'string' ? escaped(each) : each);
  return Object.fromEntries(
    Object.entries(params).map(([name, each]) => [name, Array.isArray(each) ? each.map(value) : value(each)]),
  );
}

/** A file of DuckDB, or `--target postgres`: a server that the environment names, for SQL that both understand. */
export function profilesYaml(name: string): string {
  const env = (key: string, usual: string) => `{{ env_var('${key}', '${usual}') }}`;
  const postgres = {
    type: 'postgres',
    host: env('PGHOST', 'localhost'),
    port: `{{ env_var('PGPORT', '5432') | as_number }}`,
    user: env('PGUSER', 'postgres'),
    password: env('PGPASSWORD', ''),
    dbname: env('PGDATABASE', 'postgres'),
    schema: 'public',
    threads: 2,
  };
  const outputs = { dev: { type: 'duckdb', path: `${name}.duckdb`, threads: 2 }, postgres };
  return writeYaml({ [PROFILE]: { target: 'dev', outputs } });
}

const elsewhere: Readonly<Record<string, string>> = {
  DOUBLE: 'double precision',
  FLOAT: 'real',
  BLOB: 'bytea',
  TINYINT: 'smallint',
  UTINYINT: 'smallint',
  USMALLINT: 'integer',
  UINTEGER: 'bigint',
  UBIGINT: 'numeric(20,0)',
  HUGEINT: 'numeric(39,0)',
};

/** A type of DuckDB where dbt reads YAML: what PostgreSQL calls otherwise is told apart when the project is built. */
export function typeOfTarget(type: string): string {
  const other = elsewhere[type];
  return other === undefined ? type : `{{ '${other}' if target.type == 'postgres' else '${type}' }}`;
}

/** DuckDB's type of each parameter that an input binds. */
export function parameterTypes({ inputs }: Pick<ProjectContext, 'inputs'>): Map<string, string> {
  return new Map([...inputs].flatMap(([name, spec]) => Object.entries(boundTypes(name, spec, defaultParam(spec)))));
}
