import { z } from '@hono/zod-openapi';
import type { Json } from '@datacraft/shared';

/** Bodies of the history routes, as the OpenAPI document shows them. */
const person = z.object({ id: z.string().nullable(), name: z.string() }).openapi('Person');
const json: z.ZodType<Json> = z.any();
const cell = z
  .object({
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    order: z.string(),
    source: z.string(),
    config: z.record(z.string(), json),
  })
  .openapi('VersionCell');

export const versionSummarySchema = z
  .object({
    id: z.string(),
    at: z.string(),
    reason: z.enum(['auto', 'named', 'publish', 'restore', 'schedule']),
    name: z.string(),
    message: z.string(),
    by: person.nullable(),
    authors: z.array(person),
    changedCells: z.number(),
  })
  .openapi('VersionSummary');

export const cellAuthorsSchema = z.record(z.string(), z.array(person));
export const versionSchema = versionSummarySchema
  .extend({
    notebook: z.object({ title: z.string(), meta: z.record(z.string(), json), cells: z.array(cell).readonly() }),
    cellAuthors: cellAuthorsSchema,
  })
  .openapi('Version');

const wrote = z.object({ id: z.string().nullable(), name: z.string(), at: z.string() }).nullable();
export const blameSchema = z
  .record(z.string(), z.object({ lines: z.array(wrote), config: z.record(z.string(), wrote), created: wrote }))
  .openapi('NotebookBlame');
