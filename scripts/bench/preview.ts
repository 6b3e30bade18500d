import type { Page } from '@playwright/test';
import type { Bench } from './bench.ts';
import { openBenchBrowser } from './browser.ts';
import { comparePairs, quantileOf, timed } from './pairs.ts';
import { openBenchServer, type BenchServer } from './server.ts';

const ROWS = 1_000_000;
const KEYSTROKES = 40;
/** The first marker typed; `prepare` has waited for the one before it. */
const FIRST = 1_001;

/** From a keystroke to the repainted result over a million cached rows, against the server asked for the same rows. */
export const preview: Bench = {
  goal: 'keystroke to repaint on 1 M cached rows: p50 ≤ 50 ms, p95 ≤ 150 ms',
  async measure({ pairs, say }) {
    const server = await openBenchServer();
    const browser = await openBenchBrowser(server);
    try {
      if (browser === null) throw new Error('this bench needs a Chromium; install one or name it in CHROMIUM');
      const id = await server.importNotebook(notebookText());
      await server.runNotebook(id);
      say(`published ${ROWS} rows`);
      const page = await browser.newPage();
      await page.goto(`${server.url}/notebooks/${id}`);
      await prepare(page);
      say('the browser holds the rows');
      const ours = async (round: number) => ({
        ms: await keystroke(page, FIRST + round),
        result: String(FIRST + round),
      });
      const peer = async (round: number) => {
        const { ms, value } = await timed(() => askServer(server, FIRST + round));
        return { ms, result: value };
      };
      const compared = await comparePairs(
        'one keystroke',
        { name: browser.name, run: ours },
        { name: 'POST /api/v1/query', run: peer },
        pairs,
      );
      const all: number[] = [];
      for (let each = 1; each <= KEYSTROKES; each += 1) all.push(await keystroke(page, FIRST + pairs + each));
      all.sort((a, b) => a - b);
      const figures = {
        'keystroke to repaint: p50 ms': quantileOf(all, 0.5),
        'keystroke to repaint: p95 ms': quantileOf(all, 0.95),
      };
      return { facts: { rows: ROWS, keystrokes: KEYSTROKES, browser: browser.name }, comparisons: [compared], figures };
    } finally {
      await browser?.close();
      await server.close();
    }
  },
};

/** The marker stands in the result, so that the repaint that belongs to a keystroke is known for certain. */
function selectOf(marker: number | string, from: string): string {
  return `select channel, count(*) as orders, sum(amount) as amount, ${marker} as marker from ${from} group by channel order by channel`;
}

function notebookText(): string {
  const rows = `select i as order_id, ['web', 'store', 'phone', 'partner'][(hash(i) % 4)::integer + 1] as channel, (hash(i + 7) % 100000)::integer as amount from range(${ROWS}) r(i)`;
  return `---\ndatacraft: 1\ntitle: bench\n---\n\n\`\`\`sql facts\n${rows}\n\`\`\`\n\n\`\`\`sql looked_at\n---\nmaterialize: ephemeral\n---\n${selectOf(1000, 'facts')}\n\`\`\`\n`;
}

async function prepare(page: Page): Promise<void> {
  const editor = page.locator('.cm-content').nth(1);
  await editor.waitFor();
  await editor.click();
  await page.getByText('1000', { exact: true }).last().waitFor({ timeout: 60_000 });
}

/** Rewrites the marker's last digits with one key press; waits for the frame that shows it. */
async function keystroke(page: Page, marker: number): Promise<number> {
  const text = selectOf(marker, 'facts');
  await page.locator('.cm-content').nth(1).click();
  await page.keyboard.press('ControlOrMeta+a');
  return page.evaluate<number>(repainted(text, String(marker)));
}

/** As text, because it runs in the page: replaces what is selected and waits, frame by frame, until the result shows it. */
function repainted(text: string, shown: string): string {
  return `(async () => {
    const text = ${JSON.stringify(text)};
    const startedAt = performance.now();
    document.execCommand('insertText', false, text);
    while (!document.body.textContent.split(text).join('').includes(${JSON.stringify(shown)})) {
      if (performance.now() - startedAt > 30000) throw new Error('no repaint with ${shown}');
      await new Promise(requestAnimationFrame);
    }
    return performance.now() - startedAt;
  })()`;
}

async function askServer(server: BenchServer, marker: number): Promise<string> {
  const answer = await server.call(
    'POST',
    '/api/v1/query',
    JSON.stringify({ sql: selectOf(marker, 'silver.facts'), limit: 1000 }),
  );
  const { rows } = (await answer.json()) as { rows: { marker: number }[] };
  return String(rows[0]?.marker);
}
