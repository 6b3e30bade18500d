import { answerRest, listTables, loadTable } from '@datacraft/engine';
import type { RestReads } from '@datacraft/engine';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { newRoutes } from './answer.ts';

/** Iceberg's REST catalog, reads only: other engines find the published tables here with an API token. */
export function icebergRoutes(engine: ServerEngine) {
  const { db, lake } = engine.run;
  const reads: RestReads = {
    tables: async (layer) => (await listTables(db)).map((table) => table.ref).filter((ref) => ref.layer === layer),
    table: async (ref) => loadTable(db, lake, ref),
  };
  return (_deps: Deps) => {
    const routes = newRoutes();
    routes.all('/iceberg/*', async (c) => {
      principalOf(c);
      const url = new URL(c.req.url);
      const path = url.pathname.slice('/iceberg/'.length);
      const answer = await answerRest({ method: c.req.method, path, query: url.searchParams }, reads);
      return answer.body === null ? c.body(null, answer.status as 204) : c.json(answer.body, answer.status as 200);
    });
    return routes;
  };
}
