import { createRoute, z } from '@hono/zod-openapi';
import type { BranchReview, BranchRows, BranchSummary, CellId, OpenedBranch } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import { permission } from '../auth/permission.ts';
import type { Principal } from '../auth/principal.ts';
import { atLeast, demandRole } from '../auth/principal.ts';
import { acceptBranch, reviewOf } from '../branch/accept.ts';
import { discardBranch, forkNotebook } from '../branch/fork.ts';
import { branchRows } from '../branch/rows.ts';
import { tellAccepted, tellReviewAsked } from '../branch/tell.ts';
import { listBranches, loadBranch, renameBranch, setReview, visibleBranches } from '../branch/store.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { loadPresent } from '../store/notebooks.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';

const tags = ['Branches'];
const nameSchema = z.string().trim().min(1).max(100);
const cellIds = z.array(z.string().max(64)).max(1_000);
const summary = z.custom<BranchSummary>().openapi('Branch', { type: 'object' });
const opened = z.custom<OpenedBranch>().openapi('OpenedBranch', { type: 'object' });
const review = z.custom<BranchReview>().openapi('BranchReview', { type: 'object' });
const rows = z.custom<BranchRows>().openapi('BranchRows', { type: 'object' });

const paths = {
  all: createRoute({
    method: 'get',
    path: '/branches',
    tags,
    summary: 'Branches of all notebooks that I may see',
    responses: { 200: jsonAnswer('Branches', z.array(summary)), ...problems },
  }),
  list: createRoute({
    method: 'get',
    path: '/notebooks/{id}/branches',
    tags,
    summary: 'Branches of a notebook, newest first',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Branches', z.array(summary)), ...problems },
  }),
  fork: createRoute({
    method: 'post',
    path: '/notebooks/{id}/branches',
    tags,
    summary: 'Fork a notebook into a branch that runs against its own tables (commenter)',
    request: { params: idParam, body: jsonBody(z.strictObject({ name: nameSchema })) },
    responses: { 201: jsonAnswer('Created', z.object({ id: z.string() })), ...problems },
  }),
  get: createRoute({
    method: 'get',
    path: '/notebooks/{id}/branch',
    tags,
    summary: 'What a branch is: its name, its state, and of which notebook',
    request: { params: idParam },
    responses: { 200: jsonAnswer('The branch', opened), ...problems },
  }),
  change: createRoute({
    method: 'patch',
    path: '/notebooks/{id}/branch',
    tags,
    summary: 'Rename a branch, or ask for its review (who made it, or editor)',
    request: {
      params: idParam,
      body: jsonBody(
        z.strictObject({ name: nameSchema.optional(), askReview: z.string().trim().max(2_000).optional() }),
      ),
    },
    responses: { 200: jsonAnswer('The branch', opened), ...problems },
  }),
  discard: createRoute({
    method: 'delete',
    path: '/notebooks/{id}/branch',
    tags,
    summary: 'Discard a branch with its tables (who made it, or editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
  review: createRoute({
    method: 'get',
    path: '/notebooks/{id}/branch/review',
    tags,
    summary: 'What a branch changed, cell by cell, and how it goes together with the notebook as it is now',
    request: { params: idParam },
    responses: { 200: jsonAnswer('The review', review), ...problems },
  }),
  rows: createRoute({
    method: 'get',
    path: '/notebooks/{id}/branch/review/{cellId}/rows',
    tags,
    summary: "A cell's rows on main beside those of the branch",
    request: { params: idParam.extend({ cellId: z.string().max(64) }) },
    responses: { 200: jsonAnswer('Rows', rows), ...problems },
  }),
  accept: createRoute({
    method: 'post',
    path: '/notebooks/{id}/branch/accept',
    tags,
    summary:
      'Bring cells of a branch into its notebook, between two named versions, with the tables that a run would make just so (editor of the notebook)',
    request: {
      params: idParam,
      body: jsonBody(z.strictObject({ cells: cellIds.min(1).optional(), takeBranch: cellIds.optional() })),
    },
    responses: {
      200: jsonAnswer('Accepted', z.object({ cells: z.array(z.string()), promoted: z.array(z.string()) })),
      ...problems,
    },
  }),
};

export function branchRoutes(engine: ServerEngine) {
  return (deps: Deps) => {
    const { pool, rooms } = deps;
    const { db } = engine.run;
    const answer = async (id: string, member: Principal): Promise<OpenedBranch> => {
      const { ancestor: _, ...branch } = await loadBranch(pool, id);
      const role = await permission(pool, member, branch.of.id);
      return { ...branch, canAccept: role !== null && atLeast(role, 'editor') };
    };
    return newRoutes()
      .openapi(paths.all, async (c) => c.json(await visibleBranches(pool, principalOf(c).userId), 200))
      .openapi(paths.list, async (c) => {
        principalOf(c);
        const { id } = await loadPresent(pool, c.req.valid('param').id);
        return c.json(await listBranches(pool, id), 200);
      })
      .openapi(paths.fork, async (c) => {
        const by = principalOf(c, 'commenter');
        const { id: parentId } = await loadPresent(pool, c.req.valid('param').id);
        const { name } = c.req.valid('json');
        const id = await forkNotebook({ ...deps, db }, { parentId, name, by: by.userId });
        await audit(pool, by.userId, 'branch-create', id, { notebook: parentId, name });
        return c.json({ id }, 201);
      })
      .openapi(paths.get, async (c) => {
        const by = principalOf(c);
        return c.json(await answer(c.req.valid('param').id, c.get('member') ?? by), 200);
      })
      .openapi(paths.change, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const { name, askReview } = c.req.valid('json');
        const branch = await loadBranch(pool, id);
        if (name !== undefined) {
          await renameBranch(pool, id, name);
          await audit(pool, by.userId, 'branch-rename', id, { name });
        }
        if (askReview !== undefined) {
          await setReview(pool, id, askReview);
          await tellReviewAsked(pool, id, by.userId);
          await audit(pool, by.userId, 'branch-ask', id, { notebook: branch.of.id });
        }
        return c.json(await answer(id, c.get('member') ?? by), 200);
      })
      .openapi(paths.discard, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const { of, name } = await loadBranch(pool, id);
        await discardBranch({ ...deps, db }, id, by.userId);
        await audit(pool, by.userId, 'branch-discard', id, { notebook: of.id, name });
        return c.body(null, 204);
      })
      .openapi(paths.review, async (c) => {
        principalOf(c);
        return c.json(await reviewOf(deps, c.req.valid('param').id), 200);
      })
      .openapi(paths.rows, async (c) => {
        principalOf(c);
        const { id, cellId } = c.req.valid('param');
        const { of } = await loadBranch(pool, id);
        const asked = { branchId: id, parentId: of.id, cellId: cellId as CellId };
        const timeoutMs = deps.config.previewTimeoutMs;
        return c.json(await branchRows(asked, { engine, rooms, timeoutMs, signal: c.req.raw.signal }), 200);
      })
      .openapi(paths.accept, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const { of } = await loadBranch(pool, id);
        const role = await permission(pool, c.get('member') ?? by, of.id);
        if (role === null) throw new Fault('not-found', say('there is no branch {id}', { id }));
        demandRole({ ...by, role }, 'editor');
        const { cells, takeBranch } = c.req.valid('json');
        const accepted = await acceptBranch(
          { ...deps, engine },
          id,
          {
            ...(cells ? { cells: cells as CellId[] } : {}),
            ...(takeBranch ? { takeBranch: takeBranch as CellId[] } : {}),
          },
          by.userId,
        );
        const facts = { notebook: of.id, cells: accepted.cells.length, promoted: accepted.promoted.length };
        await audit(pool, by.userId, 'branch-accept', id, facts);
        const cellsNow = (await rooms.notebook(of.id)).cells;
        const names = cellsNow.flatMap((cell) => (accepted.cells.includes(cell.id) ? [cell.name || cell.kind] : []));
        await tellAccepted(pool, id, by.userId, names);
        return c.json({ cells: [...accepted.cells], promoted: [...accepted.promoted] }, 200);
      });
  };
}
