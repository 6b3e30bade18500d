import type { Browser, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { chromiumArgs, chromiumPath } from '../chromium.ts';
import type { BenchServer } from './server.ts';

export interface BenchBrowser {
  readonly name: string;
  /** A page of a new context in which the owner is logged in. */
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

/** Null when this machine has no Chromium: the bench then says which numbers are missing. */
export async function openBenchBrowser(server: BenchServer): Promise<BenchBrowser | null> {
  const executablePath = await chromiumPath();
  if (executablePath === null) return null;
  const browser: Browser = await chromium.launch({
    executablePath,
    args: chromiumArgs,
  });
  const at = server.cookie.indexOf('=');
  const session = { name: server.cookie.slice(0, at), value: server.cookie.slice(at + 1), url: server.url };
  return {
    name: `Chromium ${browser.version()}`,
    async newPage() {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      await context.addCookies([session]);
      return context.newPage();
    },
    close: () => browser.close(),
  };
}
