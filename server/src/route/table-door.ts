import { listRelations, loadRelations, loadTable } from '@datacraft/engine';
import { z } from '@hono/zod-openapi';
import { Fault, isLayer, relationName, say } from '@datacraft/shared';
import { within } from '../auth/permission.ts';
import type { Principal } from '../auth/principal.ts';
import { demandRole } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';

export const tableParam = z.object({ layer: z.string().max(20), name: z.string().max(200) });

/** The table as it is now, for somebody who may read it. Throws `not-found`. */
export async function tableOf(engine: ServerEngine, by: Principal, layer: string, name: string, branch?: string) {
  const { db, lake, mayRead } = await engine.readingAs(by, branch);
  if (isLayer(layer)) {
    const relation = (await loadRelations(db, [{ layer, name }])).get(`${layer}.${name}`);
    const table = relation === undefined || mayRead(relation) ? await loadTable(db, lake, { layer, name }) : null;
    if (table) return table;
  }
  throw new Fault('not-found', say('there is no table {table}', { table: `${layer}.${name}` }));
}

/** What changes a table is for editors of the notebook that publishes it; of the workspace, when none does. */
export async function demandTableEditor(
  engine: ServerEngine,
  { pool }: Deps,
  by: Principal,
  table: string,
): Promise<void> {
  const owner = (await listRelations(engine.run.db)).find((one) => relationName(one.ref) === table);
  const { notebookId = null } = owner ?? {};
  demandRole(notebookId === null ? by : await within(pool, by, notebookId), 'editor');
}
