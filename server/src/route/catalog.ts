import { createRoute, z } from '@hono/zod-openapi';
import { asOfText, diffTable, ledgerOf, listRelations, loadTable, revert } from '@datacraft/engine';
import type { SnapshotSummary, TableDiff, TableLedger, TableSummary } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { latestPublication } from '../store/dashboards.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { branchSchema } from './params.ts';
import { snapshotList } from './snapshot-list.ts';
import { demandTableEditor, tableOf, tableParam } from './table-door.ts';

const tags = ['Warehouse'];

const branchQuery = z.object({ branch: branchSchema });
const diffQuery = branchQuery.extend({
  from: z.string().max(40).openapi({ description: 'A snapshot id, a tag or a time' }),
  to: z.string().max(40).optional().openapi({ description: 'Default: as it is now' }),
  key: z.string().max(1000).optional().openapi({ description: 'Columns that tell rows apart, separated by commas' }),
  limit: z.coerce.number().int().min(0).max(1000).default(100),
});

const paths = {
  tables: createRoute({
    method: 'get',
    path: '/tables',
    tags,
    summary: 'Published tables and views',
    request: { query: branchQuery },
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
    request: { params: tableParam, query: branchQuery },
    responses: {
      200: jsonAnswer('Snapshots', z.array(z.custom<SnapshotSummary>().openapi('Snapshot', { type: 'object' }))),
      ...problems,
    },
  }),
  intervals: createRoute({
    method: 'get',
    path: '/tables/{layer}/{name}/intervals',
    tags,
    summary: 'Which intervals of event time a table has and lacks; null for one that keeps no record',
    request: { params: tableParam, query: branchQuery },
    responses: {
      200: jsonAnswer('Ledger', z.custom<TableLedger | null>().openapi('TableLedger', { type: 'object' })),
      ...problems,
    },
  }),
  diff: createRoute({
    method: 'get',
    path: '/tables/{layer}/{name}/diff',
    tags,
    summary: 'What changed between two states of a table, row by row',
    request: { params: tableParam, query: diffQuery },
    responses: {
      200: jsonAnswer('Changes', z.custom<TableDiff>().openapi('TableDiff', { type: 'object' })),
      ...problems,
    },
  }),
  rollback: createRoute({
    method: 'post',
    path: '/tables/{layer}/{name}/rollback',
    tags,
    summary: 'Take a table back to one of its snapshots, as a new one (editor)',
    request: { params: tableParam, body: jsonBody(z.strictObject({ snapshotId: z.string().regex(/^\d{1,20}$/) })) },
    responses: {
      200: jsonAnswer('The new snapshot', z.object({ snapshotId: z.string(), rows: z.number() })),
      ...problems,
    },
  }),
};

export function catalogRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.tables, async (c) => {
        const { branch } = c.req.valid('query');
        return c.json(await tableSummaries(await engine.readingAs(principalOf(c), branch)), 200);
      })
      .openapi(paths.snapshots, async (c) => {
        const by = principalOf(c);
        const { layer, name } = c.req.valid('param');
        const table = await tableOf(engine, by, layer, name, c.req.valid('query').branch);
        return c.json(await snapshotList(deps.pool, table), 200);
      })
      .openapi(paths.intervals, async (c) => {
        const reading = await engine.readingAs(principalOf(c), c.req.valid('query').branch);
        const { layer, name } = c.req.valid('param');
        return c.json(await ledgerOfTable(engine, deps, `${layer}.${name}`, reading), 200);
      })
      .openapi(paths.diff, async (c) => {
        const by = principalOf(c);
        const { layer, name } = c.req.valid('param');
        const { from, to, key, limit, branch } = c.req.valid('query');
        const { ref } = await tableOf(engine, by, layer, name, branch);
        const columns = (key ?? '').split(',').map((one) => one.trim());
        const request = { ref, from: asOfText(from), key: columns.filter(Boolean), limit, signal: c.req.raw.signal };
        const timeoutMs = deps.config.previewTimeoutMs;
        const diff = await diffTable(
          { ...request, timeoutMs, ...(to === undefined ? {} : { to: asOfText(to) }) },
          await engine.readingAs(by, branch),
        );
        return c.json(diff, 200);
      })
      .openapi(paths.rollback, async (c) => {
        const by = principalOf(c);
        const { layer, name } = c.req.valid('param');
        const { ref } = await tableOf(engine, by, layer, name);
        await demandTableEditor(engine, deps, by, relationName(ref));
        const { snapshotId } = c.req.valid('json');
        const committed = await revert(ref, snapshotId, engine.run, by.userId);
        await audit(deps.pool, by.userId, 'table-rollback', relationName(ref), { snapshotId });
        return c.json({ snapshotId: committed.snapshotId, rows: committed.rows }, 200);
      });
}

/** By the cell as it is published, else as it is being edited. */
async function ledgerOfTable(
  engine: ServerEngine,
  { rooms }: Deps,
  table: string,
  { db, mayRead }: Awaited<ReturnType<ServerEngine['readingAs']>>,
): Promise<TableLedger | null> {
  const relation = (await listRelations(db)).find((each) => relationName(each.ref) === table);
  if (!relation || !mayRead(relation)) throw new Fault('not-found', say('there is no table {table}', { table }));
  const { notebookId } = relation;
  if (notebookId === null) return null;
  const notebook = (await latestPublication(engine.run.db, notebookId))?.document ?? (await rooms.notebook(notebookId));
  const { graph } = await engine.compile(notebook);
  const ledgers = await ledgerOf(db, { graph, only: new Set([relation.cell]), now: engine.run.now() });
  return ledgers.find((each) => each.table === table) ?? null;
}

async function tableSummaries({
  db,
  lake,
  mayRead,
}: Awaited<ReturnType<ServerEngine['readingAs']>>): Promise<TableSummary[]> {
  return Promise.all(
    (await listRelations(db)).filter(mayRead).map(async (relation) => ({
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
      retiredAt: relation.retiredAt?.toISOString() ?? null,
    })),
  );
}
