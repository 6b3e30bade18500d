import { z } from '@hono/zod-openapi';

/** Names then mean the tables and models of this branch. */
export const branchSchema = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .openapi({ description: 'The id of a branch, or its name where only one is called so; default: main' });

/** Values of inputs by name, as JSON holds them. */
export const paramsSchema = z.record(
  z.string().max(100),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.union([z.string(), z.number()]))]),
);
