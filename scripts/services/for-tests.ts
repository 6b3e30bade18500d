import { afterAll, beforeAll } from 'vitest';
import { down, readRunning, up } from './supervise.ts';

const MINUTE_MS = 60_000;

/**
 * Says at the top of a `*.services.test.ts` which services its tests need, as literal names. They are started before the
 * tests, those it started are stopped after them, and their addresses are in what it gives back (filled before the tests).
 */
export function useServices(...names: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  const started: string[] = [];
  beforeAll(async () => {
    for (const name of names) {
      if ((await readRunning(name)) === null) started.unshift(name);
      Object.assign(env, await up(name));
    }
  }, 20 * MINUTE_MS);
  afterAll(async () => {
    for (const name of started) await down(name);
  }, 2 * MINUTE_MS);
  return new Proxy(env, { get: (all, key) => valueOf(all, String(key)) });
}

function valueOf(env: Record<string, string>, key: string): string {
  const value = env[key];
  if (value === undefined)
    throw new Error(`no started service exports ${key}; there is ${Object.keys(env).join(', ') || 'nothing yet'}`);
  return value;
}
