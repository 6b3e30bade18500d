import type { Page } from '@playwright/test';
import type { Bench } from './bench.ts';
import { openBenchBrowser } from './browser.ts';
import { spreadOf } from './pairs.ts';
import { openBenchServer, type BenchServer } from './server.ts';

const ROWS = 200_000;
const CHARTS = [
  'bar',
  'line',
  'area',
  'pie',
  'scatter',
  'histogram',
  'heatmap',
  'boxplot',
  'metric',
  'metric',
] as const;
const TILES = CHARTS.length + 2;

/** Opening a published dashboard by its link in a browser that has nothing of ours: what the first person of a day sees. */
export const dashboard: Bench = {
  goal: 'a dashboard of 12 tiles: largest contentful paint ≤ 1 s on a quiet machine, nothing in the browser’s cache',
  async measure({ pairs, say }) {
    const server = await openBenchServer();
    const browser = await openBenchBrowser(server);
    try {
      if (browser === null) throw new Error('this bench needs a Chromium; install one or name it in CHROMIUM');
      const url = await publish(server);
      say(`published ${TILES} tiles over ${ROWS} rows`);
      const visits: Visit[] = [];
      for (let round = 0; round <= pairs; round += 1) {
        const page = await browser.newPage();
        visits.push(await visit(page, url));
        await page.context().close();
      }
      return {
        facts: { tiles: TILES, rows: ROWS, browser: browser.name },
        comparisons: [],
        figures: figuresOf(visits),
      };
    } finally {
      await browser?.close();
      await server.close();
    }
  },
};

interface Visit {
  readonly answerMs: number;
  readonly lcpMs: number;
  readonly drawnMs: number;
  readonly kilobytes: number;
  readonly requests: number;
}

async function publish(server: BenchServer): Promise<string> {
  const id = await server.importNotebook(notebookText());
  await server.runNotebook(id);
  const { url } = (await (await server.call('POST', `/api/v1/notebooks/${id}/publish`, '{}')).json()) as {
    url: string;
  };
  return new URL(url, server.url).href;
}

function notebookText(): string {
  const rows = `select i as order_id, ['web', 'store', 'phone', 'partner'][(hash(i) % 4)::integer + 1] as channel, ['N', 'S', 'E', 'W'][(hash(i + 3) % 4)::integer + 1] as region, (hash(i + 7) % 100000)::integer / 100 as amount, date '2024-01-01' + (i % 365)::integer as day from range(${ROWS}) r(i)`;
  const charts = CHARTS.map(
    (type, at) => `\`\`\`chart tile_${at}\nfrom: facts\ntype: ${type}\n${keysOf(type)}\n\`\`\`\n`,
  );
  const tables = ['channel', 'region'].map(
    (by) =>
      `\`\`\`chart by_${by}\nfrom: facts\ntype: pivot\nrows: [${by}]\nvalues: [{ column: amount, aggregate: sum }]\n\`\`\`\n`,
  );
  return [`---\ndatacraft: 1\ntitle: bench\n---\n`, `\`\`\`sql facts\n${rows}\n\`\`\`\n`, ...charts, ...tables].join(
    '\n',
  );
}

function keysOf(type: (typeof CHARTS)[number]): string {
  const sum = '{ column: amount, aggregate: sum }';
  switch (type) {
    case 'metric':
      return `value: ${sum}`;
    case 'histogram':
      return 'x: amount';
    case 'scatter':
      return 'x: order_id\ny: amount';
    case 'heatmap':
      return `x: channel\ny: region\nvalue: ${sum}`;
    case 'boxplot':
      return 'x: channel\ny: amount';
    case 'line':
    case 'area':
      return `x: { column: day, bucket: week }\ny: ${sum}`;
    default:
      return `x: channel\ny: ${sum}`;
  }
}

/** In the page, before anything of it: remembers the largest paint, and when no tile waits for its chart any more. */
const WATCH = `
  window.seen = { lcp: 0, drawn: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.seen.lcp = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  const look = () => {
    const tiles = document.querySelectorAll('section.tile');
    const waits = document.querySelectorAll('section.tile .plot .picture').length;
    const live = document.querySelectorAll('section.tile .plot canvas').length;
    if (tiles.length >= ${TILES} && waits === 0 && live > 0) {
      window.seen.drawn = performance.now();
      document.documentElement.dataset.drawn = 'all';
    }
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

async function visit(page: Page, url: string): Promise<Visit> {
  await page.addInitScript({ content: WATCH });
  await page.goto(url);
  // The page allows no `eval`, by which the browser's driver would ask for a function's answer.
  await page.locator('html[data-drawn]').waitFor({ state: 'attached', timeout: 60_000 });
  return page.evaluate<Visit>(`(() => {
    const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return {
      answerMs: all[0].responseEnd,
      lcpMs: window.seen.lcp,
      drawnMs: window.seen.drawn,
      kilobytes: all.reduce((sum, entry) => sum + entry.transferSize, 0) / 1000,
      requests: all.length,
    };
  })()`);
}

/** The first visit warms the server and does not count. */
function figuresOf([, ...visits]: readonly Visit[]): Record<string, number> {
  const lcp = spreadOf(visits.map(({ lcpMs }) => lcpMs));
  const drawn = spreadOf(visits.map(({ drawnMs }) => drawnMs));
  return {
    'the page has come: median ms': spreadOf(visits.map(({ answerMs }) => answerMs)).median,
    'largest contentful paint: median ms': lcp.median,
    'largest contentful paint: max ms': lcp.max,
    'every chart answers a hand: median ms': drawn.median,
    'every chart answers a hand: max ms': drawn.max,
    'sent: kB': spreadOf(visits.map(({ kilobytes }) => kilobytes)).median,
    'sent: requests': spreadOf(visits.map(({ requests }) => requests)).median,
  };
}
