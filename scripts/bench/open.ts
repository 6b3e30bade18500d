import type { Page } from '@playwright/test';
import type { Bench } from './bench.ts';
import { openBareDuckDb } from './bare-duckdb.ts';
import { openBenchBrowser } from './browser.ts';
import { comparePairs, spreadOf, timed } from './pairs.ts';
import { openBenchServer, type BenchServer } from './server.ts';

const CELLS = 200;

/** Opening a notebook of 200 cells that nobody has open: to the first graph event, and in a browser to the last cell. */
export const open: Bench = {
  goal: 'a notebook of 200 cells opens in under a second',
  async measure({ pairs, say }) {
    const server = await openBenchServer();
    const duck = await openBareDuckDb({ threads: 2, memoryMb: 512 });
    try {
      const ours = async (round: number) => {
        const id = await server.importNotebook(notebookText(round));
        const { ms, value } = await timed(() => firstGraph(server, id));
        return { ms, result: `${value} statements` };
      };
      const peer = async (round: number) => {
        const { ms, value } = await timed(() => parseAll(duck, round));
        return { ms, result: `${value} statements` };
      };
      const parser = { name: `${duck.name}, json_serialize_sql alone`, run: peer };
      const compared = await comparePairs(
        'to the first graph event',
        { name: 'room, compile, event', run: ours },
        parser,
        pairs,
      );
      say('measured the server');
      const browser = await openBenchBrowser(server);
      if (browser === null) say('no Chromium: the browser part is missing');
      const figures = browser ? await inBrowser(server, browser, pairs) : {};
      await browser?.close();
      return {
        facts: { cells: CELLS, ...(browser ? { browser: browser.name } : {}) },
        comparisons: [compared],
        figures,
      };
    } finally {
      duck.close();
      await server.close();
    }
  },
};

/** Each statement reads the one before it; the round stands in the text, so that no cache knows it. */
function statements(round: number): string[] {
  return Array.from({ length: CELLS }, (_, cell) =>
    cell === 0
      ? `select i, ${round} as round from range(1000) r(i)`
      : `select i, round, sum(i) over (order by i rows 3 preceding) as s${cell} from c${cell - 1} where i > ${round}`,
  );
}

function notebookText(round: number): string {
  const cells = statements(round).map(
    (sql, cell) => `\`\`\`sql c${cell}\n---\nmaterialize: ephemeral\n---\n${sql}\n\`\`\`\n`,
  );
  return [`---\ndatacraft: 1\ntitle: bench ${round}\n---\n`, ...cells].join('\n');
}

async function firstGraph(server: BenchServer, id: string): Promise<number> {
  const response = await server.call('GET', `/api/v1/notebooks/${id}/events`);
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const graph = text
      .split('\n\n')
      .slice(0, -1)
      .find((message) => message.includes('"type":"graph"'));
    if (graph === undefined) continue;
    return (JSON.parse(graph.slice(graph.indexOf('{'))) as { cells: unknown[] }).cells.length;
  }
  throw new Error('the event stream ended without a graph');
}

async function parseAll(duck: Awaited<ReturnType<typeof openBareDuckDb>>, round: number): Promise<number> {
  let parsed = 0;
  for (const sql of statements(round)) {
    const [row] = await duck.rows(`select json_serialize_sql('${sql.replaceAll("'", "''")}') as tree`);
    if (String(row?.['tree']).includes('"error":false')) parsed += 1;
  }
  return parsed;
}

type BenchBrowser = NonNullable<Awaited<ReturnType<typeof openBenchBrowser>>>;

interface Opened {
  readonly firstMs: number;
  readonly editableMs: number;
}

/** A browser that was never here, and the same one coming back: all but the code and the copy of the document is anew. */
async function inBrowser(server: BenchServer, browser: BenchBrowser, rounds: number): Promise<Record<string, number>> {
  const never: Opened[] = [];
  const back: Opened[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const id = await server.importNotebook(notebookText(1000 + round));
    const page = await browser.newPage();
    never.push(await opened(page, `${server.url}/notebooks/${id}`));
    back.push(await opened(page, `${server.url}/notebooks/${id}`));
    await page.context().close();
  }
  return { ...figuresOf('a browser that was never here', never), ...figuresOf('the same browser again', back) };
}

/** Asked by selectors alone: looking for text takes a good part of a second from the page itself. */
async function opened(page: Page, url: string): Promise<Opened> {
  const startedAt = performance.now();
  await page.goto(url);
  await page.waitForSelector('[id^="cell-"] :is(.code, .cm-content)', { state: 'attached' });
  const firstMs = performance.now() - startedAt;
  await page.waitForSelector('.cm-content[contenteditable=true]', { state: 'attached' });
  return { firstMs, editableMs: performance.now() - startedAt };
}

function figuresOf(who: string, rounds: readonly Opened[]): Record<string, number> {
  const first = spreadOf(rounds.slice(1).map(({ firstMs }) => firstMs));
  const editable = spreadOf(rounds.slice(1).map(({ editableMs }) => editableMs));
  return {
    [`${who}, to the first cell shown: median ms`]: first.median,
    [`${who}, to the first cell shown: max ms`]: first.max,
    [`${who}, to an editor that takes keys: median ms`]: editable.median,
    [`${who}, to an editor that takes keys: max ms`]: editable.max,
  };
}
