import { createRoute, z } from '@hono/zod-openapi';
import type { ImportedNotebook } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { importFiles } from '../interchange/import.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { drain } from '../middleware/body-limit.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';
import type { Part } from './multipart.ts';
import { boundaryOf, readParts } from './multipart.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 1_000;

const answer = z.object({
  notebooks: z.array(z.custom<ImportedNotebook>().openapi('ImportedNotebook', { type: 'object' })),
});
const path = createRoute({
  method: 'post',
  path: '/imports',
  tags: ['Notebooks'],
  summary:
    'Notebooks from files (fields `file`; a file name may hold folders): .md, .ipynb, .sql, files of data, a dbt project, or a ZIP archive of these, at most 64 MB (editor)',
  request: {
    body: {
      content: {
        'multipart/form-data': {
          schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] },
        },
      },
    },
  },
  responses: { 201: jsonAnswer('What was made, and what was not', answer), ...problems },
});

export function importRoutes(engine: ServerEngine) {
  return ({ pool, bus, config }: Deps) => {
    const routes = newRoutes();
    routes.openAPIRegistry.registerPath(path);
    routes.post('/imports', async (c) => {
      const by = principalOf(c, 'editor');
      const boundary = boundaryOf(c.req.header('content-type'));
      const body = c.req.raw.body;
      if (!body) throw new Fault('bad-request', 'expected a multipart body with fields "file", got no body');
      const files = await receive(readParts(body.values({ preventCancel: true }), boundary)).catch(
        async (error: unknown) => {
          await drain(body).catch(() => undefined); // the sender is gone
          throw error;
        },
      );
      const place = { pool, bus, dataDir: config.dataDir, duck: engine.run.duck };
      const notebooks = await importFiles(files, titleOf([...files.keys()]), place, by.userId);
      for (const { id } of notebooks) await audit(pool, by.userId, 'notebook-import', id);
      return c.json({ notebooks }, 201);
    });
    return routes;
  };
}

async function receive(parts: AsyncIterable<Part>): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let left = MAX_BYTES;
  for await (const part of parts) {
    if (part.name !== 'file' || part.filename === null) continue;
    if (files.has(part.filename))
      throw new Fault('bad-request', say('two files are called {filename}', { filename: part.filename }));
    if (files.size === MAX_FILES)
      throw new Fault('too-large', say('more than {most} files; pack them into one ZIP archive', { most: MAX_FILES }));
    const chunks: Buffer[] = [];
    for await (const chunk of part.body) {
      left -= chunk.length;
      if (left < 0) throw new Fault('too-large', 'more than 64 MB; upload large data by dropping it into a notebook');
      chunks.push(chunk);
    }
    files.set(part.filename, Buffer.concat(chunks));
  }
  if (files.size === 0) throw new Fault('bad-request', 'expected fields "file" with file names, got none');
  return files;
}

/** The one file or folder that was handed over. */
function titleOf(names: readonly string[]): string {
  const [first = ''] = names;
  const folder = first.includes('/') ? first.split('/')[0] : undefined;
  return folder ?? (names.length === 1 ? first.replace(/\.\w+$/, '') : 'Files');
}
