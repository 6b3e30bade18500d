/** Which columns are made of which: as published for the workspace, as written for a notebook that is being edited. */
import { createRoute, z } from '@hono/zod-openapi';
import { lineageOfCells, listRelations, loadLineage } from '@datacraft/engine';
import type { LineageGraph, Notebook, PlacedLineage } from '@datacraft/shared';
import { Fault, indexLineage, keyOf, lineageGraph, partOf, relationName, say } from '@datacraft/shared';
import type { Principal } from '../auth/principal.ts';
import { readableBy } from '../auth/table-access.ts';
import { branchAsked } from '../branch/asked.ts';
import { fileOwners } from '../branch/store.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { branchSchema } from './params.ts';
import { idParam, jsonAnswer, newRoutes, problems } from './answer.ts';

const tags = ['Lineage'];
const graphAnswer = jsonAnswer(
  'Cells and tables with their columns, and links between columns',
  z.custom<LineageGraph>().openapi('LineageGraph', { type: 'object' }),
);
const tableQuery = z.object({
  table: z
    .string()
    .max(300)
    .regex(/^[^.]+\.[^.]+$/)
    .openapi({ description: 'A published table, `layer.name`', example: 'gold.sales' }),
  column: z.string().max(300).optional().openapi({ description: 'Default: all columns of the table' }),
  direction: z.enum(['up', 'down']).optional().openapi({ description: 'Default: both' }),
  branch: branchSchema,
});

const paths = {
  ofTable: createRoute({
    method: 'get',
    path: '/lineage',
    tags,
    summary: 'Of what a published table or column is made, and what is made of it, across notebooks',
    request: { query: tableQuery },
    responses: { 200: graphAnswer, ...problems },
  }),
  ofNotebook: createRoute({
    method: 'get',
    path: '/notebooks/{id}/lineage',
    tags,
    summary: 'The columns of a notebook as it is written now, with what they are made of and what reads them elsewhere',
    request: { params: idParam },
    responses: { 200: graphAnswer, ...problems },
  }),
};

export function lineageRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.ofTable, async (c) => {
        const principal = principalOf(c);
        const { table, column, direction, branch } = c.req.valid('query');
        const stored =
          branch === undefined
            ? await loadLineage(engine.run.db)
            : await branchLineage(engine, deps, await branchAsked(deps.pool, principal, branch));
        const graph = lineageGraph(await seenBy(principal, stored, deps));
        const node = graph.nodes.find(({ key }) => key === table);
        if (node === undefined || node.kind === 'table')
          throw new Fault(
            'not-found',
            say('there is no lineage of {table}: run the notebook that makes it once', { table }),
          );
        if (column !== undefined && !node.columns.some(({ name }) => name === column))
          throw new Fault('not-found', say('{table} has no column {column}', { table, column }));
        return c.json(reachedPart(graph, [table], column ?? null, direction), 200);
      })
      .openapi(paths.ofNotebook, async (c) => {
        const principal = principalOf(c);
        const { id } = c.req.valid('param');
        const own = await draftLineage(engine, id, await deps.rooms.notebook(id));
        const others = await seenBy(principal, await lineageBeside(engine, deps, id), deps);
        const graph = lineageGraph([...own, ...others]);
        return c.json(reachedPart(graph, own.map(keyOf), null), 200);
      });
}

/** What other notebooks published; what a branch's notebook makes under the same names is not what the branch makes. */
async function lineageBeside(engine: ServerEngine, { pool }: Deps, id: string): Promise<PlacedLineage[]> {
  const parent = await fileOwners(pool)(id);
  return (await loadLineage(engine.run.db)).filter(({ notebookId }) => notebookId !== id && notebookId !== parent);
}

/** As published there. */
async function branchLineage(engine: ServerEngine, deps: Deps, id: string): Promise<PlacedLineage[]> {
  const own = (await loadLineage(engine.inside(id).db)).filter(({ notebookId }) => notebookId === id);
  return [...own, ...(await lineageBeside(engine, deps, id))];
}

/** Columns of tables are known to a notebook that may read them. */
async function draftLineage(engine: ServerEngine, id: string, notebook: Notebook): Promise<PlacedLineage[]> {
  const { graph } = await engine.compile(notebook);
  const { db, mayRead } = await engine.readingIn(id);
  const relations = [...(await listRelations(engine.run.db)), ...(await listRelations(db))].filter(mayRead);
  const columns = new Map(relations.map((relation) => [relationName(relation.ref), relation.columns]));
  const cells = await lineageOfCells(
    graph,
    (name) => columns.get(name) ?? null,
    (sql) => engine.run.duck.parse(sql),
  );
  const { key: owner } = ownerOf(id, notebook.title);
  return cells.map((cell) => ({ ...cell, owner, notebookId: id, notebookTitle: notebook.title }));
}

/** What is in a notebook, its tables too, is for those who may open it; to others it looks as if it were not there. */
async function seenBy(principal: Principal, cells: readonly PlacedLineage[], deps: Deps): Promise<PlacedLineage[]> {
  const mayRead = await readableBy(deps.pool, principal);
  return cells.filter(({ notebookId, owner }) => mayRead({ notebookId, ownerKey: owner }));
}

function reachedPart(
  graph: LineageGraph,
  starts: readonly string[],
  column: string | null,
  direction?: 'up' | 'down',
): LineageGraph {
  const index = indexLineage(graph);
  const directions = direction === undefined ? (['up', 'down'] as const) : [direction];
  const keep = new Set(starts);
  for (const key of starts) {
    for (const way of directions) for (const reached of index.reach({ key, column }, way).keys()) keep.add(reached);
  }
  return partOf(graph, keep);
}
