import { isLayer, relationName } from '@datacraft/shared';
import type { CompiledCell, Graph } from '../../compile/graph.ts';
import { isSelectCell } from '../../compile/graph.ts';
import { parameterTypes } from './project-file.ts';
import type { Outside, ProjectContext } from './project.ts';
import type { JinjaNames } from './to-jinja.ts';

/** Names that composed SQL uses for what only dbt has: the table as it is, a snapshot. */
export type OwnNames = Readonly<Record<string, string>>;

export function jinjaNames(context: ProjectContext, own: OwnNames = {}): JinjaNames {
  const types = parameterTypes(context);
  return {
    table: (schema, name) => (schema === '' ? own[name] : undefined) ?? standsFor(context, schema, name),
    parameter: (name) => {
      const type = types.get(name);
      return type === undefined ? null : `{{ parameter('${name}', '${type}') }}`;
    },
  };
}

/** What `cell` or `layer.name`, as a person wrote it, is in the project. */
export function standsFor(context: ProjectContext, schema: string, name: string): string | null {
  const cell = cellCalled(context.graph, schema, name);
  if (isSelectCell(cell)) return refTo(cell.name);
  const key = cell?.relation ? relationName(cell.relation) : `${schema}.${name}`;
  const outside = context.outside.get(key);
  if (outside) return outsideRef(outside);
  const quarantined = /^(.+)_quarantine$/.exec(name)?.[1];
  const keeper = quarantined === undefined ? undefined : cellCalled(context.graph, schema, quarantined);
  return isSelectCell(keeper) && schema !== '' ? refTo(name) : null;
}

function cellCalled(graph: Graph, schema: string, name: string): CompiledCell | undefined {
  if (schema === '') return graph.cells.get(name);
  if (!isLayer(schema)) return undefined;
  return [...graph.cells.values()].find(({ relation }) => relation?.layer === schema && relation.name === name);
}

export function refTo(name: string): string {
  return `{{ ref('${name}') }}`;
}

export function outsideRef({ ref, rows }: Outside): string {
  return rows?.kind === 'seed' ? refTo(ref.name) : `{{ source('${ref.layer}', '${ref.name}') }}`;
}

/** `ref('x')` or `source('l', 'x')` as values of YAML take it: without the braces. */
export function asArgument(expression: string): string {
  return expression.replace(/^\{\{ | \}\}$/g, '');
}
