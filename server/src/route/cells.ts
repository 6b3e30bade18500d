/**
 * Rows of a live notebook's cells: published rows for the browser's engine, previews for what it cannot compute, the
 * rows that were set aside, a look into a source before it is saved, downloads.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import type { CompiledCell, OpenCell } from '@datacraft/engine';
import { readingOf, sniffSource, unpublishedSource, withCell, withQuery, withSourceRows } from '@datacraft/engine';
import type { CellId, ResultPage, SniffAnswer } from '@datacraft/shared';
import { dataHeaders, Fault, quoteIdentifier, relationName, say } from '@datacraft/shared';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonAnswer, jsonBody, newRoutes, idParam, problems } from './answer.ts';
import { paramsSchema } from './params.ts';
import { ARROW_TYPE, arrowAnswer, countRows } from './query.ts';

const tags = ['Cells'];
const cellParam = z.object({ id: z.string().max(64), cellId: z.string().max(64) });
const arrowResponse = {
  200: { description: 'Arrow IPC stream', content: { [ARROW_TYPE]: { schema: z.any() } } },
  ...problems,
};
const MAX_SAMPLE = 1_000_000;
/** What a browser's engine holds with ease. */
const MAX_WHOLE = 1_000_000;
const SAMPLE_ROWS = 120_000;
const SAMPLE_SEED = 42;

const paths = {
  data: createRoute({
    method: 'get',
    path: '/notebooks/{id}/cells/{cellId}/data',
    tags,
    summary: 'Published rows of a cell, whole or a sample',
    request: {
      params: cellParam,
      query: z.object({ limit: z.coerce.number().int().min(0).max(MAX_SAMPLE).default(MAX_SAMPLE) }),
    },
    responses: arrowResponse,
  }),
  preview: createRoute({
    method: 'post',
    path: '/notebooks/{id}/preview',
    tags,
    summary: 'Rows of a cell as it is typed now; publishes nothing',
    request: {
      params: idParam,
      body: jsonBody(
        z.strictObject({
          cellId: z.string().max(64),
          source: z.string().max(1_000_000).optional(),
          selection: z.string().max(1_000_000).optional(),
          params: paramsSchema.optional(),
          limit: z.number().int().min(0).max(MAX_SAMPLE).default(10_000),
        }),
      ),
    },
    responses: arrowResponse,
  }),
  rejects: createRoute({
    method: 'get',
    path: '/notebooks/{id}/cells/{cellId}/rejects',
    tags,
    summary: 'Rows that a source or a rule set aside',
    request: {
      params: cellParam,
      query: z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(1_000) }),
    },
    responses: {
      200: jsonAnswer('Rows', z.custom<ResultPage>().openapi('ResultPage', { type: 'object' })),
      ...problems,
    },
  }),
  sniff: createRoute({
    method: 'post',
    path: '/notebooks/{id}/sniff',
    tags,
    summary: 'What a source would read, before it is saved',
    request: { params: idParam, body: jsonBody(z.object({ config: z.record(z.string(), z.unknown()) })) },
    responses: {
      200: jsonAnswer('Sniffed', z.custom<SniffAnswer>().openapi('Sniffed', { type: 'object' })),
      ...problems,
    },
  }),
  download: createRoute({
    method: 'get',
    path: '/notebooks/{id}/cells/{cellId}/download',
    tags,
    summary: 'All rows of a cell as a file',
    request: { params: cellParam, query: z.object({ format: z.enum(['csv', 'parquet', 'arrow']).default('csv') }) },
    responses: {
      200: { description: 'A file', content: { 'application/octet-stream': { schema: z.any() } } },
      ...problems,
    },
  }),
};

export function cellRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.data, async (c) => {
        principalOf(c);
        const { id, cellId } = c.req.valid('param');
        const run = await engine.readingIn(id);
        const { limit } = c.req.valid('query');
        const read = { ...(await cellOf(id, cellId, engine, deps, c.req.raw.signal)), params: {} };
        const source = await unpublishedSource(read.compiled, read.cell, read.ownerKey, run);
        if (source !== null) {
          const resolve = engine.resolveFor(ownerOf(id, ''));
          return withSourceRows(source, resolve, run, (open) => firstRows(open, limit), read.signal) as never;
        }
        const etag = `"${(await readingOf(read, run)).version}-${limit}"`;
        const headers = { etag, 'cache-control': 'private, no-cache' };
        if (c.req.header('if-none-match')?.includes(etag) === true) return c.body(null, 304, headers) as never;
        return withCell(read, run, (open) => wholeOrSample(open, limit, headers)) as never;
      })
      .openapi(paths.preview, async (c) => {
        const by = principalOf(c);
        const body = c.req.valid('json');
        const { id } = c.req.valid('param');
        const read = await cellOf(id, body.cellId, engine, deps, c.req.raw.signal);
        const text = body.selection ?? body.source;
        const request = {
          ...read,
          params: body.params ?? {},
          timeoutMs: deps.config.previewTimeoutMs,
          ...(text === undefined ? {} : { text }),
          ...(body.selection === undefined ? {} : { isPart: true }),
        };
        const run =
          text === undefined || text === read.written
            ? await engine.readingIn(id)
            : await engine.readingAs({ ...by, notebookId: id });
        return withCell(request, run, (open) => arrowAnswer(open, body.limit)) as never;
      })
      .openapi(paths.rejects, async (c) => {
        principalOf(c);
        const { id, cellId } = c.req.valid('param');
        const { compiled, cell } = await cellOf(id, cellId, engine, deps, c.req.raw.signal);
        const side = sideTable(compiled.graph.cells.get(cell));
        const run = await engine.readingIn(id);
        const page = await withQuery({ sql: `select * from ${side}`, signal: c.req.raw.signal }, run, (open) =>
          open.session.rows(open.select, { limit: c.req.valid('query').limit, countTotal: true }),
        );
        return c.json(page, 200);
      })
      .openapi(paths.sniff, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const resolve = engine.resolveFor(ownerOf(id, ''));
        return c.json(
          await sniffSource(c.req.valid('json').config, resolve, await engine.readingAs(by), c.req.raw.signal),
          200,
        );
      })
      .openapi(paths.download, async (c) => {
        principalOf(c);
        const { id, cellId } = c.req.valid('param');
        const { format } = c.req.valid('query');
        const read = await cellOf(id, cellId, engine, deps, c.req.raw.signal);
        const run = await engine.readingIn(id);
        return withCell({ ...read, params: {} }, run, (open) => fileAnswer(open, format, read.cell)) as never;
      });
}

