import { createRoute } from '@hono/zod-openapi';
import { Fault, say } from '@datacraft/shared';
import { audit } from '../auth/audit.ts';
import { within } from '../auth/permission.ts';
import { demandRole } from '../auth/principal.ts';
import type { Deps } from '../deps.ts';
import { drain } from '../middleware/body-limit.ts';
import { principalOf } from '../middleware/authenticate.ts';
import type { Received, Uploads } from '../store/uploads.ts';
import { createUploads } from '../store/uploads.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';
import type { Part } from './multipart.ts';
import { boundaryOf, readParts } from './multipart.ts';
import { fileSchema } from './schema.ts';

const path = createRoute({
  method: 'post',
  path: '/files',
  tags: ['Files'],
  summary: 'Upload a file (field `file`, optional field `notebookId`); `path` is what a source cell takes',
  request: {
    body: {
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: { file: { type: 'string', format: 'binary' }, notebookId: { type: 'string' } },
            required: ['file'],
          },
        },
      },
    },
  },
  responses: { 201: jsonAnswer('Stored', fileSchema), ...problems },
});

const MAX_FIELD_BYTES = 1_024;

export function fileRoutes(deps: Deps) {
  const uploads = createUploads({
    pool: deps.pool,
    dataDir: deps.config.dataDir,
    maxBytes: deps.config.maxUploadBytes,
  });
  const routes = newRoutes();
  routes.openAPIRegistry.registerPath(path);
  routes.post('/files', async (c) => {
    const by = principalOf(c);
    const boundary = boundaryOf(c.req.header('content-type'));
    const body = c.req.raw.body;
    if (!body) throw new Fault('bad-request', 'expected a multipart body with a field "file", got no body');
    const { received, notebookId } = await receiveForm(
      uploads,
      readParts(body.values({ preventCancel: true }), boundary),
    ).catch(async (error: unknown) => {
      await drain(body).catch(() => undefined); // the sender is gone
      throw error;
    });
    try {
      demandRole(notebookId === null ? by : await within(deps.pool, by, notebookId), 'editor');
      if (notebookId !== null) await deps.rooms.open(notebookId);
      const file = await uploads.keep(received, by.userId, notebookId);
      await audit(deps.pool, by.userId, 'file-upload', file.path, { sizeBytes: file.sizeBytes });
      return c.json(file, 201);
    } finally {
      await uploads.discard(received);
    }
  });
  return routes;
}

async function receiveForm(
  uploads: Uploads,
  parts: AsyncIterable<Part>,
): Promise<{ received: Received; notebookId: string | null }> {
  let received: Received | null = null;
  let notebookId: string | null = null;
  try {
    for await (const part of parts) {
      if (part.name === 'file' && part.filename !== null) {
        if (received) throw new Fault('bad-request', 'one file at a time; send the others in requests of their own');
        received = await uploads.receive(part.filename, part.body);
      } else if (part.name === 'notebookId') {
        notebookId = (await fieldText(part)) || null;
      }
    }
  } catch (error) {
    if (received) await uploads.discard(received);
    throw error;
  }
  if (!received) throw new Fault('bad-request', 'expected a field "file" with a file name, got none');
  return { received, notebookId };
}

async function fieldText(part: Part): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of part.body) {
    length += chunk.length;
    if (length > MAX_FIELD_BYTES) throw new Fault('too-large', say('field {name} is too long', { name: part.name }));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8').trim();
}
