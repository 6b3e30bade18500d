import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { afterAll, beforeAll } from 'vitest';
import { chromiumArgs, chromiumPath } from '../../chromium.ts';
import { useLiveServer } from './live.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** A live server with the pages built before it starts, and pages of a real Chromium: the owner's, or a stranger's. */
export function useSeenServer(env: Readonly<Record<string, string>>) {
  // Before the server, which takes the pages as it finds them.
  beforeAll(
    () =>
      void execFileSync(process.execPath, [join(root, 'scripts', 'start.ts'), '--build-only'], { stdio: 'inherit' }),
    600_000,
  );
  const live = useLiveServer(env, { DATACRAFT_WEB_DIR: join(root, 'web', 'build') });
  let browser: Browser;
  beforeAll(async () => {
    const executablePath = await chromiumPath();
    if (executablePath === null) throw new Error('no Chromium to look with');
    browser = await chromium.launch({ executablePath, args: chromiumArgs });
  }, 240_000);
  afterAll(() => browser.close());
  const pageOf = async (who: 'owner' | 'stranger'): Promise<Page> => {
    const context = await browser.newContext({ locale: 'en-US' });
    const { cookie } = await live.test.owner();
    const at = cookie.indexOf('=');
    if (who === 'owner')
      await context.addCookies([{ name: cookie.slice(0, at), value: cookie.slice(at + 1), url: live.test.origin }]);
    return context.newPage();
  };
  return { live, pageOf };
}
