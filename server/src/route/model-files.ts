import { createRoute, z } from '@hono/zod-openapi';
import { exportOnnx, loadModelBytes } from '@datacraft/engine';
import { Fault, say } from '@datacraft/shared';
import type { Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { modelName } from '../middleware/notebook-gate.ts';
import { modelInBranch } from '../model/registry.ts';
import type { Scorers } from '../model/scorers.ts';
import { newRoutes, problems } from './answer.ts';
import { branchQuery, nameParam } from './models.ts';

const version = z.string().regex(/^(\d{1,9}|champion|challenger)$/, 'expected a number, champion or challenger');

const path = createRoute({
  method: 'get',
  path: '/models/{name}/versions/{version}/onnx',
  tags: ['Models'],
  summary: 'A version as an ONNX file: its inputs are the features by name, and it scores as we do',
  request: { params: nameParam.extend({ version }), query: branchQuery },
  responses: {
    200: { description: 'A ModelProto', content: { 'application/octet-stream': { schema: z.any() } } },
    ...problems,
  },
});

export function modelFileRoutes(engine: ServerEngine, scorers: Scorers) {
  return ({ pool }: Deps) =>
    newRoutes().openapi(path, async (c) => {
      const by = principalOf(c);
      const asked = c.req.valid('param');
      const { branch } = c.req.valid('query');
      const name = modelName(asked.name);
      const registry =
        branch === undefined ? { db: engine.run.db, scorers } : await modelInBranch(engine, pool, by, { branch, name });
      const opened = await registry.scorers.open(name, asked.version);
      const bytes = await loadModelBytes(registry.db, name, opened.version);
      if (bytes === null)
        throw new Fault(
          'not-found',
          say('the model {name} has no version {version}', { name, version: opened.version }),
        );
      const file = `attachment; filename*=UTF-8''${encodeURIComponent(`${name}-${opened.version}`)}.onnx`;
      const headers = { 'content-type': 'application/octet-stream', 'content-disposition': file };
      return c.body(Uint8Array.from(exportOnnx(bytes, name)), 200, headers);
    });
}
