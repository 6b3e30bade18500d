import { createRoute, z } from '@hono/zod-openapi';
import { withQuery } from '@datacraft/engine';
import type { Json, JsonObject, PersonalColumn, TableDetails, TableDoc } from '@datacraft/shared';
import { Fault, quoteIdentifier, say } from '@datacraft/shared';
import { setConfigKey } from '@datacraft/shared/ydoc';
import { catalogHtml, catalogMarkdown } from '../catalog/document.ts';
import { objectOf } from '../catalog/docs.ts';
import { tableDocs } from '../catalog/entries.ts';
import { personalKind } from '../catalog/personal.ts';
import { checksOf, usageOf, withChecks } from '../catalog/usage.ts';
import { visibleNotebooks, within } from '../auth/permission.ts';
import type { Principal } from '../auth/principal.ts';
import { atLeast, demandRole } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonAnswer, jsonBody, newRoutes, problems } from './answer.ts';
import { branchSchema } from './params.ts';
import { tableParam } from './table-door.ts';

const tags = ['Catalogue'];
const SAMPLE = 1_000;
const words = z.array(z.string().min(1).max(60)).max(50);
const change = z.strictObject({
  description: z.string().max(10_000).optional(),
  tags: words.optional(),
  columns: z
    .record(z.string(), z.strictObject({ description: z.string().max(10_000).optional(), tags: words.optional() }))
    .optional(),
});
const branchQuery = z.object({ branch: branchSchema });
const docSchema = z.custom<TableDoc>().openapi('TableDoc', { type: 'object' });

const paths = {
  list: createRoute({
    method: 'get',
    path: '/catalog',
    tags,
    summary: 'Every published table with what its cell says of it and its columns',
    request: { query: branchQuery },
    responses: { 200: jsonAnswer('Tables', z.array(docSchema)), ...problems },
  }),
  export: createRoute({
    method: 'get',
    path: '/catalog/export',
    tags,
    summary: 'The whole catalogue as one document',
    request: { query: branchQuery.extend({ format: z.enum(['md', 'html']).default('md') }) },
    responses: {
      200: {
        description: 'The document',
        content: { 'text/markdown': { schema: z.string() }, 'text/html': { schema: z.string() } },
      },
      ...problems,
    },
  }),
  one: createRoute({
    method: 'get',
    path: '/catalog/{layer}/{name}',
    tags,
    summary: 'One table: documentation, tests with their trend, who uses it',
    request: { params: tableParam, query: branchQuery },
    responses: {
      200: jsonAnswer('Table', z.custom<TableDetails>().openapi('TableDetails', { type: 'object' })),
      ...problems,
    },
  }),
  personal: createRoute({
    method: 'get',
    path: '/catalog/{layer}/{name}/personal',
    tags,
    summary: 'Columns whose values look personal (CPF, CNPJ, e-mail, phone) and that are not tagged pii (editor)',
    request: { params: tableParam, query: branchQuery },
    responses: {
      200: jsonAnswer('Columns', z.array(z.custom<PersonalColumn>().openapi('PersonalColumn', { type: 'object' }))),
      ...problems,
    },
  }),
  change: createRoute({
    method: 'patch',
    path: '/catalog/{layer}/{name}',
    tags,
    summary: 'Describe a table and its columns: edits its cell (editor of the notebook)',
    request: { params: tableParam, query: branchQuery, body: jsonBody(change) },
    responses: { 200: jsonAnswer('Table', docSchema), ...problems },
  }),
};

export function catalogDocRoutes(engine: ServerEngine) {
  return (deps: Deps) =>
    newRoutes()
      .openapi(paths.list, async (c) => {
        const { db, mayRead } = await engine.readingAs(principalOf(c), c.req.valid('query').branch);
        return c.json(await tableDocs(db, deps, mayRead), 200);
      })
      .openapi(paths.export, async (c) => {
        const { branch, format } = c.req.valid('query');
        const { db, mayRead } = await engine.readingAs(principalOf(c), branch);
        const documented = await withChecks({ db, main: engine.run.db }, await tableDocs(db, deps, mayRead));
        const isHtml = format === 'html';
        const type = isHtml ? 'text/html; charset=utf-8' : 'text/markdown; charset=utf-8';
        const text = (isHtml ? catalogHtml : catalogMarkdown)(documented, engine.run.now());
        const file = `attachment; filename="catalogue.${isHtml ? 'html' : 'md'}"`;
        return c.body(text, 200, { 'content-type': type, 'content-disposition': file });
      })
      .openapi(paths.one, async (c) => {
        const by = principalOf(c);
        const { layer, name } = c.req.valid('param');
        const reading = await engine.readingAs(by, c.req.valid('query').branch);
        const { db, mayRead } = reading;
        const doc = await docOf(reading, deps, layer, name);
        const seen = await visibleNotebooks(deps.pool, by.userId);
        const details: TableDetails = {
          doc,
          mayEdit: await mayEdit(deps, by, doc),
          checks: await checksOf({ db, main: engine.run.db }, doc),
          usage: await usageOf(db, doc, seen, mayRead),
        };
        return c.json(details, 200);
      })
      .openapi(paths.personal, async (c) => {
        const by = demandRole(principalOf(c), 'editor');
        const { layer, name } = c.req.valid('param');
        const reading = await engine.readingAs(by, c.req.valid('query').branch);
        const doc = await docOf(reading, deps, layer, name);
        const request = { timeoutMs: deps.config.previewTimeoutMs, signal: c.req.raw.signal };
        return c.json(await personalColumns(reading, doc, request), 200);
      })
      .openapi(paths.change, async (c) => {
        const by = principalOf(c);
        const { layer, name } = c.req.valid('param');
        const reading = await engine.readingAs(by, c.req.valid('query').branch);
        await describe(deps, by, await docOf(reading, deps, layer, name), c.req.valid('json'));
        return c.json(await docOf(reading, deps, layer, name), 200);
      });
}

