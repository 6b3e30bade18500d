import { createRoute, z } from '@hono/zod-openapi';
import type { Deps } from '../deps.ts';
import { copyExampleData, exampleLanguages, exampleText, listExamples } from '../interchange/examples.ts';
import { importText } from '../interchange/text-notebook.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonAnswer, newRoutes, problems } from './answer.ts';

const tags = ['Notebooks'];
const language = z.enum(exampleLanguages).default('en');
const example = z.object({ name: z.string(), title: z.string(), description: z.string() }).openapi('Example');
const paths = {
  list: createRoute({
    method: 'get',
    path: '/notebooks/examples',
    tags,
    summary: 'The examples that can be created',
    request: { query: z.object({ language }) },
    responses: { 200: jsonAnswer('Examples', z.array(example)), ...problems },
  }),
  create: createRoute({
    method: 'post',
    path: '/notebooks/example',
    tags,
    summary: 'Create an example with its files, the guided one by default (editor)',
    request: { query: z.object({ name: z.string().default('ecommerce'), language }) },
    responses: { 201: jsonAnswer('Created', z.object({ id: z.string() })), ...problems },
  }),
};

/** Before the routes of one notebook, whose id `examples` would be. */
export function exampleRoutes(deps: Deps) {
  const { examplesDir } = deps.config;
  return newRoutes()
    .openapi(paths.list, async (c) => {
      principalOf(c);
      return c.json(await listExamples(examplesDir, c.req.valid('query').language), 200);
    })
    .openapi(paths.create, async (c) => {
      const by = principalOf(c, 'editor');
      const { name, language: asked } = c.req.valid('query');
      const text = await exampleText(examplesDir, name, asked);
      const id = await importText(deps, text, by.userId, (folder) => copyExampleData(examplesDir, name, folder));
      return c.json({ id }, 201);
    });
}
