import type { InputSpec } from '@datacraft/shared';
import { cellNamePattern } from '@datacraft/shared';
import { Evaluator } from '../jinja/evaluate.ts';
import type { Expression } from '../jinja/tree.ts';
import { JinjaProblem } from '../jinja/problem.ts';
import type { CallArguments, JinjaFunction, Value } from '../jinja/value.ts';
import { textOf, valueOf } from '../jinja/value.ts';
import { tokensOf } from '../../compile/sql-token.ts';
import type { ProjectNames } from './names.ts';
import type { DbtProject } from './project.ts';
import { isObject } from './project.ts';

/** What running one file of the project tells beside its text. */
export interface Told {
  readonly config: Map<string, Value>;
  readonly refs: Set<string>;
  /** Vars that stay inputs. */
  readonly inputs: Set<string>;
  /** It has parts that are only for later runs. */
  incremental: boolean;
  /** Vars that were decided here. */
  readonly decided: Set<string>;
}

export interface ProjectEnvironment {
  evaluator(told: Told): Evaluator;
  /** Inputs that vars became, by name. */
  readonly inputs: ReadonlyMap<string, InputSpec>;
}

export const nothingTold = (): Told => ({
  config: new Map(),
  refs: new Set(),
  inputs: new Set(),
  incremental: false,
  decided: new Set(),
});

const NULL_KEY = '_dbt_utils_surrogate_key_null_';

export function environmentOf(project: DbtProject, names: ProjectNames): ProjectEnvironment {
  const vars = varsOf(project);
  const inputs = new Map<string, InputSpec>();
  return {
    inputs,
    evaluator(told) {
      const globals = new Map<string, Value>([...constants, ...functionsOf(project, names, vars, told)]);
      const evaluator = new Evaluator({
        globals,
        written: (value, quoted, before) =>
          standsAlone(quoted ? before.slice(0, -1) : before)
            ? inputFor(value, quoted, vars, names, inputs, told)
            : null,
      });
      for (const macro of project.macros) globals.set(macro.name, evaluator.macro(macro));
      const dispatch = fn(({ positional: [name = ''], at }) => {
        const found = ['duckdb__', 'default__']
          .map((prefix) => globals.get(prefix + textOf(name)))
          .find((each) => each !== undefined);
        if (found === undefined) throw new JinjaProblem(`there is no macro default__${textOf(name)}`, at);
        return found;
      });
      globals.set('adapter', new Map<string, Value>([['dispatch', dispatch]]));
      return evaluator;
    },
  };
}

const fn = (call: (args: CallArguments) => Value): JinjaFunction => ({ call });

const constants: readonly (readonly [string, Value])[] = [
  ['execute', true],
  [
    'target',
    new Map<string, Value>([
      ['name', 'dev'],
      ['schema', 'main'],
      ['type', 'duckdb'],
      ['database', 'dev'],
      ['threads', 1],
    ]),
  ],
  ['should_full_refresh', fn(() => false)],
  ['load_cached_relation', fn(() => null)],
  ['load_relation', fn(() => null)],
  ['log', fn(() => '')],
  ['range', fn(({ positional }) => rangeOf(positional.map(Number)))],
  ['dbt_utils', new Map<string, Value>([['generate_surrogate_key', fn(surrogateKey)]])],
];

function rangeOf(given: readonly number[]): number[] {
  const [start, end, step] = given.length === 1 ? [0, given[0] ?? 0, 1] : [given[0] ?? 0, given[1] ?? 0, given[2] ?? 1];
  const count = Math.min(10_000, Math.max(0, Math.ceil((end - start) / (step || 1))));
  return Array.from({ length: count }, (_, index) => start + index * step);
}

/** As dbt_utils writes it. */
function surrogateKey({ positional: [fields = []] }: CallArguments): string {
  const list = Array.isArray(fields) ? (fields as readonly Value[]) : [fields];
  const parts = list.map((field) => `coalesce(cast(${textOf(field)} as varchar), '${NULL_KEY}')`);
  return `md5(cast(${parts.join(" || '-' || ")} as varchar))`;
}

