import { cpus } from 'node:os';
import type { CDPSession } from '@playwright/test';

/** Seconds since some beginning of each. What one measurement took is the difference of two. */
export interface Cost {
  readonly atS: number;
  /** The server, and what drives the browser: they share a process. */
  readonly serverS: number;
  /** Tasks of the page's main thread; its workers, drawing and the browser's own processes are not among them. */
  readonly pageS: number;
  readonly scriptS: number;
  readonly layoutS: number;
  /** All cores together, whoever had them. */
  readonly idleS: number;
}

export async function costNow(page: CDPSession): Promise<Cost> {
  const { metrics } = await page.send('Performance.getMetrics');
  const seconds = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
  const { user, system } = process.cpuUsage();
  return {
    atS: performance.now() / 1_000,
    serverS: (user + system) / 1e6,
    pageS: seconds('TaskDuration'),
    scriptS: seconds('ScriptDuration'),
    layoutS: seconds('LayoutDuration') + seconds('RecalcStyleDuration'),
    idleS: cpus().reduce((sum, { times }) => sum + times.idle, 0) / 1_000,
  };
}

/** Shares of one core between two moments; of the machine's idle time, of all of them. */
export function costFigures(who: string, from: Cost, to: Cost): Record<string, number> {
  const share = (key: Exclude<keyof Cost, 'atS'>): number => (100 * (to[key] - from[key])) / (to.atS - from.atS);
  return {
    [`the page's main thread ${who}, busy: % of a core`]: share('pageS'),
    [`the page's scripts ${who}: % of a core`]: share('scriptS'),
    [`the page's styles and layout ${who}: % of a core`]: share('layoutS'),
    [`the server ${who}, with what drives the browser: % of a core`]: share('serverS'),
    [`the machine ${who}, idle: % of all cores`]: share('idleS') / cpus().length,
  };
}
