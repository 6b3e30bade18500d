/** Windows of a notebook's tables, taken into files of the notebook, so that cells can be written against rows that stay. */
import { createRoute, z } from '@hono/zod-openapi';
import { loadRelations, withFixture } from '@datacraft/engine';
import type { Fixture } from '@datacraft/shared';
import { Fault, isLayer, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { loadPresent } from '../store/notebooks.ts';
import { keepFixture } from '../store/fixtures.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

/** As many as a browser looks back at. */
const MOST_ROWS = 200_000;
const snapshot = z.string().regex(/^\d{1,19}$/, 'expected the id of a snapshot');

const path = createRoute({
  method: 'post',
  path: '/notebooks/{id}/fixtures',
  tags: ['Streams'],
  summary:
    'Keep rows of a table of this notebook, as a snapshot held them, as a file that a source cell reads: all, or those that came after `since` (editor)',
  request: {
    params: idParam,
    body: jsonBody(
      z.strictObject({ table: z.string().max(200), snapshotId: snapshot, since: snapshot.nullable().default(null) }),
    ),
  },
  responses: { 201: jsonAnswer('Kept', z.custom<Fixture>().openapi('Fixture', { type: 'object' })), ...problems },
});

export function fixtureRoutes(engine: ServerEngine) {
  return ({ pool, config }: Deps) => {
    return newRoutes().openapi(path, async (c) => {
      const by = principalOf(c, 'editor');
      const { id } = await loadPresent(pool, c.req.valid('param').id);
      const { table, snapshotId, since } = c.req.valid('json');
      const [layer = '', name = ''] = table.split('.');
      const found = isLayer(layer) ? (await loadRelations(engine.run.db, [{ layer, name }])).get(table) : undefined;
      if (found?.kind !== 'table' || found.notebookId !== id)
        throw new Fault('not-found', say('this notebook publishes no table {table}', { table }));
      const window = { ref: found.ref, snapshotId, since, most: MOST_ROWS };
      const deps = await engine.readingAs(by);
      const fixture = await withFixture(window, deps, c.req.raw.signal, async (file, rows): Promise<Fixture> => {
        return { path: await keepFixture(file, { dataDir: config.dataDir, notebookId: id, name }), rows };
      });
      await audit(pool, by.userId, 'stream-fixture', id, { table, snapshotId, since: since ?? '', rows: fixture.rows });
      return c.json(fixture, 201);
    });
  };
}