function functionsOf(
  project: DbtProject,
  names: ProjectNames,
  vars: ReadonlyMap<string, Value>,
  told: Told,
): [string, Value][] {
  return [
    ['ref', fn(({ positional, at }) => refOf(positional.map(textOf), names, told, at))],
    [
      'source',
      fn(({ positional: [source = '', table = ''], at }) => {
        const key = `${textOf(source)}.${textOf(table)}`;
        const cell = names.sources.get(key);
        if (cell === undefined)
          throw new JinjaProblem(`no source is called ${key}: declare it in a YAML file of the models`, at);
        told.refs.add(cell);
        return cell;
      }),
    ],
    ['var', fn((args) => varOf(args, vars, told))],
    [
      'config',
      fn(({ positional: [map], named }) => {
        if (map instanceof Map)
          for (const [key, value] of map as ReadonlyMap<string, Value>) told.config.set(key, value);
        for (const [key, value] of named) told.config.set(key, value);
        return '';
      }),
    ],
    [
      'is_incremental',
      fn(() => {
        told.incremental = true;
        return false;
      }),
    ],
    [
      'env_var',
      fn(({ positional: [name = '', other], at }) => {
        if (other === undefined)
          throw new JinjaProblem(`env_var('${textOf(name)}') has no default: the environment is not read`, at);
        return other;
      }),
    ],
    ['doc', fn(({ positional: [name = ''] }) => project.docs.get(textOf(name)) ?? '')],
  ];
}

function refOf(given: readonly string[], names: ProjectNames, told: Told, at: number): string {
  const name = given.at(-1) ?? '';
  const cell = names.nodes.get(name);
  if (cell === undefined) throw new JinjaProblem(`no model, seed or snapshot is called ${name}`, at);
  told.refs.add(cell);
  return cell;
}

function varOf(
  { positional: [name = '', other], at }: CallArguments,
  vars: ReadonlyMap<string, Value>,
  told: Told,
): Value {
  const key = textOf(name);
  const value = vars.get(key) ?? other;
  if (value === undefined) throw new JinjaProblem(`var('${key}') has no value in dbt_project.yml and no default`, at);
  told.decided.add(key);
  return value;
}

/** Vars of the project as a whole, and of its own name. */
function varsOf({ config, name }: DbtProject): Map<string, Value> {
  const all = config['vars'];
  if (!isObject(all)) return new Map();
  const own = all[name];
  const entries = [
    ...Object.entries(all).filter(([, value]) => !isObject(value)),
    ...(isObject(own) ? Object.entries(own) : []),
  ];
  return new Map(entries.map(([key, value]) => [key, valueOf(value)]));
}

/** Whether a text ends outside texts and comments of SQL. */
function standsAlone(before: string): boolean {
  return tokensOf(`${before} 1`).at(-1)?.kind === 'number';
}

/** A var that stands where SQL takes a value becomes an input: `{{ var('n') }}` a number, `'{{ var("day") }}'` a date or text. */
function inputFor(
  value: Expression,
  quoted: boolean,
  vars: ReadonlyMap<string, Value>,
  names: ProjectNames,
  inputs: Map<string, InputSpec>,
  told: Told,
): { text: string; unquotes: boolean } | null {
  if (value.kind !== 'call' || value.callee.kind !== 'name' || value.callee.name !== 'var') return null;
  const [name, other] = value.args.positional;
  if (name?.kind !== 'literal' || typeof name.value !== 'string' || !cellNamePattern.test(name.value)) return null;
  const given = vars.get(name.value) ?? (other?.kind === 'literal' ? other.value : undefined);
  const spec = given === undefined ? null : inputSpec(given, quoted);
  if (
    spec === null ||
    (!inputs.has(name.value) && [...names.nodes.values(), ...names.sources.values()].includes(name.value))
  )
    return null;
  const known = inputs.get(name.value);
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(spec)) return null;
  inputs.set(name.value, spec);
  told.inputs.add(name.value);
  return { text: `$${name.value}`, unquotes: quoted };
}

function inputSpec(value: Value, quoted: boolean): InputSpec | null {
  if (!quoted && typeof value === 'number') return { type: 'number', default: value };
  if (!quoted && typeof value === 'boolean') return { type: 'boolean', default: value };
  if (!quoted || typeof value !== 'string') return null;
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? { type: 'date', default: value } : { type: 'text', default: value };
}
