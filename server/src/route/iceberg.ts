import { answerRest, listRelations, listTables, loadTable, restText } from '@datacraft/engine';
import type { RestReads } from '@datacraft/engine';
import type { RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { Principal } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { newRoutes } from './answer.ts';

/** Iceberg's REST catalog, reads only: other engines find the published tables here with an API token. */
export function icebergRoutes(engine: ServerEngine) {
  return (_deps: Deps) => {
    const routes = newRoutes();
    routes.all('/iceberg/*', async (c) => {
      const reads = await readsOf(principalOf(c), engine);
      const url = new URL(c.req.url);
      const path = url.pathname.slice('/iceberg/'.length);
      const answer = await answerRest({ method: c.req.method, path, query: url.searchParams }, reads);
      if (answer.body === null) return c.body(null, answer.status as 204);
      return c.body(restText(answer.body), answer.status as 200, { 'content-type': 'application/json' });
    });
    return routes;
  };
}

async function readsOf(by: Principal, engine: ServerEngine): Promise<RestReads> {
  const { db, lake, mayRead } = await engine.readingAs(by);
  const relations = new Map((await listRelations(db)).map((each) => [relationName(each.ref), each]));
  const isOpen = (ref: RelationRef): boolean => {
    const relation = relations.get(relationName(ref));
    return relation === undefined || mayRead(relation);
  };
  return {
    tables: async (layer) =>
      (await listTables(db)).map((table) => table.ref).filter((ref) => ref.layer === layer && isOpen(ref)),
    table: async (ref) => (isOpen(ref) ? loadTable(db, lake, ref) : null),
  };
}
