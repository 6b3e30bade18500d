import { OpenAPIHono, z } from '@hono/zod-openapi';
import { asSaid, Fault, say } from '@datacraft/shared';
import type { AppEnv } from '../deps.ts';

/** An empty set of routes whose bad input becomes a `bad-request` that names the field. */
export function newRoutes(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      if (result.target === 'json' && issue?.code === 'invalid_type' && issue.path.length === 0)
        throw new Fault('bad-request', say('send one JSON object, with its fields by name'));
      const field = issue?.path.join('.') ?? '';
      throw new Fault(
        'bad-request',
        say('{field}: {message}', {
          field: field === '' ? result.target : field,
          message: asSaid(issue?.message ?? 'not as expected'),
        }),
        { field },
      );
    },
  });
}

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string(),
    detail: z.string(),
    said: z
      .object({ key: z.string(), values: z.record(z.string(), z.unknown()).optional() })
      .optional()
      .openapi({ description: 'How `detail` was said, for readers of another language' }),
  })
  .openapi('Problem');

/** The part of `responses` for a JSON answer. */
export function jsonAnswer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

export const nothing = { 204: { description: 'Done' } } as const;

export const problems = {
  default: { description: 'What went wrong', content: { 'application/problem+json': { schema: problem } } },
};

/** For `request.body`. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } } as const;
}

/** Of what is written for people beside the interface. */
export const languageQuery = z.object({ language: z.enum(['en', 'pt']).default('en') });

export const idParam = z.object({
  id: z
    .string()
    .max(64)
    .openapi({ param: { name: 'id', in: 'path' } }),
});
