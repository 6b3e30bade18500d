import { createRoute, z } from '@hono/zod-openapi';
import { Fault, say } from '@datacraft/shared';
import { changeUser, listUsers } from '../auth/accounts.ts';
import { changeToken, createToken, listTokens, refuseLimited, revokeToken } from '../auth/api-tokens.ts';
import { invite, listInvitations, lookUpInvitation, revokeInvitation } from '../auth/invitations.ts';
import type { Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { idParam, jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import {
  emailSchema,
  invitationSchema,
  newTokenSchema,
  roleSchema,
  tokenLimitsSchema,
  tokenSchema,
  userSchema,
} from './schema.ts';

const tags = ['People'];
const paths = {
  users: createRoute({
    method: 'get',
    path: '/users',
    tags,
    summary: 'People of the workspace',
    responses: { 200: jsonAnswer('People', z.array(userSchema)), ...problems },
  }),
  changeUser: createRoute({
    method: 'patch',
    path: '/users/{id}',
    tags,
    summary: "Change somebody's role, or disable the account (owner)",
    request: {
      params: idParam,
      body: jsonBody(z.strictObject({ role: roleSchema.optional(), disabled: z.boolean().optional() })),
    },
    responses: { 200: jsonAnswer('The person', userSchema), ...problems },
  }),
  invitations: createRoute({
    method: 'get',
    path: '/invitations',
    tags,
    summary: 'Open invitations (editor)',
    responses: { 200: jsonAnswer('Invitations', z.array(invitationSchema)), ...problems },
  }),
  invite: createRoute({
    method: 'post',
    path: '/invitations',
    tags,
    summary: 'Invite somebody; the token is shown once (editor)',
    request: { body: jsonBody(z.object({ email: emailSchema, role: roleSchema })) },
    responses: { 201: jsonAnswer('Invited', z.object({ token: z.string(), url: z.string() })), ...problems },
  }),
  revokeInvitation: createRoute({
    method: 'delete',
    path: '/invitations/{id}',
    tags,
    summary: 'Revoke an open invitation (editor)',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
  lookUp: createRoute({
    method: 'get',
    path: '/invitations/by-token/{token}',
    tags,
    summary: 'What an invitation is for; public',
    request: { params: z.object({ token: z.string().max(200) }) },
    responses: {
      200: jsonAnswer(
        'Invitation',
        z.object({ email: z.string(), role: roleSchema, invitedBy: z.string(), expiresAt: z.string() }),
      ),
      ...problems,
    },
  }),
  tokens: createRoute({
    method: 'get',
    path: '/tokens',
    tags,
    summary: 'My API tokens',
    responses: { 200: jsonAnswer('Tokens', z.array(tokenSchema)), ...problems },
  }),
  createToken: createRoute({
    method: 'post',
    path: '/tokens',
    tags,
    summary: 'Make an API token; it is shown once',
    request: { body: jsonBody(newTokenSchema) },
    responses: { 201: jsonAnswer('The token', z.object({ id: z.string(), token: z.string() })), ...problems },
  }),
  changeToken: createRoute({
    method: 'patch',
    path: '/tokens/{id}',
    tags,
    summary: 'Change the limits of one of my API tokens; null is none, what is left out stays',
    request: { params: idParam, body: jsonBody(tokenLimitsSchema) },
    responses: { 200: jsonAnswer('The token', tokenSchema), ...problems },
  }),
  revokeToken: createRoute({
    method: 'delete',
    path: '/tokens/{id}',
    tags,
    summary: 'Revoke one of my API tokens',
    request: { params: idParam },
    responses: { ...nothing, ...problems },
  }),
};

export function peopleRoutes(deps: Deps) {
  const { pool, auth } = deps;
  return newRoutes()
    .openapi(paths.users, async (c) => {
      principalOf(c);
      return c.json(await listUsers(pool), 200);
    })
    .openapi(paths.changeUser, async (c) => {
      const by = principalOf(c, 'owner');
      const { id } = c.req.valid('param');
      await changeUser(pool, by, id, c.req.valid('json'));
      await auth.announceChange(id);
      const user = (await listUsers(pool)).find((one) => one.id === id);
      if (!user) throw new Fault('not-found', say('there is no user {userId}', { userId: id }));
      return c.json(user, 200);
    })
    .openapi(paths.invitations, async (c) => {
      principalOf(c, 'editor');
      return c.json(await listInvitations(pool), 200);
    })
    .openapi(paths.invite, async (c) => {
      const by = principalOf(c, 'editor');
      const { email, role } = c.req.valid('json');
      const token = await invite(pool, by, email, role);
      const origin = deps.config.publicUrl ?? new URL(c.req.url).origin;
      return c.json({ token, url: `${origin}/invite/${token}` }, 201);
    })
    .openapi(paths.revokeInvitation, async (c) => {
      await revokeInvitation(pool, principalOf(c, 'editor'), c.req.valid('param').id);
      return c.body(null, 204);
    })
    .openapi(paths.lookUp, async (c) => c.json(await lookUpInvitation(pool, c.req.valid('param').token), 200))
    .openapi(paths.tokens, async (c) => c.json(await listTokens(pool, principalOf(c).userId), 200))
    .openapi(paths.createToken, async (c) => {
      const by = principalOf(c);
      refuseLimited(by);
      return c.json(await createToken(pool, by.userId, c.req.valid('json')), 201);
    })
    .openapi(paths.changeToken, async (c) => {
      const by = principalOf(c);
      refuseLimited(by);
      const changed = await changeToken(pool, by.userId, c.req.valid('param').id, c.req.valid('json'));
      await auth.announceChange(by.userId);
      return c.json(changed, 200);
    })
    .openapi(paths.revokeToken, async (c) => {
      const by = principalOf(c);
      await revokeToken(pool, by.userId, c.req.valid('param').id);
      await auth.announceChange(by.userId);
      return c.body(null, 204);
    });
}
