import { z } from '@hono/zod-openapi';
import { roles } from '@datacraft/shared';

/** Bodies of the account and notebook routes, as the OpenAPI document shows them. */
export const roleSchema = z.enum(['viewer', 'commenter', 'runner', 'editor', 'owner']).openapi('Role');
export const localeSchema = z.enum(['en', 'pt-BR']);
export const emailSchema = z
  .string()
  .trim()
  .min(3)
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'expected an e-mail address');
export const nameSchema = z.string().trim().min(1).max(120);
const passwordSchema = z.string().min(8).max(256);

export const meSchema = z
  .object({
    user: z.object({ id: z.string(), email: z.string(), name: z.string(), role: roleSchema, locale: localeSchema }),
  })
  .openapi('Me');

export const signupSchema = z
  .object({
    email: emailSchema,
    password: passwordSchema,
    name: nameSchema,
    locale: localeSchema.optional(),
    invitation: z.string().max(200).optional(),
  })
  .openapi('Signup');

export const loginSchema = z.object({ email: z.string().max(254), password: z.string().max(1000) }).openapi('Login');

export const userSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    createdAt: z.string(),
    disabledAt: z.string().nullable(),
  })
  .openapi('User');

export const invitationSchema = z
  .object({ id: z.string(), email: z.string(), role: roleSchema, createdAt: z.string(), expiresAt: z.string() })
  .openapi('Invitation');

export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAt: z.string(),
    lastUsedAt: z.string().nullable(),
    requestsPerSecond: z.int().nullable(),
    predictionsPerDay: z.int().nullable(),
    predictionsToday: z.int(),
  })
  .openapi('ApiToken');

const requestsPerSecond = z.int().min(1).max(100_000).nullable();
const predictionsPerDay = z.int().min(1).nullable();

/** Limits that are left out, or null, are none. */
export const newTokenSchema = z.object({
  name: nameSchema,
  requestsPerSecond: requestsPerSecond.default(null),
  predictionsPerDay: predictionsPerDay.default(null),
});

export const tokenLimitsSchema = z.strictObject({
  requestsPerSecond: requestsPerSecond.optional(),
  predictionsPerDay: predictionsPerDay.optional(),
});

export const titleSchema = z.string().trim().min(1).max(300);

export const notebookSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    autoRun: z.boolean(),
    createdAt: z.string(),
    updatedAt: z.string(),
    deletedAt: z.string().nullable(),
    cellCount: z.number(),
    tableCount: z.number(),
    lastRun: z
      .object({
        runId: z.string(),
        state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
        finishedAt: z.string().nullable(),
        trigger: z.string(),
      })
      .nullable(),
    publication: z
      .object({
        url: z.string(),
        version: z.number(),
        publishedAt: z.string(),
        dataAt: z.string().nullable().optional(),
        views: z.number().optional(),
      })
      .nullable(),
  })
  .openapi('Notebook');

export const openedSchema = notebookSchema.extend({ myRole: roleSchema }).openapi('OpenedNotebook');

export const fileSchema = z
  .object({
    path: z.string(),
    name: z.string(),
    sizeBytes: z.number(),
    sha256: z.string(),
    sourceType: z.enum(['csv', 'json', 'parquet', 'avro']),
  })
  .openapi('UploadedFile');

/** Fails at start if the roles of the wire and those of the contract ever part. */
if (roles.join() !== roleSchema.options.join()) throw new Error('route/schema.ts: roles differ from shared/protocol');
