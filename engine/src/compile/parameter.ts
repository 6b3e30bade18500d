import type { InputSpec, Params, ParamValue } from '@datacraft/shared';
import {
  Fault,
  boundParams,
  boundTypes,
  checkParam,
  defaultParam,
  nearest,
  parseParam,
  say,
  asSaid,
} from '@datacraft/shared';
import type { Graph } from './graph.ts';
import { didYouMean } from './report.ts';

/** A session variable that stands for `$name`. */
export interface Variable {
  readonly name: string;
  readonly value: ParamValue;
  /** DuckDB's type, to which the value is cast. */
  readonly type: string;
}

/**
 * The value of every input by its name: given, or its default. Texts for other types are read as a command line gives
 * them. An unknown name or a value that does not fit is a Fault `bad-request`.
 */
export function inputValues(graph: Graph, given: Params, today?: string): Map<string, ParamValue> {
  const specs = inputSpecs(graph);
  for (const name of Object.keys(given)) if (!specs.has(name)) throw unknownInput(name, specs);
  const values = new Map<string, ParamValue>();
  for (const [name, spec] of specs)
    values.set(name, Object.hasOwn(given, name) ? fitting(name, spec, given[name]) : defaultOf(spec, today));
  return values;
}

/** The variables that the named inputs bind. */
export function variablesOf(
  graph: Graph,
  inputs: Iterable<string>,
  values: ReadonlyMap<string, ParamValue>,
): Variable[] {
  const variables: Variable[] = [];
  for (const name of inputs) {
    const cell = graph.cells.get(name);
    if (cell?.kind !== 'input') continue;
    const value = values.get(name) ?? null;
    const bound = boundParams(name, cell.spec, value);
    const types = boundTypes(name, cell.spec, value);
    for (const [variable, type] of Object.entries(types))
      variables.push({ name: variable, value: bound[variable] ?? null, type });
  }
  return variables;
}

function inputSpecs(graph: Graph): Map<string, InputSpec> {
  return new Map([...graph.cells.values()].flatMap((cell) => (cell.kind === 'input' ? [[cell.name, cell.spec]] : [])));
}

function unknownInput(name: string, specs: ReadonlyMap<string, InputSpec>): Fault {
  const hint =
    didYouMean(nearest(name, [...specs.keys()])) || (specs.size === 0 ? say(': this notebook has none') : '');
  return new Fault('bad-request', say('no input is called `{name}`{hint}', { name, hint }), { parameter: name });
}

function fitting(name: string, spec: InputSpec, value: ParamValue | undefined): ParamValue {
  const given = value ?? null;
  const problem = checkParam(spec, given);
  if (problem === null) return given;
  const parsed = typeof given === 'string' ? parseParam(spec, given) : null;
  if (parsed?.kind === 'value') return parsed.value;
  throw new Fault(
    'bad-request',
    say('the input `{name}` does not take that value: {message}', {
      name,
      message: asSaid(parsed?.message ?? problem),
    }),
    {
      parameter: name,
    },
  );
}

/** `today` in a default is the caller's day, since nothing here reads a clock. */
function defaultOf(spec: InputSpec, today: string | undefined): ParamValue {
  const value = defaultParam(spec);
  if (today === undefined || (spec.type !== 'date' && spec.type !== 'daterange')) return value;
  if (Array.isArray(value)) return value.map((end) => (end === 'today' ? today : end));
  return value === 'today' ? today : value;
}
