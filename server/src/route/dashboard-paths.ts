import { createRoute, z } from '@hono/zod-openapi';
import type { DashboardData, DashboardDraft, DashboardView, PublicationState } from '@datacraft/shared';
import { LAYOUT_COLUMNS, LAYOUT_MAX_HEIGHT } from '@datacraft/shared';
import { idParam, jsonAnswer, jsonBody, languageQuery, nothing, problems } from './answer.ts';
import { paramsSchema } from './params.ts';

const tags = ['Dashboards'];
const layoutSchema = z
  .strictObject({
    title: z.string().max(300).optional(),
    description: z.string().max(2_000).optional(),
    tiles: z
      .array(
        z.strictObject({
          cellId: z.string().max(64),
          x: z
            .number()
            .int()
            .min(0)
            .max(LAYOUT_COLUMNS - 1),
          y: z.number().int().min(0).max(10_000),
          w: z.number().int().min(1).max(LAYOUT_COLUMNS),
          h: z.number().int().min(1).max(LAYOUT_MAX_HEIGHT),
          title: z.string().max(300).optional(),
        }),
      )
      .max(200),
  })
  .openapi('DashboardLayout');
const tokenParam = z.object({ token: z.string().max(200) });
const viewSchema = z.custom<DashboardView>().openapi('DashboardView', { type: 'object' });
const dataSchema = z.custom<DashboardData>().openapi('DashboardData', { type: 'object' });

/** Arranging, publishing and showing dashboards, as the description of the API has them. */
export const paths = {
  layout: createRoute({
    method: 'get',
    path: '/notebooks/{id}/layout',
    tags,
    summary: 'The arrangement being edited, or one made from charts, inputs and headed prose',
    request: { params: idParam },
    responses: { 200: jsonAnswer('Layout', layoutSchema), ...problems },
  }),
  saveLayout: createRoute({
    method: 'put',
    path: '/notebooks/{id}/layout',
    tags,
    summary: 'Keep an arrangement; viewers see it after a publish (editor)',
    request: { params: idParam, body: jsonBody(layoutSchema) },
    responses: { ...nothing, ...problems },
  }),
  draft: createRoute({
    method: 'post',
    path: '/notebooks/{id}/dashboard/preview',
    tags,
    summary: 'What a publish of this arrangement would show (viewer)',
    request: {
      params: idParam,
      body: { ...jsonBody(z.strictObject({ layout: layoutSchema.optional() })), required: false },
    },
    responses: {
      200: jsonAnswer('Draft', z.custom<DashboardDraft>().openapi('DashboardDraft', { type: 'object' })),
      ...problems,
    },
  }),
  options: createRoute({
    method: 'get',
    path: '/notebooks/{id}/inputs/{name}/options',
    tags,
    summary: 'What an input offers now: its literal options, or the distinct values of a column',
    request: { params: idParam.extend({ name: z.string().max(100) }) },
    responses: {
      200: jsonAnswer('Options', z.array(z.object({ value: z.union([z.string(), z.number()]), label: z.string() }))),
      ...problems,
    },
  }),
  publish: createRoute({
    method: 'post',
    path: '/notebooks/{id}/publish',
    tags,
    summary: 'Freeze the notebook and its arrangement as a new version behind a link (editor)',
    request: {
      params: idParam,
      body: { ...jsonBody(z.strictObject({ layout: layoutSchema.optional() })), required: false },
    },
    responses: {
      200: jsonAnswer('Published', z.object({ url: z.string(), token: z.string(), version: z.number() })),
      ...problems,
    },
  }),
  state: createRoute({
    method: 'get',
    path: '/notebooks/{id}/publication',
    tags,
    summary: 'What is published, and what a publish now would change',
    request: { params: idParam },
    responses: {
      200: jsonAnswer('State', z.custom<PublicationState>().openapi('PublicationState', { type: 'object' })),
      ...problems,
    },
  }),
  unpublish: createRoute({
    method: 'delete',
    path: '/notebooks/{id}/publication',
    tags,
    summary: 'Revoke the link (editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
  view: createRoute({
    method: 'get',
    path: '/dashboards/{token}',
    tags,
    summary: 'A published dashboard with its data for `p.<input>=value`; needs no account',
    request: { params: tokenParam },
    responses: { 200: jsonAnswer('Dashboard', viewSchema), ...problems },
  }),
  pdf: createRoute({
    method: 'get',
    path: '/dashboards/{token}/pdf',
    tags,
    summary: 'That dashboard as a PDF file; needs no account',
    request: { params: tokenParam, query: languageQuery.loose() },
    responses: {
      200: { description: 'The file', content: { 'application/pdf': { schema: z.string() } } },
      ...problems,
    },
  }),
  events: createRoute({
    method: 'get',
    path: '/dashboards/{token}/events',
    tags,
    summary:
      'Server-sent: `live` says what the streams behind it and its tiles do, `data` that there is newer data; needs no account',
    request: { params: tokenParam },
    responses: {
      200: { description: 'live, data, ping', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      ...problems,
    },
  }),
  data: createRoute({
    method: 'post',
    path: '/dashboards/{token}/data',
    tags,
    summary: 'Data of a published dashboard for other values of its inputs; needs no account',
    request: {
      params: tokenParam,
      body: { ...jsonBody(z.strictObject({ params: paramsSchema.optional() })), required: false },
    },
    responses: { 200: jsonAnswer('Data', dataSchema), ...problems },
  }),
};

export type LayoutBody = z.infer<typeof layoutSchema>;
