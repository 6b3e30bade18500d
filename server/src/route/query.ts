import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import type { AsOf, OpenQuery } from '@datacraft/engine';
import { asOfText, withQuery } from '@datacraft/engine';
import type { QueryAnswer, ResultPage } from '@datacraft/shared';
import { dataHeaders, Fault } from '@datacraft/shared';
import { recordReads } from '../catalog/usage.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { readingInEnvironment } from '../environment/inside.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { branchSchema, paramsSchema } from './params.ts';

export const ARROW_TYPE = 'application/vnd.apache.arrow.stream';
const DEFAULT_LIMIT = 10_000;
const MAX_JSON_ROWS = 100_000;

const answerSchema = z
  .object({
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.record(z.string(), z.unknown())),
    rowCount: z.number(),
    totalRows: z.number().nullable(),
    truncated: z.boolean(),
  })
  .openapi('QueryAnswer');

const paths = {
  query: createRoute({
    method: 'post',
    path: '/query',
    tags: ['Warehouse'],
    summary: 'Read-only SQL over published tables (`layer.name`), as JSON or, with Accept, as an Arrow stream',
    request: {
      body: jsonBody(
        z.strictObject({
          sql: z.string().max(1_000_000),
          params: paramsSchema.optional(),
          env: z.string().max(64).optional().openapi({ description: 'What a named environment has' }),
          asOf: z.union([z.string(), z.number().int({ error: 'give a snapshot id this long as text' })]).optional(),
          limit: z.number().int().min(0).max(10_000_000).optional(),
          branch: branchSchema,
        }),
      ),
    },
    responses: {
      200: {
        ...jsonAnswer('Rows', answerSchema),
        content: { 'application/json': { schema: answerSchema }, [ARROW_TYPE]: { schema: z.any() } },
      },
      ...problems,
    },
  }),
};

export function queryRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes().openapi(paths.query, async (c) => {
      const by = principalOf(c);
      const { sql, params, env, asOf, limit, branch } = c.req.valid('json');
      if (env !== undefined && branch !== undefined)
        throw new Fault('bad-request', 'env, branch: a query reads an environment or a branch, not both at once');
      const reading = await readingInEnvironment(env, await engine.readingAs(by, branch));
      const remember = ({ reads }: OpenQuery) => {
        if (branch !== undefined) return; // main's tables of these names were not read
        recordReads(engine.run.db, by.userId, reads).catch((error: unknown) =>
          deps.log.warn({ err: error }, 'what a query read was not counted'),
        );
      };
      const request = {
        sql,
        ...(params ? { params } : {}),
        ...(asOf === undefined ? {} : { asOf: asOfText(String(asOf)) satisfies AsOf }),
        signal: c.req.raw.signal,
        timeoutMs: deps.config.previewTimeoutMs,
      };
      if (c.req.header('accept')?.includes(ARROW_TYPE)) {
        return withQuery(request, reading, (open) => {
          remember(open);
          return arrowAnswer(open, limit ?? null);
        }) as never;
      }
      const rows = Math.min(limit ?? DEFAULT_LIMIT, MAX_JSON_ROWS);
      const page = await withQuery(request, reading, (open) => {
        remember(open);
        return open.session.rows(open.select, { limit: rows, countTotal: true });
      });
      return c.json(answerOf(page), 200);
    });
}

function answerOf(page: ResultPage): QueryAnswer {
  const rows = page.rows.map((row) =>
    Object.fromEntries(page.columns.map((column, index) => [column.name, row[index]])),
  );
  return {
    columns: [...page.columns],
    rows,
    rowCount: rows.length,
    totalRows: page.totalRows,
    truncated: page.truncated,
  };
}

export interface ArrowSource {
  readonly session: OpenQuery['session'];
  readonly select: string;
  readonly dir: string;
}

/** Writes the result to the private directory and answers its bytes; the directory goes when the caller's work ends. */
export async function arrowAnswer(
  open: ArrowSource,
  limit: number | null,
  headers: Record<string, string> = {},
): Promise<Response> {
  const startedAt = performance.now();
  const file = join(open.dir, 'answer.arrow');
  const written = await open.session.arrow(open.select, { file, ...(limit === null ? {} : { limit }) });
  const total = written.truncated ? await countRows(open) : written.rowCount;
  const bytes = await opened(file);
  return new Response(bytes, {
    headers: {
      'content-type': ARROW_TYPE,
      'content-length': String(written.sizeBytes),
      [dataHeaders.totalRows]: String(total),
      [dataHeaders.extent]: written.truncated ? 'sample' : 'full',
      [dataHeaders.durationMs]: String(Math.round(performance.now() - startedAt)),
      'cache-control': 'no-store',
      ...headers,
    },
  });
}

export async function countRows(open: ArrowSource): Promise<number> {
  const page = await open.session.rows(`select count(*) from (\n${open.select}\n)`);
  return Number(page.rows[0]?.[0] ?? 0);
}

/** An open file outlives its name: the stream reads on after the private directory was removed. */
async function opened(file: string): Promise<ReadableStream<Uint8Array>> {
  const stream = createReadStream(file);
  await new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject));
  return Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>;
}
