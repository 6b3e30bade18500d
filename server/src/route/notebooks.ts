import { cp } from 'node:fs/promises';
import path from 'node:path';
import { createRoute, z } from '@hono/zod-openapi';
import type { Cell, CellId, Notebook, NotebookId, Role } from '@datacraft/shared';
import { formatNotebook, newId } from '@datacraft/shared';
import { setTitle } from '@datacraft/shared/ydoc';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import { demandRole } from '../auth/principal.ts';
import { importText } from '../interchange/text-notebook.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { createNotebook } from '../room/new-document.ts';
import { listNotebooks, loadNotebook, moveToBin, setAutoRun, takeFromBin } from '../store/notebooks.ts';
import { copyAccess } from '../store/sharing.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import { notebookSchema, openedSchema, titleSchema } from './schema.ts';

const tags = ['Notebooks'];
const created = { 201: jsonAnswer('Created', z.object({ id: z.string() })), ...problems };
const paths = {
  list: createRoute({
    method: 'get',
    path: '/notebooks',
    tags,
    summary: 'All notebooks, or those in the bin',
    request: { query: z.object({ deleted: z.enum(['true', 'false']).optional() }) },
    responses: { 200: jsonAnswer('Notebooks', z.array(notebookSchema)), ...problems },
  }),
  create: createRoute({
    method: 'post',
    path: '/notebooks',
    tags,
    summary: 'Create an empty notebook (editor)',
    request: { body: jsonBody(z.object({ title: titleSchema })) },
    responses: created,
  }),
  get: createRoute({
    method: 'get',
    path: '/notebooks/{id}',
    tags,
    summary: 'One notebook',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Notebook', openedSchema), ...problems },
  }),
  change: createRoute({
    method: 'patch',
    path: '/notebooks/{id}',
    tags,
    summary: 'Change the title or auto-run (editor)',
    request: {
      params: idParam,
      body: jsonBody(z.strictObject({ title: titleSchema.optional(), autoRun: z.boolean().optional() })),
    },
    responses: { 200: jsonAnswer('Notebook', openedSchema), ...problems },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/notebooks/{id}',
    tags,
    summary: 'Move to the bin (editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
  restore: createRoute({
    method: 'post',
    path: '/notebooks/{id}/restore',
    tags,
    summary: 'Take out of the bin (editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
  duplicate: createRoute({
    method: 'post',
    path: '/notebooks/{id}/duplicate',
    tags,
    summary: 'Copy a notebook with its files (editor)',
    request: { params: idParam },
    responses: created,
  }),
  import: createRoute({
    method: 'post',
    path: '/notebooks/import',
    tags,
    summary: 'Create a notebook from its text form (editor); 422 with diagnostics',
    request: { body: { required: true, content: { 'text/markdown': { schema: z.string() } } } },
    responses: created,
  }),
  export: createRoute({
    method: 'get',
    path: '/notebooks/{id}/export',
    tags,
    summary: 'The notebook in its text form',
    request: { params: idParam },
    responses: { 200: { description: 'Markdown', content: { 'text/markdown': { schema: z.string() } } }, ...problems },
  }),
};

export function notebookRoutes(deps: Deps) {
  const { pool, bus, rooms, config } = deps;
  const filesOf = (id: string) => path.join(config.dataDir, 'files', id);
  const opened = async (id: string, myRole: Role) => ({ ...(await loadNotebook(pool, id)), myRole });
  return newRoutes()
    .openapi(paths.list, async (c) => {
      const by = principalOf(c);
      return c.json(await listNotebooks(pool, c.req.valid('query').deleted === 'true', by.userId), 200);
    })
    .openapi(paths.create, async (c) => {
      const by = principalOf(c, 'editor');
      const { title } = c.req.valid('json');
      const id = await createNotebook({ pool, bus }, { title, meta: {}, cells: [] }, by.userId);
      await audit(pool, by.userId, 'notebook-create', id);
      return c.json({ id }, 201);
    })
    .openapi(paths.import, async (c) => {
      const by = principalOf(c, 'editor');
      return c.json({ id: await importText({ pool, bus, config }, await c.req.text(), by.userId) }, 201);
    })
    .openapi(paths.get, async (c) => {
      return c.json(await opened(c.req.valid('param').id, principalOf(c).role), 200);
    })
    .openapi(paths.change, async (c) => {
      const by = principalOf(c, 'editor');
      const { id } = c.req.valid('param');
      const { title, autoRun } = c.req.valid('json');
      await rooms.open(id);
      if (autoRun !== undefined) await setAutoRun(pool, id, autoRun);
      if (title !== undefined) {
        await rooms.change(id, (doc) => setTitle(doc, title, 'server'), by.userId);
        await pool.query('update notebooks set title = $2, updated_at = now() where id = $1', [id, title]);
      }
      return c.json(await opened(id, by.role), 200);
    })
    .openapi(paths.remove, async (c) => {
      const by = principalOf(c, 'editor');
      const { id } = c.req.valid('param');
      await moveToBin(pool, id);
      await bus.publish('notebook', { notebookId: id, change: 'deleted' });
      await audit(pool, by.userId, 'notebook-delete', id);
      return c.body(null, 204);
    })
    .openapi(paths.restore, async (c) => {
      const by = principalOf(c, 'editor');
      const { id } = c.req.valid('param');
      await takeFromBin(pool, id);
      await bus.publish('notebook', { notebookId: id, change: 'restored' });
      await audit(pool, by.userId, 'notebook-restore', id);
      return c.body(null, 204);
    })
    .openapi(paths.duplicate, async (c) => {
      const by = principalOf(c);
      demandRole(c.get('member') ?? by, 'editor');
      const from = c.req.valid('param').id;
      const [notebook, { autoRun }] = await Promise.all([rooms.notebook(from), loadNotebook(pool, from)]);
      const id = newId<NotebookId>('nb');
      await cp(filesOf(from), filesOf(id), { recursive: true }).catch(ignoreMissing);
      await createNotebook({ pool, bus }, copyOf(notebook), by.userId, { id, autoRun });
      await copyAccess(pool, from, id);
      await audit(pool, by.userId, 'notebook-create', id, { from });
      return c.json({ id }, 201);
    })
    .openapi(paths.export, async (c) => {
      principalOf(c);
      const { id } = c.req.valid('param');
      const notebook = await rooms.notebook(id);
      const name =
        notebook.title
          .replace(/[^\p{L}\p{N}]+/gu, '-')
          .replace(/^-|-$/g, '')
          .toLowerCase() || 'notebook';
      c.header('content-type', 'text/markdown; charset=utf-8');
      c.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}.md`);
      return c.body(formatNotebook(notebook), 200);
    });
}

/** The cells get ids of their own; names and texts stay. */
function copyOf(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell): Cell => ({ ...cell, id: newId<CellId>('cell') }));
  return { ...notebook, title: `${notebook.title} (copy)`, cells };
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