export async function cellOf(
  notebookId: string,
  cellId: string,
  engine: ServerEngine,
  deps: Deps,
  signal: AbortSignal,
) {
  const notebook = await deps.rooms.notebook(notebookId);
  const compiled = await engine.compile(notebook);
  const cell = [...compiled.graph.cells.values()].find((each) => each.id === (cellId as CellId));
  if (!cell)
    throw new Fault(
      'not-found',
      say('there is no cell {cellId} in this notebook; it may have been deleted', { cellId }),
    );
  const { key: ownerKey } = ownerOf(notebookId, notebook.title);
  const written = notebook.cells.find((each) => each.id === cell.id)?.source;
  return { written, compiled, cell: cell.name, ownerKey, today: engine.run.now().toISOString().slice(0, 10), signal };
}

/** Everything up to a million rows; of more, a sample that is the same each time it is asked for. */
async function wholeOrSample(open: OpenCell, limit: number, headers: Record<string, string>): Promise<Response> {
  const snapshot = open.snapshotId === null ? {} : { [dataHeaders.snapshotId]: open.snapshotId };
  const total = open.rows ?? (await countRows(open));
  if (total <= MAX_WHOLE || limit < SAMPLE_ROWS) return arrowAnswer(open, limit, { ...headers, ...snapshot });
  const sample = `select * from (\n${open.select}\n) using sample reservoir(${SAMPLE_ROWS} rows) repeatable (${SAMPLE_SEED})`;
  return arrowAnswer({ ...open, select: sample }, null, {
    ...headers,
    ...snapshot,
    [dataHeaders.totalRows]: String(total),
    [dataHeaders.extent]: 'sample',
  });
}

/** Of a source as it is described now: its beginning. How many rows there are beyond it is not known before a run. */
async function firstRows(open: Open & { version: string }, limit: number): Promise<Response> {
  const most = Math.min(limit, SAMPLE_ROWS);
  const select = `select * from (\n${open.select}\n) limit ${most + 1}`;
  const answer = await arrowAnswer({ ...open, select }, most, { etag: `"${open.version}-${most}"` });
  if (answer.headers.get(dataHeaders.extent) === 'sample') answer.headers.delete(dataHeaders.totalRows);
  return answer;
}

function sideTable(cell: CompiledCell | undefined): string {
  if (!cell?.relation) throw new Fault('not-found', 'this cell sets no rows aside');
  return `${relationName(cell.relation)}${cell.kind === 'source' ? '_rejects' : '_quarantine'}`;
}

type Open = Parameters<typeof arrowAnswer>[0];

async function fileAnswer(open: Open, format: 'csv' | 'parquet' | 'arrow', name: string): Promise<Response> {
  const disposition = { 'content-disposition': `attachment; filename="${name}.${format}"` };
  if (format === 'arrow') return arrowAnswer(open, null, disposition);
  const file = join(open.dir, `answer.${format}`);
  const options = format === 'csv' ? 'format csv, header true' : 'format parquet, compression zstd';
  const select = format === 'csv' ? await withoutFormulas(open) : open.select;
  await open.session.run(`copy (\n${select}\n) to '${file.replaceAll("'", "''")}' (${options})`);
  const { size } = await stat(file);
  const stream = createReadStream(file);
  await new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject));
  const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet';
  const headers = { 'content-type': type, 'content-length': String(size), 'cache-control': 'no-store', ...disposition };
  return new Response(Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>, { headers });
}

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe before it, as the grid's own copies do; numbers
 * keep their sign, and texts that only spell one (a phone number) stay as they are.
 */
async function withoutFormulas({ session, select }: Open): Promise<string> {
  const columns = await session.describe(select);
  const safe = (name: string) => (/^[=+@\t\r-]/.test(name) ? `'${name}` : name);
  if (columns.every(({ name, type }) => type !== 'VARCHAR' && safe(name) === name)) return select;
  const values = columns.map(({ name, type }, index) => {
    const value = `c${index}`;
    const text =
      type === 'VARCHAR'
        ? `case when ${IS_FORMULA.replaceAll('$', value)} then '''' || ${value} else ${value} end`
        : value;
    return `${text} as ${quoteIdentifier(safe(name))}`;
  });
  const names = columns.map((_, index) => `c${index}`).join(', ');
  return `select ${values.join(', ')} from (\n${select}\n) as answer(${names})`;
}

const IS_FORMULA = `regexp_matches($, '^[=@\\t\\r]') or (regexp_matches($, '^[+-]') and not regexp_full_match($, '[-+]?[0-9 ().,/]+'))`;
