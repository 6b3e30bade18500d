import { z } from 'zod';
import type { SqlSpec } from './sql.ts';
import { sqlKeys } from './sql-schema.ts';

/** A transform takes the keys of `sql`; the keys of its steps are accepted as they are until the kind is built. */
export type TransformSpec = SqlSpec & { readonly [key: string]: unknown };

export const transformSchema = z.looseObject(sqlKeys) satisfies z.ZodType<TransformSpec>;
