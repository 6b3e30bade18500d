import { lineageOfCells, listRelations } from '@datacraft/engine';
import type { CellLineage, LineageEdge } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { Output } from './output.ts';
import { exitCodes } from './output.ts';
import { withNotebook } from './run.ts';

/** `datacraft lineage FILE.md [--json]`: of which columns each column is made; nothing runs. */
export async function lineage(args: readonly string[], output: Output): Promise<number> {
  return withNotebook(args, 'lineage', output, async ({ read, input, deps }) => {
    const relations = await listRelations(deps.db);
    const columns = new Map(relations.map((relation) => [relationName(relation.ref), relation.columns]));
    const cells = await lineageOfCells(
      input.compiled.graph,
      (name) => columns.get(name) ?? null,
      (sql) => deps.duck.parse(sql),
    );
    output.out(read.flag('json') ? JSON.stringify({ cells }) : cells.map(lineageText).join('\n'));
    return exitCodes.done;
  });
}

function lineageText({ cell, kind, relation, columns, rows, gaps }: CellLineage): string {
  const width = Math.max(4, ...columns.map(({ name }) => name.length));
  return [
    `${relation ?? cell} (${kind})`,
    ...columns.map(({ name, from }) => `  ${name.padEnd(width)}  ${edgesText(from)}`),
    ...(rows.length === 0 ? [] : [`  ${'rows'.padEnd(width)}  ${edgesText(rows)}`]),
    ...gaps.map((gap) => `  not known: ${gap}`),
    '',
  ].join('\n');
}

function edgesText(edges: readonly LineageEdge[]): string {
  return edges.map(({ table, column, kind, how }) => `${how ?? kind} ${table}.${column}`).join(', ') || '-';
}