type Reading = Awaited<ReturnType<ServerEngine['readingAs']>>;

async function docOf({ db, mayRead }: Reading, deps: Deps, layer: string, name: string): Promise<TableDoc> {
  const found = (await tableDocs(db, deps, mayRead)).find((each) => each.layer === layer && each.name === name);
  if (found) return found;
  throw new Fault('not-found', say('there is no table {table}', { table: `${layer}.${name}` }));
}

async function mayEdit({ pool }: Deps, by: Principal, { notebookId, cellId }: TableDoc): Promise<boolean> {
  return notebookId !== null && cellId !== null && atLeast((await within(pool, by, notebookId)).role, 'editor');
}

async function personalColumns(
  reading: Reading,
  doc: TableDoc,
  request: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<PersonalColumn[]> {
  const asked = doc.columns.filter(({ type, tags: given }) => type === 'VARCHAR' && !given.includes('pii'));
  if (asked.length === 0) return [];
  const names = asked.map(({ name }) => quoteIdentifier(name)).join(', ');
  const sql = `select ${names} from ${quoteIdentifier(doc.layer)}.${quoteIdentifier(doc.name)} limit ${SAMPLE}`;
  const page = await withQuery({ sql, ...request }, reading, (open) => open.session.rows(open.select));
  return asked.flatMap(({ name }, at) => {
    const found = personalKind(page.rows.map((row) => (typeof row[at] === 'string' ? row[at] : null)));
    return found ? [{ column: name, ...found }] : [];
  });
}

type Change = z.infer<typeof change>;

/** Writes into the cell, as its people could by hand: others see it at once and can undo it. */
async function describe({ pool, rooms }: Deps, by: Principal, doc: TableDoc, asked: Change): Promise<void> {
  const { notebookId, cellId } = doc;
  if (notebookId === null || cellId === null)
    throw new Fault(
      'conflict',
      say('{table} was made by a file; describe it in that file and run it again', {
        table: `${doc.layer}.${doc.name}`,
      }),
    );
  demandRole(await within(pool, by, notebookId), 'editor');
  const cell = (await rooms.notebook(notebookId)).cells.find(({ id }) => id === cellId);
  if (!cell || (cell.kind !== 'sql' && cell.kind !== 'transform'))
    throw new Fault(
      'conflict',
      say('cell {cell} is no sql or transform cell; only those hold descriptions', { cell: doc.cell }),
    );
  const unknown = Object.keys(asked.columns ?? {}).find((name) => !doc.columns.some((column) => column.name === name));
  if (unknown !== undefined)
    throw new Fault('bad-request', say('{table} has no column {column}', { table: doc.name, column: unknown }), {
      field: 'columns',
    });
  const next: Record<string, Json | undefined> = {
    ...(asked.description === undefined ? {} : { description: asked.description.trim() || undefined }),
    ...(asked.tags === undefined ? {} : { tags: asked.tags.length === 0 ? undefined : asked.tags }),
    ...(asked.columns === undefined ? {} : { columns: columnsWith(cell.config['columns'], asked.columns) }),
  };
  await rooms.change(
    notebookId,
    (open) => Object.entries(next).forEach(([key, value]) => setConfigKey(open, cell.id, key, value, 'server')),
    by.userId,
  );
}

function columnsWith(known: Json | undefined, asked: NonNullable<Change['columns']>): JsonObject | undefined {
  const columns = new Map(Object.entries(objectOf(known)));
  for (const [name, { description, tags: given }] of Object.entries(asked)) {
    const said = {
      ...objectOf(columns.get(name)),
      ...(description === undefined ? {} : { description: description.trim() }),
      ...(given === undefined ? {} : { tags: given }),
    };
    const kept = Object.entries(said).filter(
      ([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0),
    );
    if (kept.length === 0) columns.delete(name);
    else columns.set(name, Object.fromEntries(kept));
  }
  return columns.size === 0 ? undefined : Object.fromEntries(columns);
}
