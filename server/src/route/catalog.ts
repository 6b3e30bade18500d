import { createRoute, z } from '@hono/zod-openapi';
import { listRelations, loadTable, snapshotsOf } from '@datacraft/engine';
import type { SnapshotSummary, TableSummary } from '@datacraft/shared';
import { Fault, isLayer } from '@datacraft/shared';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';

const tags = ['Warehouse'];
const tableParam = z.object({ layer: z.string().max(20), name: z.string().max(200) });

const paths = {
  tables: createRoute({
    method: 'get',
    path: '/tables',
    tags,
    summary: 'Published tables and views',
    responses: {
      200: jsonAnswer('Tables', z.array(z.custom<TableSummary>().openapi('Table', { type: 'object' }))),
      ...problems,
    },
  }),
  snapshots: createRoute({
    method: 'get',
    path: '/tables/{layer}/{name}/snapshots',
    tags,
    summary: 'States of a table, newest first',
    request: { params: tableParam },
    responses: {
      200: jsonAnswer('Snapshots', z.array(z.custom<SnapshotSummary>().openapi('Snapshot', { type: 'object' }))),
      ...problems,
    },
  }),
};

export function catalogRoutes(engine: ServerEngine) {
  return (_deps: Deps) =>
    newRoutes()
      .openapi(paths.tables, async (c) => {
        principalOf(c);
        return c.json(await tableSummaries(engine), 200);
      })
      .openapi(paths.snapshots, async (c) => {
        principalOf(c);
        const { layer, name } = c.req.valid('param');
        const table = isLayer(layer) ? await loadTable(engine.run.db, engine.run.lake, { layer, name }) : null;
        if (!table) throw new Fault('not-found', `there is no table ${layer}.${name}`);
        return c.json(
          snapshotsOf(table).map((snapshot) => ({
            snapshotId: snapshot.snapshotId,
            committedAt: new Date(snapshot.committedAtMs).toISOString(),
            operation: snapshot.operation,
            rows: snapshot.rows,
            addedRows: snapshot.addedRows,
            deletedRows: snapshot.deletedRows,
            runId: snapshot.summary['datacraft.run-id'] ?? null,
          })),
          200,
        );
      });
}

async function tableSummaries(engine: ServerEngine): Promise<TableSummary[]> {
  const { db, lake } = engine.run;
  return Promise.all(
    (await listRelations(db)).map(async (relation) => ({
      layer: relation.ref.layer,
      name: relation.ref.name,
      kind: relation.kind,
      rows: relation.rows,
      rejected: relation.rejected,
      sizeBytes: relation.kind === 'view' ? null : ((await loadTable(db, lake, relation.ref))?.sizeBytes ?? null),
      columns: [...relation.columns],
      notebookId: relation.notebookId,
      notebookTitle: relation.ownerTitle,
      cell: relation.cell,
      snapshotId: relation.snapshotId,
      publishedAt: relation.publishedAt.toISOString(),
    })),
  );
}
