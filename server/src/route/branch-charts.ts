import { createRoute, z } from '@hono/zod-openapi';
import type { BranchCharts, CellId } from '@datacraft/shared';
import { branchCharts } from '../branch/charts.ts';
import { loadBranch } from '../branch/store.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, newRoutes, problems } from './answer.ts';

const path = createRoute({
  method: 'get',
  path: '/notebooks/{id}/branch/review/{cellId}/chart',
  tags: ['Branches'],
  summary: "A chart drawn from main's rows beside the same chart drawn from the branch's",
  request: { params: idParam.extend({ cellId: z.string().max(64) }) },
  responses: {
    200: jsonAnswer('Charts', z.custom<BranchCharts>().openapi('BranchCharts', { type: 'object' })),
    ...problems,
  },
});

export function branchChartRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes().openapi(path, async (c) => {
      principalOf(c);
      const { id, cellId } = c.req.valid('param');
      const { of } = await loadBranch(deps.pool, id);
      const asked = { branchId: id, parentId: of.id, cellId: cellId as CellId };
      const work = { engine, rooms: deps.rooms, timeoutMs: deps.config.previewTimeoutMs, signal: c.req.raw.signal };
      return c.json(await branchCharts(asked, work), 200);
    });
}
