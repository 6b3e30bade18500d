/**
 * The built-in schema registry, as clients of Confluent's registry ask: `schema.registry.url` is `/api/v1/registry`, the
 * login an API token, as bearer or as the password of any user.
 */
import {
  compatibilityOf,
  deleteSubject,
  deleteVersion,
  listSubjects,
  lookUpSchema,
  presentVersions,
  problemsOf,
  registerSchema,
  registryFault,
  ruleOf,
  schemaById,
  setRule,
  usesOfSchema,
  versionAt,
} from '@datacraft/engine';
import type { SchemaVersion, TypedSchema } from '@datacraft/engine';
import type { SchemaSubject } from '@datacraft/shared';
import { isFault, say } from '@datacraft/shared';
import type { Context } from 'hono';
import type { z } from '@hono/zod-openapi';
import type { AuditAction } from '../auth/audit.ts';
import { audit } from '../auth/audit.ts';
import type { AppEnv, Deps } from '../deps.ts';
import type { ServerEngine } from '../engine.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { answerProblem } from '../middleware/problem.ts';
import { newRoutes } from './answer.ts';
import { overviewPath, registryPaths as paths, ruleBody, schemaBody } from './registry-paths.ts';

const MEDIA = 'application/vnd.schemaregistry.v1+json';

export function registryRoutes(engine: ServerEngine) {
  const { db } = engine.run;
  return ({ pool, log }: Deps) => {
    const routes = newRoutes();
    routes.onError((error, c) => {
      if (!isFault(error) || typeof error.facts['registry'] !== 'number') return answerProblem(c, error, log);
      const { registry: code } = error.facts;
      return answer({ error_code: code, message: error.message }, code < 1_000 ? code : Math.floor(code / 100));
    });
    /** Only for editors; told to the audit once it is done. */
    const change = async <Result extends object | number>(
      c: Context<AppEnv>,
      [action, target]: readonly [AuditAction, string],
      work: (by: string) => Promise<Result>,
    ): Promise<Response> => {
      const { userId } = principalOf(c, 'editor');
      const result = await work(userId);
      await audit(pool, userId, action, target);
      return answer(result);
    };
    const ownRule = async (subject: string) => {
      const own = await ruleOf(db, subject);
      if (own === null) throw registryFault('rule', say('{subject} says nothing of compatibility itself', { subject }));
      return own;
    };
    routes.openapi(overviewPath, async (c) => {
      principalOf(c);
      const subjects: SchemaSubject[] = await listSubjects(db);
      return c.json({ subjects, compatibility: await compatibilityOf(db, '') }, 200);
    });
    for (const path of Object.values(paths)) routes.openAPIRegistry.registerPath(path);
    routes
      .get('/registry/schemas/types', () => answer(['AVRO', 'JSON']))
      .get('/registry/mode', () => answer({ mode: 'READWRITE' }))
      .get('/registry/subjects', async () => answer((await listSubjects(db)).map(({ subject }) => subject)))
      .get('/registry/schemas/ids/:id', async (c) => {
        const found = await schemaById(db, idIn(c));
        if (!found) throw registryFault('schema', say('there is no schema {id}', { id: String(idIn(c)) }));
        return answer({ schema: found.schema, ...typeOf(found) });
      })
      .get('/registry/schemas/ids/:id/versions', async (c) => answer(await usesOfSchema(db, idIn(c))))
      .get('/registry/subjects/:subject/versions', async (c) =>
        answer((await presentVersions(db, c.req.param('subject'))).map(({ version }) => version)),
      )
      .get('/registry/subjects/:subject/versions/:version', async (c) => {
        const { subject, version } = c.req.param();
        return answer(versionBody(await versionAt(db, subject, version)));
      })
      .get('/registry/subjects/:subject/versions/:version/schema', async (c) => {
        const { subject, version } = c.req.param();
        return c.text((await versionAt(db, subject, version)).schema, 200, { 'content-type': MEDIA });
      })
      .post('/registry/subjects/:subject/versions', (c) => {
        const { subject } = c.req.param();
        return change(c, ['schema-register', subject], async (by) => {
          const { id } = await registerSchema(db, subject, await schemaIn(c), by);
          return { id };
        });
      })
      .post('/registry/subjects/:subject', async (c) =>
        answer(versionBody(await lookUpSchema(db, c.req.param('subject'), await schemaIn(c)))),
      )
      .post('/registry/compatibility/subjects/:subject/versions/:version', async (c) => {
        const { subject, version } = c.req.param();
        return answer(verdict(await problemsOf(db, subject, await schemaIn(c), version)));
      })
      .post('/registry/compatibility/subjects/:subject/versions', async (c) =>
        answer(verdict(await problemsOf(db, c.req.param('subject'), await schemaIn(c), null))),
      )
      .delete('/registry/subjects/:subject', (c) => {
        const { subject } = c.req.param();
        return change(c, ['schema-delete', subject], () => deleteSubject(db, subject, isForGood(c)));
      })
      .delete('/registry/subjects/:subject/versions/:version', (c) => {
        const { subject, version } = c.req.param();
        const target = `${subject} ${version}`;
        return change(c, ['schema-delete', target], () => deleteVersion(db, subject, version, isForGood(c)));
      })
      .get('/registry/config', async () => answer({ compatibilityLevel: await compatibilityOf(db, '') }))
      .get('/registry/config/:subject', async (c) => {
        const { subject } = c.req.param();
        const withDefault = c.req.query('defaultToGlobal') === 'true';
        const own = withDefault ? await compatibilityOf(db, subject) : await ownRule(subject);
        return answer({ compatibilityLevel: own });
      })
      .put('/registry/config', (c) =>
        change(c, ['schema-rule', 'all'], async () => {
          const rule = await bodyIn(c, ruleBody);
          await setRule(db, '', rule.compatibility);
          return rule;
        }),
      )
      .put('/registry/config/:subject', (c) => {
        const { subject } = c.req.param();
        return change(c, ['schema-rule', subject], async () => {
          const rule = await bodyIn(c, ruleBody);
          await setRule(db, subject, rule.compatibility);
          return rule;
        });
      })
      .delete('/registry/config/:subject', (c) => {
        const { subject } = c.req.param();
        return change(c, ['schema-rule', subject], async () => {
          const before = await ownRule(subject);
          await setRule(db, subject, null);
          return { compatibilityLevel: before };
        });
      });
    return routes;
  };
}

