/** What the notebook of a branch came to since the fork, and taking it into the branch. */
import { createRoute, z } from '@hono/zod-openapi';
import type { BranchReview, CellId } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import { changesOfMain, takeMain } from '../branch/take-main.ts';
import { loadBranch } from '../branch/store.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';

const tags = ['Branches'];
const cellIds = z
  .array(
    z
      .string()
      .max(64)
      .transform((id) => id as CellId),
  )
  .max(1_000);
const review = z.custom<BranchReview>().openapi('BranchReview', { type: 'object' });

const paths = {
  changes: createRoute({
    method: 'get',
    path: '/notebooks/{id}/branch/changes-of-main',
    tags,
    summary: 'What the notebook of a branch changed since the fork, and how it goes together with the branch',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Changes', review), ...problems },
  }),
  take: createRoute({
    method: 'post',
    path: '/notebooks/{id}/branch/take-main',
    tags,
    summary:
      'Bring changes of the notebook into its branch; conflicts are decided for either side (who made it, or editor)',
    request: {
      params: idParam,
      body: jsonBody(
        z.strictObject({
          cells: cellIds.optional(),
          takeMain: cellIds.optional(),
          keepBranch: cellIds.optional(),
        }),
      ),
    },
    responses: { 200: jsonAnswer('Taken', z.object({ cells: z.array(z.string()) })), ...problems },
  }),
};

export function branchUpdateRoutes(deps: Deps) {
  return newRoutes()
    .openapi(paths.changes, async (c) => {
      principalOf(c);
      return c.json(await changesOfMain(deps, c.req.valid('param').id), 200);
    })
    .openapi(paths.take, async (c) => {
      const by = principalOf(c, 'editor');
      const { id } = c.req.valid('param');
      const { of } = await loadBranch(deps.pool, id);
      const cells = await takeMain(deps, id, c.req.valid('json'), by.userId);
      await audit(deps.pool, by.userId, 'branch-update', id, { notebook: of.id, cells: cells.length });
      return c.json({ cells: [...cells] }, 200);
    });
}
