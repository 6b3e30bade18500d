import { request } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { owner } from './people.ts';
import { startServer } from './server.ts';

/** One server for all stories and its owner, signed in; what comes back undoes both. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const server = await startServer();
  const stateDir = mkdtempSync(join(tmpdir(), 'datacraft-e2e-state-'));
  const statePath = join(stateDir, 'owner.json');
  const context = await request.newContext({ baseURL: server.url });
  const signup = await context.post('/api/v1/auth/signup', { data: owner });
  if (!signup.ok()) throw new Error(`sign-up of the owner: ${signup.status()} ${await signup.text()}`);
  await context.storageState({ path: statePath });
  await context.dispose();
  process.env['E2E_URL'] = server.url;
  process.env['E2E_OWNER_STATE'] = statePath;
  return async () => {
    rmSync(stateDir, { recursive: true, force: true });
    await server.remove();
  };
}