function answer(body: object | number, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': MEDIA } });
}

function isForGood(c: Context<AppEnv>): boolean {
  return c.req.query('permanent') === 'true';
}

function idIn(c: Context<AppEnv>): number {
  const text = c.req.param('id') ?? '';
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw registryFault('schema', say('there is no schema {id}', { id: text }));
}

async function bodyIn<Schema extends z.ZodType>(c: Context<AppEnv>, schema: Schema): Promise<z.output<Schema>> {
  const json: unknown = await c.req.json().catch(() => null);
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw registryFault('invalid', `${issue?.path.join('.') ?? 'the body'}: ${issue?.message ?? 'not as expected'}`);
}

async function schemaIn(c: Context<AppEnv>): Promise<TypedSchema> {
  const { schema, schemaType = 'AVRO', references = [] } = await bodyIn(c, schemaBody);
  if (references.length > 0)
    throw registryFault('invalid', 'references to other subjects are not kept here; write the types into the schema');
  if (schemaType !== 'AVRO' && schemaType !== 'JSON')
    throw registryFault(
      'invalid',
      say('schemas of type {schemaType} are not kept here; AVRO and JSON are', { schemaType }),
    );
  return { schema, schemaType };
}

/** Avro is what is meant when no type is said. */
function typeOf({ schemaType }: TypedSchema) {
  return schemaType === 'AVRO' ? {} : { schemaType };
}

function versionBody({ subject, version, id, schema, schemaType }: SchemaVersion) {
  return { subject, version, id, schema, ...typeOf({ schema, schemaType }) };
}

function verdict(problems: readonly string[]) {
  return { is_compatible: problems.length === 0, ...(problems.length > 0 ? { messages: problems } : {}) };
}
