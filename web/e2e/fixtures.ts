import { type BrowserContext, type Page, request, test as base } from '@playwright/test';
import { Api } from './api.ts';

interface Guest {
  context: BrowserContext;
  page: Page;
  api: Api;
  name: string;
  email: string;
  password: string;
}

interface Fixtures {
  /** The owner's. */
  api: Api;
  /** Another person of the workspace, in a browser of their own. */
  join: (name: string, role: string) => Promise<Guest>;
  /** A browser without an account. */
  stranger: BrowserContext;
}

let guests = 0;

export const test = base.extend<Fixtures>({
  baseURL: async ({}, use) => use(needed('E2E_URL')),
  storageState: async ({}, use) => use(needed('E2E_OWNER_STATE')),
  api: async ({}, use) => {
    const context = await request.newContext({ baseURL: needed('E2E_URL'), storageState: needed('E2E_OWNER_STATE') });
    await use(new Api(context));
    await context.dispose();
  },
  join: async ({ api, browser, baseURL, contextOptions, locale, viewport }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (name, role) => {
      const person = { name, email: `guest${++guests}.${Date.now()}@example.com`, password: 'outra senha boa' };
      const { token } = await api.post<{ token: string }>('/invitations', { email: person.email, role });
      const context = await browser.newContext({
        ...contextOptions,
        ...(baseURL === undefined ? {} : { baseURL }),
        ...(locale === undefined ? {} : { locale }),
        viewport,
        storageState: { cookies: [], origins: [] },
      });
      opened.push(context);
      const guestApi = new Api(context.request);
      await guestApi.post('/auth/signup', { ...person, invitation: token });
      return { context, page: await context.newPage(), api: guestApi, ...person };
    });
    for (const context of opened) await context.close();
  },
  stranger: async ({ browser, baseURL }, use) => {
    const context = await browser.newContext({
      ...(baseURL === undefined ? {} : { baseURL }),
      locale: 'en-US',
      storageState: { cookies: [], origins: [] },
    });
    await use(context);
    await context.close();
  },
});

export { expect } from '@playwright/test';

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: the global setup did not run`);
  return value;
}
