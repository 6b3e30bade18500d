import { createRoute, z } from '@hono/zod-openapi';
import type { ExportContents } from '@datacraft/shared';
import { exportFormats } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Principal } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { ownerOf } from '../engine.ts';
import { downloadOf, exportAs, reportOf } from '../interchange/export.ts';
import type { ReportLanguage } from '../interchange/report.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { latestPublication } from '../store/dashboards.ts';
import { idParam, jsonAnswer, languageQuery, newRoutes, problems } from './answer.ts';

const tags = ['Notebooks'];
const params = idParam.extend({ format: z.enum(exportFormats).openapi({ param: { name: 'format', in: 'path' } }) });
const paths = {
  download: createRoute({
    method: 'get',
    path: '/notebooks/{id}/export/{format}',
    tags,
    summary:
      'The notebook in another form, with rows as far as the caller may read them: a dbt project as a ZIP archive, a Jupyter notebook, one HTML page, or the published version as a PDF file',
    request: { params, query: languageQuery },
    responses: {
      200: {
        description: 'The file',
        content: {
          'application/zip': { schema: z.string() },
          'application/x-ipynb+json': { schema: z.string() },
          'text/html': { schema: z.string() },
          'application/pdf': { schema: z.string() },
        },
      },
      ...problems,
    },
  }),
  report: createRoute({
    method: 'get',
    path: '/notebooks/{id}/export/{format}/report',
    tags,
    summary: 'The files of that export, and what it does not hold',
    request: { params },
    responses: {
      200: jsonAnswer('Report', z.custom<ExportContents>().openapi('ExportContents', { type: 'object' })),
      ...problems,
    },
  }),
};

export function notebookExportRoutes(engine: ServerEngine) {
  return (deps: Deps) => {
    const made = async (by: Principal, { id, format }: z.infer<typeof params>, language: ReportLanguage) => {
      const published = format === 'pdf' ? await latestPublication(engine.run.db, id) : null;
      const notebook = published?.document ?? (await deps.rooms.notebook(id));
      const what = {
        notebook,
        compiled: await engine.compile(notebook),
        owner: ownerOf(id, notebook.title),
        ...(published ? { version: { number: published.version, at: published.publishedAt.toISOString() } } : {}),
      };
      return exportAs(format, what, await engine.readingAs(by), engine.run.now(), language);
    };
    return newRoutes()
      .openapi(paths.download, async (c) => {
        const by = principalOf(c);
        const asked = c.req.valid('param');
        const { file, type, bytes } = downloadOf(asked.format, await made(by, asked, c.req.valid('query').language));
        await audit(deps.pool, by.userId, 'notebook-export', asked.id, { format: asked.format });
        const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(file)}`;
        return c.body(Uint8Array.from(bytes), 200, { 'content-type': type, 'content-disposition': disposition });
      })
      .openapi(paths.report, async (c) =>
        c.json(reportOf(await made(principalOf(c), c.req.valid('param'), 'en')), 200),
      );
  };
}
