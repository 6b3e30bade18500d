import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import { listAudit } from '../auth/audit-listing.ts';
import { readAudit, verifyAudit } from '../auth/audit-chain.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';

const tags = ['Audit'];
const entry = z
  .object({
    seq: z.string(),
    at: z.string(),
    by: z.string().nullable(),
    action: z.string(),
    target: z.string().nullable(),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  })
  .openapi('AuditEntry');
const word = z.string().max(200).optional();
const time = z.iso.datetime({ offset: true }).optional();
const verdict = z
  .object({
    entries: z.number(),
    head: z.string(),
    broken: z.object({ seq: z.string(), because: z.string() }).nullable(),
  })
  .openapi('AuditVerdict');

const paths = {
  list: createRoute({
    method: 'get',
    path: '/audit',
    tags,
    summary: 'Who did what, newest first: of a person, with a word, between two times (owner)',
    request: {
      query: z.object({
        before: z
          .string()
          .regex(/^\d{1,18}$/)
          .optional(),
        who: word,
        what: word,
        from: time,
        to: time,
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
      }),
    },
    responses: { 200: jsonAnswer('Entries', z.array(entry)), ...problems },
  }),
  verify: createRoute({
    method: 'get',
    path: '/audit/verify',
    tags,
    summary: 'Whether the chain of hashes holds (owner)',
    responses: { 200: jsonAnswer('What was found', verdict), ...problems },
  }),
  export: createRoute({
    method: 'get',
    path: '/audit/export',
    tags,
    summary: 'All entries with their hashes, one JSON object a line (owner)',
    responses: {
      200: { description: 'Entries', content: { 'application/x-ndjson': { schema: z.string() } } },
      ...problems,
    },
  }),
};

export function auditRoutes({ pool }: Deps) {
  return newRoutes()
    .openapi(paths.list, async (c) => {
      principalOf(c, 'owner');
      const entries = await listAudit(pool, c.req.valid('query'));
      return c.json(
        entries.map((each) => ({ ...each, facts: { ...each.facts } })),
        200,
      );
    })
    .openapi(paths.verify, async (c) => {
      principalOf(c, 'owner');
      return c.json(await verifyAudit(pool), 200);
    })
    .openapi(paths.export, (c) => {
      principalOf(c, 'owner');
      const lines = Readable.from(linesOf(pool));
      return c.body(Readable.toWeb(lines) as ReadableStream, 200, {
        'content-type': 'application/x-ndjson',
        'content-disposition': 'attachment; filename="audit.ndjson"',
      }) as never;
    });
}

async function* linesOf(pool: Deps['pool']): AsyncGenerator<Buffer> {
  for await (const each of readAudit(pool)) yield Buffer.from(`${JSON.stringify(each)}\n`);
}
