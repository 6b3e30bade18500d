import { createRoute, z } from '@hono/zod-openapi';
import { compatibilities } from '@datacraft/shared';
import type { SchemaSubject } from '@datacraft/shared';
import { jsonAnswer, problems } from './answer.ts';

const tags = ['Schema registry'];
const media = 'application/vnd.schemaregistry.v1+json';
const subject = z.string().min(1).max(300);
const version = z.string().max(12).openapi({ description: 'A number, or latest' });
const ofSubject = z.object({ subject });
const ofVersion = z.object({ subject, version });
const ofSchema = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });
const permanent = z.object({ permanent: z.enum(['true', 'false']).optional() });
export const schemaBody = z
  .object({
    schema: z.string().max(1_000_000),
    schemaType: z.string().optional(),
    references: z.array(z.unknown()).optional(),
  })
  .openapi('MessageSchema');
export const ruleBody = z.object({ compatibility: z.enum(compatibilities) }).openapi('SchemaRule');
const overview = z
  .object({
    subjects: z.array(z.custom<SchemaSubject>().openapi('SchemaSubject', { type: 'object' })),
    compatibility: z.string(),
  })
  .openapi('SchemaSubjects');

const answered = (description: string) => ({
  200: { description, content: { [media]: { schema: z.unknown() } } },
  ...problems,
});
const base = '/registry';
const read = <Path extends string, Params extends z.ZodObject>(path: Path, summary: string, params: Params) =>
  createRoute({ method: 'get', path, tags, summary, request: { params }, responses: answered(summary) });
const none = z.object({});
/** Their clients say another type than `application/json`: what came is read by the handlers. */
const bodyOf = <Schema extends z.ZodType>(schema: Schema) => ({ content: { [media]: { schema } } });
const sent = { body: bodyOf(schemaBody) };

export const overviewPath = createRoute({
  method: 'get',
  path: '/schema-subjects',
  tags,
  summary: 'Subjects of the built-in schema registry with their newest schema',
  responses: { 200: jsonAnswer('Subjects', overview), ...problems },
});

export const registryPaths = {
  types: read(`${base}/schemas/types`, 'Types of schemas that are kept', none),
  mode: read(`${base}/mode`, 'Whether schemas can be registered', none),
  subjects: read(`${base}/subjects`, 'Names of all subjects', none),
  byId: read(`${base}/schemas/ids/{id}`, 'The schema that messages name by this id', ofSchema),
  uses: read(`${base}/schemas/ids/{id}/versions`, 'Subjects and versions that have this schema', ofSchema),
  versions: read(`${base}/subjects/{subject}/versions`, 'Versions of a subject', ofSubject),
  version: read(`${base}/subjects/{subject}/versions/{version}`, 'One version of a subject', ofVersion),
  text: read(`${base}/subjects/{subject}/versions/{version}/schema`, 'The text of one version', ofVersion),
  rule: read(`${base}/config`, 'What new versions have to keep where a subject says nothing', none),
  ruleOf: createRoute({
    method: 'get',
    path: `${base}/config/{subject}`,
    tags,
    summary: 'What new versions of a subject have to keep',
    request: { params: ofSubject, query: z.object({ defaultToGlobal: z.enum(['true', 'false']).optional() }) },
    responses: answered('Compatibility'),
  }),
  register: createRoute({
    method: 'post',
    path: `${base}/subjects/{subject}/versions`,
    tags,
    summary: 'Register a schema; one that does not fit is refused with the paths of its fields (editor)',
    request: { params: ofSubject, ...sent },
    responses: answered('Its id'),
  }),
  lookUp: createRoute({
    method: 'post',
    path: `${base}/subjects/{subject}`,
    tags,
    summary: 'The version of a subject that has this schema',
    request: { params: ofSubject, ...sent },
    responses: answered('Version'),
  }),
  check: createRoute({
    method: 'post',
    path: `${base}/compatibility/subjects/{subject}/versions/{version}`,
    tags,
    summary: 'Whether a schema may follow a version',
    request: { params: ofVersion, ...sent },
    responses: answered('is_compatible, messages'),
  }),
  checkAll: createRoute({
    method: 'post',
    path: `${base}/compatibility/subjects/{subject}/versions`,
    tags,
    summary: 'Whether a schema may be the next version',
    request: { params: ofSubject, ...sent },
    responses: answered('is_compatible, messages'),
  }),
  deleteSubject: createRoute({
    method: 'delete',
    path: `${base}/subjects/{subject}`,
    tags,
    summary: 'Delete a subject; ids still read messages. Deleted ones go for good with permanent=true (editor)',
    request: { params: ofSubject, query: permanent },
    responses: answered('Versions that went'),
  }),
  deleteVersion: createRoute({
    method: 'delete',
    path: `${base}/subjects/{subject}/versions/{version}`,
    tags,
    summary: 'Delete one version (editor)',
    request: { params: ofVersion, query: permanent },
    responses: answered('The version that went'),
  }),
  setRule: createRoute({
    method: 'put',
    path: `${base}/config`,
    tags,
    summary: 'Say what new versions have to keep where a subject says nothing (editor)',
    request: { body: bodyOf(ruleBody) },
    responses: answered('Compatibility'),
  }),
  setRuleOf: createRoute({
    method: 'put',
    path: `${base}/config/{subject}`,
    tags,
    summary: 'Say what new versions of a subject have to keep (editor)',
    request: { params: ofSubject, body: bodyOf(ruleBody) },
    responses: answered('Compatibility'),
  }),
  unsetRuleOf: createRoute({
    method: 'delete',
    path: `${base}/config/{subject}`,
    tags,
    summary: 'Let what holds for all hold for a subject (editor)',
    request: { params: ofSubject },
    responses: answered('Compatibility'),
  }),
} as const;
