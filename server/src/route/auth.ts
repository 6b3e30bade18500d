import { createRoute, z } from '@hono/zod-openapi';
import type { Me } from '@datacraft/shared';
import { Fault } from '@datacraft/shared';
import type { Context } from 'hono';
import { changeSelf, checkPassword, needsOwner, signUp } from '../auth/accounts.ts';
import { audit } from '../auth/audit.ts';
import type { AppEnv, Deps } from '../deps.ts';
import { principalOf } from '../middleware/authenticate.ts';
import { jsonAnswer, jsonBody, newRoutes, nothing, problems } from './answer.ts';
import { localeSchema, loginSchema, meSchema, nameSchema, signupSchema } from './schema.ts';

const tags = ['Account'];
const paths = {
  setup: createRoute({
    method: 'get',
    path: '/setup',
    tags,
    summary: 'Whether the workspace still needs its owner',
    responses: { 200: jsonAnswer('State', z.object({ needsOwner: z.boolean() })) },
  }),
  signup: createRoute({
    method: 'post',
    path: '/auth/signup',
    tags,
    summary: 'Create an account: the first owns the workspace, later ones need an invitation',
    request: { body: jsonBody(signupSchema) },
    responses: { 201: jsonAnswer('Signed in', meSchema), ...problems },
  }),
  login: createRoute({
    method: 'post',
    path: '/auth/login',
    tags,
    summary: 'Start a session',
    request: { body: jsonBody(loginSchema) },
    responses: { 200: jsonAnswer('Signed in', meSchema), ...problems },
  }),
  logout: createRoute({ method: 'post', path: '/auth/logout', tags, summary: 'End the session', responses: nothing }),
  me: createRoute({
    method: 'get',
    path: '/me',
    tags,
    summary: 'Who I am',
    responses: { 200: jsonAnswer('Me', meSchema), ...problems },
  }),
  changeMe: createRoute({
    method: 'patch',
    path: '/me',
    tags,
    summary: 'Change my name, language or password',
    request: {
      body: jsonBody(
        z.strictObject({
          name: nameSchema.optional(),
          locale: localeSchema.optional(),
          password: z.string().max(1000).optional(),
          currentPassword: z.string().max(1000).optional(),
        }),
      ),
    },
    responses: { 200: jsonAnswer('Me', meSchema), ...problems },
  }),
  changePassword: createRoute({
    method: 'post',
    path: '/me/password',
    tags,
    summary: 'Change my password; other sessions end',
    request: { body: jsonBody(z.object({ currentPassword: z.string().max(1000), newPassword: z.string().max(1000) })) },
    responses: { ...nothing, ...problems },
  }),
};

function remoteAddress(c: Context<AppEnv>, deps: Deps): string {
  const forwarded = deps.config.trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  return forwarded ?? c.env.remoteAddress;
}

export function authRoutes(deps: Deps) {
  const { pool, auth } = deps;
  const meOf = async (userId: string): Promise<Me> => {
    const { rows } = await pool.query<Me['user']>('select id, email, name, role, locale from users where id = $1', [
      userId,
    ]);
    const [user] = rows;
    if (!user) throw new Fault('unauthenticated', 'this account is gone; sign in again');
    return { user };
  };
  const changePassword = async (c: Context<AppEnv>, currentPassword: string, password: string) => {
    const self = principalOf(c);
    const address = remoteAddress(c, deps);
    const over = auth.attempts.check(address, self.email);
    try {
      await changeSelf(pool, self, { currentPassword, password });
    } catch (error) {
      if (error instanceof Fault && error.code === 'forbidden') auth.attempts.failed(address, self.email);
      throw error;
    } finally {
      over();
    }
    await auth.sessions.endAll(self.userId, self.via === 'session' ? self.credentialId : undefined);
    await auth.announceChange(self.userId);
  };
  return newRoutes()
    .openapi(paths.setup, async (c) => c.json({ needsOwner: await needsOwner(pool) }, 200))
    .openapi(paths.signup, async (c) => {
      const form = c.req.valid('json');
      const address = remoteAddress(c, deps);
      const attempt = `signup ${form.email}`;
      const over = auth.attempts.check(address, attempt);
      try {
        const userId = await signUp(pool, {
          ...form,
          locale: form.locale ?? 'en',
          invitation: form.invitation ?? null,
        });
        c.header('set-cookie', await auth.sessions.start(userId));
        return c.json(await meOf(userId), 201);
      } catch (error) {
        if (error instanceof Fault && error.code === 'forbidden') auth.attempts.failed(address, attempt);
        throw error;
      } finally {
        over();
      }
    })
    .openapi(paths.login, async (c) => {
      const { email, password } = c.req.valid('json');
      const address = remoteAddress(c, deps);
      const over = auth.attempts.check(address, email);
      const userId = await checkPassword(pool, email.trim(), password).finally(over);
      if (userId === null) {
        auth.attempts.failed(address, email);
        await audit(pool, null, 'login-failed', null, { address });
        throw new Fault('unauthenticated', 'e-mail or password is not correct; check both and try again');
      }
      auth.attempts.succeeded(address, email);
      await audit(pool, userId, 'login', userId);
      c.header('set-cookie', await auth.sessions.start(userId));
      return c.json(await meOf(userId), 200);
    })
    .openapi(paths.logout, async (c) => {
      const principal = c.get('principal');
      if (principal?.via === 'session') {
        await auth.sessions.end(principal.credentialId);
        await audit(pool, principal.userId, 'logout', principal.userId);
        await auth.announceChange(principal.userId);
      }
      c.header('set-cookie', auth.sessions.blankCookie);
      return c.body(null, 204);
    })
    .openapi(paths.me, async (c) => c.json(await meOf(principalOf(c).userId), 200))
    .openapi(paths.changeMe, async (c) => {
      const self = principalOf(c);
      const { password, currentPassword, ...rest } = c.req.valid('json');
      if (password !== undefined) await changePassword(c, currentPassword ?? '', password);
      await changeSelf(pool, self, rest);
      return c.json(await meOf(self.userId), 200);
    })
    .openapi(paths.changePassword, async (c) => {
      const { currentPassword, newPassword } = c.req.valid('json');
      await changePassword(c, currentPassword, newPassword);
      return c.body(null, 204);
    });
}
