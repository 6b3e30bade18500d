/** Pinned inputs: rows of a cell that a person holds for their own preview while somebody edits it. Nobody else sees them. */
import { createRoute, z } from '@hono/zod-openapi';
import type { PinnedInput } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import type { Deps } from '../deps.ts';
import { touchedCells, touchedSince } from '../history/authorship.ts';
import { principalOf } from '../middleware/authenticate.ts';
import type { PinOf, StoredPin } from '../store/pins.ts';
import { loadPinnedRows, loadPins, releasePin, savePin } from '../store/pins.ts';
import { loadPresent } from '../store/notebooks.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import { ARROW_TYPE } from './query.ts';

const tags = ['Pinned inputs'];
const cellParam = z.object({ id: z.string().max(64), cellId: z.string().max(64) });
const pinned = z.custom<PinnedInput>().openapi('PinnedInput', { type: 'object' });
const count = z.number().int().min(0);
const body = z.strictObject({
  name: z.string().min(1).max(200),
  columns: z
    .array(z.strictObject({ name: z.string().max(1_000), type: z.string().max(10_000) }))
    .min(1)
    .max(10_000),
  rowCount: count.max(1_000_000),
  extent: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('full') }),
    z.strictObject({ kind: z.literal('sample'), rows: count, total: count.nullable(), of: z.string().max(200) }),
  ]),
  rows: z.base64().min(4),
});

const paths = {
  list: createRoute({
    method: 'get',
    path: '/notebooks/{id}/pins',
    tags,
    summary: 'Cells whose rows I hold in this notebook, and who changed them since',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Pinned inputs', z.array(pinned)), ...problems },
  }),
  rows: createRoute({
    method: 'get',
    path: '/notebooks/{id}/pins/{cellId}/rows',
    tags,
    summary: 'The rows that I hold of a cell',
    request: { params: cellParam },
    responses: {
      200: { description: 'Arrow IPC stream', content: { [ARROW_TYPE]: { schema: z.any() } } },
      ...problems,
    },
  }),
  pin: createRoute({
    method: 'put',
    path: '/notebooks/{id}/pins/{cellId}',
    tags,
    summary: 'Hold these rows of a cell for my preview, in the place of those I held before (viewer)',
    request: { params: cellParam, body: jsonBody(body) },
    responses: { ...nothing, ...problems },
  }),
  release: createRoute({
    method: 'delete',
    path: '/notebooks/{id}/pins/{cellId}',
    tags,
    summary: 'Hold the rows of a cell no longer (viewer)',
    request: { params: cellParam },
    responses: { ...nothing, ...problems },
  }),
};

export function pinRoutes(deps: Deps) {
  const { pool, rooms } = deps;
  const mine = async (by: { readonly userId: string }, id: string, cellId: string): Promise<PinOf> => {
    const { id: notebookId } = await loadPresent(pool, id);
    return { userId: by.userId, notebookId, cellId };
  };
  return newRoutes()
    .openapi(paths.list, async (c) => {
      const { userId } = principalOf(c);
      const { id: notebookId } = await loadPresent(pool, c.req.valid('param').id);
      const pins = await loadPins(pool, { userId, notebookId });
      return c.json(await Promise.all(pins.map((pin) => withAuthors(deps, notebookId, userId, pin))), 200);
    })
    .openapi(paths.rows, async (c) => {
      const { id, cellId } = c.req.valid('param');
      const rows = await loadPinnedRows(pool, await mine(principalOf(c), id, cellId));
      const headers = { 'content-type': ARROW_TYPE, 'cache-control': 'private, no-store' };
      return c.body(Uint8Array.from(rows), 200, headers) as never;
    })
    .openapi(paths.pin, async (c) => {
      const { id, cellId } = c.req.valid('param');
      const pin = await mine(principalOf(c), id, cellId);
      const { cells } = await rooms.notebook(pin.notebookId);
      if (!cells.some((cell) => cell.id === cellId))
        throw new Fault('not-found', say('there is no cell {cell} in this notebook', { cell: cellId }));
      await savePin(pool, pin, c.req.valid('json'));
      return c.body(null, 204);
    })
    .openapi(paths.release, async (c) => {
      const { id, cellId } = c.req.valid('param');
      await releasePin(pool, await mine(principalOf(c), id, cellId));
      return c.body(null, 204);
    });
}

async function withAuthors(
  { pool, rooms }: Deps,
  notebookId: string,
  me: string,
  { seq, ...pin }: StoredPin,
): Promise<PinnedInput> {
  const { doc } = await rooms.open(notebookId);
  const touched = await touchedSince(pool, notebookId, seq, (ranges) => touchedCells(doc, ranges));
  const others = (touched[pin.cellId] ?? []).filter((userId) => userId !== me);
  const { rows } = await pool.query<PinnedInput['changedBy'][number]>(
    'select id, name from users where id = any($1) order by name',
    [others],
  );
  return { ...pin, changedBy: rows };
}
