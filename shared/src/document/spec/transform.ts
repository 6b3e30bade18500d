import { z } from 'zod';
import { word } from './schema-parts.ts';
import type { SqlSpec } from './sql.ts';
import { sqlKeys } from './sql-schema.ts';
import { type Step, stepSchema } from './step-schema.ts';

/** Rules without code: a relation, and what is done to its rows one after the other. */
export interface TransformSpec extends SqlSpec {
  readonly from: string;
  readonly steps?: readonly Step[];
}

/** In canonical order. */
export const transformSchema = z.strictObject({ ...sqlKeys, from: word, steps: z.array(stepSchema).exactOptional() });
