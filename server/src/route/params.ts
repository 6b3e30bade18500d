import { z } from '@hono/zod-openapi';

/** Values of inputs by name, as JSON holds them. */
export const paramsSchema = z.record(
  z.string().max(100),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.union([z.string(), z.number()]))]),
);
