/**
 * End-to-end tests: one real server, a real Chromium, one file per user story.
 *
 * E1  Things are found by role and accessible name, as a person or a screen reader finds them.
 * E2  Each test makes its own notebooks; the server is shared, except where a story needs an empty or a dying one.
 * E3  Nothing sleeps: a test waits for what a user would see.
 */
import { defineConfig } from '@playwright/test';
import { chromiumArgs, chromiumPath } from '../../scripts/chromium.ts';

const chromium = await chromiumPath();
if (chromium === null) throw new Error('no Chromium found: run "apt-get install chromium" or set CHROMIUM');
process.env['CHROMIUM'] = chromium;
const isCi = process.env['CI'] !== undefined;

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  globalSetup: './global-setup.ts',
  outputDir: '../../test-results',
  workers: 1,
  retries: isCi ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'America/Sao_Paulo',
    actionTimeout: 15_000,
    trace: isCi ? 'on-first-retry' : 'retain-on-failure',
    permissions: ['clipboard-read', 'clipboard-write'],
    launchOptions: { executablePath: chromium, args: chromiumArgs },
  },
});
