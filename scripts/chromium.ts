import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/**
 * Debian's Chromium is told to draw with the graphics card. Where there is none it computes one, which takes more of a
 * machine than all else that a page does; told not to, it draws with the processor.
 */
export const chromiumArgs = ['--no-sandbox', '--disable-background-networking', '--disable-gpu'];

/** The Chromium at hand: `CHROMIUM`, one on the PATH, Playwright's own, else one that can be installed. Null without any. */
export async function chromiumPath(): Promise<string | null> {
  return fromEnvironment() ?? onPath() ?? (await playwrights()) ?? (await installed());
}

function fromEnvironment(): string | null {
  const path = process.env['CHROMIUM'];
  return path !== undefined && existsSync(path) ? path : null;
}

function onPath(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find((path) => existsSync(path)) ?? null;
}

async function playwrights(): Promise<string | null> {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return path !== '' && existsSync(path) ? path : null;
}

async function installed(): Promise<string | null> {
  console.log('No Chromium found; installing one …');
  const playwright = join(import.meta.dirname, '..', 'node_modules', '.bin', 'playwright');
  if (spawnSync(playwright, ['install', 'chromium'], { stdio: 'inherit', timeout: 120_000 }).status === 0)
    return playwrights();
  const isRoot = process.getuid?.() === 0;
  const apt = isRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  const [command = '', ...args] = apt;
  spawnSync(command, [...args, 'update', '-qq'], { stdio: 'inherit' });
  spawnSync(command, [...args, 'install', '-y', '-qq', 'chromium'], { stdio: 'inherit' });
  return onPath();
}
