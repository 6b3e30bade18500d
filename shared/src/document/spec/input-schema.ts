import { z } from 'zod';
import { type InputSpec, inputTypes } from './input.ts';
import { text, word } from './schema-parts.ts';

const choice = z.union([z.string(), z.number()]);

/** In canonical order. */
export const inputSchema = z.strictObject({
  type: z.enum(inputTypes),
  label: text.exactOptional(),
  default: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(choice)]).exactOptional(),
  min: z.union([z.number(), z.string()]).exactOptional(),
  max: z.union([z.number(), z.string()]).exactOptional(),
  step: z.number().gt(0, 'expected a number above 0').exactOptional(),
  options: z
    .union([
      z.array(choice).min(1, 'expected at least one option'),
      z.strictObject({ from: word, column: word, label: word.exactOptional() }),
    ])
    .exactOptional(),
  unit: text.exactOptional(),
  description: text.exactOptional(),
}) satisfies z.ZodType<InputSpec>;
