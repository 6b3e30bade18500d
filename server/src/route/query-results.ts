import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import { queryReads, withQuery } from '@datacraft/engine';
import type { InputSpec, JsonObject, ParamValue } from '@datacraft/shared';
import { cellNamePattern, quoteLiteral } from '@datacraft/shared';
import { addCell, readNotebook } from '@datacraft/shared/ydoc';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { branchSchema, paramsSchema } from './params.ts';

const tags = ['SQL room'];
const types = {
  csv: { type: 'text/csv; charset=utf-8', options: 'format csv, header true' },
  parquet: { type: 'application/vnd.apache.parquet', options: 'format parquet' },
  json: { type: 'application/x-ndjson', options: 'format json' },
} as const;
const asked = z.strictObject({
  sql: z.string().max(1_000_000),
  params: paramsSchema.optional(),
  format: z.enum(['csv', 'parquet', 'json']),
  branch: branchSchema,
});
const cell = z.strictObject({
  name: z.string().regex(cellNamePattern, 'a name is a-z, 0-9 and _, and begins with a letter').max(60).optional(),
  sql: z.string().min(1).max(200_000),
  params: paramsSchema.optional(),
});

const paths = {
  download: createRoute({
    method: 'post',
    path: '/query/download',
    tags,
    summary: 'All rows of a query as a file: CSV, Parquet, or JSON with one object a line',
    request: { body: jsonBody(asked) },
    responses: { 200: { description: 'The file', content: { 'text/csv': { schema: z.any() } } }, ...problems },
  }),
  cell: createRoute({
    method: 'post',
    path: '/notebooks/{id}/cells',
    tags,
    summary: 'Make a query a sql cell of a notebook, with an input for each parameter that it has none for (editor)',
    request: { params: idParam, body: jsonBody(cell) },
    responses: { 201: jsonAnswer('Added', z.object({ cellId: z.string(), name: z.string() })), ...problems },
  }),
};

/** What becomes of the result of a query: a file, or a cell. */
export function queryResultRoutes(engine: ServerEngine) {
  return ({ config, rooms }: Deps) =>
    newRoutes()
      .openapi(paths.download, async (c) => {
        const { sql, params, format, branch } = c.req.valid('json');
        const reading = await engine.readingAs(principalOf(c), branch);
        const request = {
          sql,
          ...(params ? { params } : {}),
          signal: c.req.raw.signal,
          timeoutMs: config.runTimeoutMs,
        };
        return withQuery(request, reading, async ({ session, select, dir }) => {
          const file = join(dir, `rows.${format}`);
          await session.run(`copy (\n${select}\n) to ${quoteLiteral(file)} (${types[format].options})`);
          const { size } = await stat(file);
          const stream = createReadStream(file);
          await new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject));
          return new Response(Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>, {
            headers: {
              'content-type': types[format].type,
              'content-length': String(size),
              'content-disposition': `attachment; filename="query.${format}"`,
              'cache-control': 'no-store',
            },
          });
        }) as never;
      })
      .openapi(paths.cell, async (c) => {
        const by = principalOf(c, 'editor');
        const { id } = c.req.valid('param');
        const { name: wanted = 'query', sql, params = {} } = c.req.valid('json');
        await queryReads(sql, params, (text) => engine.run.duck.parse(text));
        let made = { cellId: '', name: '' };
        await rooms.change(
          id,
          (doc) => {
            const taken = new Set(readNotebook(doc).cells.map((each) => each.name));
            for (const [input, value] of Object.entries(params)) {
              if (taken.has(input) || !cellNamePattern.test(input)) continue;
              addCell(
                doc,
                { kind: 'input', name: input, source: '', config: { ...inputOf(value) } as JsonObject },
                'end',
                'server',
              );
              taken.add(input);
            }
            let name = wanted;
            for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`;
            made = { cellId: addCell(doc, { kind: 'sql', name, source: sql, config: {} }, 'end', 'server'), name };
          },
          by.userId,
        );
        return c.json(made, 201);
      });
}

function inputOf(value: ParamValue): InputSpec {
  if (typeof value === 'number') return { type: 'number', default: value };
  if (typeof value === 'boolean') return { type: 'boolean', default: value };
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return { type: 'date', default: value };
  return typeof value === 'string' ? { type: 'text', default: value } : { type: 'text' };
}
