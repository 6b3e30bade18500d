import type { Page } from '@playwright/test';
import type { Bench } from './bench.ts';
import { openBenchBrowser } from './browser.ts';
import { canvasPage, type Frames, type Motion, motions, scrolled } from './frames.ts';
import { comparePairs, quantileOf } from './pairs.ts';
import { openBenchServer } from './server.ts';

const ROWS = 1_000_000;
const COLUMNS = 300;
const FRAMES = 240;
const FRAME_MS = 1000 / 60;
/** A timer's jitter is no lost frame. */
const LATE_MS = FRAME_MS * 1.5;
const GRID = '[role="grid"]';

/** Scrolling a result of a million rows by three hundred columns, frame by frame, beside the same numbers on a bare canvas. */
export const grid: Bench = {
  goal: `${ROWS} × ${COLUMNS} scrolls at 60 fps: the work of a frame ≤ ${FRAME_MS.toFixed(1)} ms at p95, no frame lost`,
  async measure({ pairs, say }) {
    const server = await openBenchServer();
    const browser = await openBenchBrowser(server);
    try {
      if (browser === null) throw new Error('this bench needs a Chromium; install one or name it in CHROMIUM');
      const id = await server.importNotebook(notebookText());
      const page = await browser.newPage();
      await page.goto(`${server.url}/notebooks/${id}`);
      await page.getByText('1,000,000 rows').first().waitFor({ timeout: 120_000 });
      await page.waitForTimeout(2_000);
      say('the grid holds the rows');
      const bare = await browser.newPage();
      await bare.setContent(canvasPage(ROWS, COLUMNS));
      const comparisons = [];
      const figures: Record<string, number> = {};
      for (const motion of motions) {
        const all: Frames[] = [];
        const ours = async () => {
          const frames = await measure(page, GRID, motion);
          if (!/\d/.test(frames.seen)) throw new Error(`nothing was in sight after ${motion}`);
          all.push(frames);
          return { ms: medianOf(frames.work), result: `${frames.work.length} frames` };
        };
        const peer = async () => {
          const { work } = await measure(bare, '#s', motion);
          return { ms: medianOf(work), result: `${work.length} frames` };
        };
        const grid = { name: browser.name, run: ours };
        comparisons.push(await comparePairs(`a frame, ${motion}`, grid, { name: 'a bare canvas', run: peer }, pairs));
        Object.assign(figures, figuresOf(motion, all));
      }
      return {
        facts: { rows: ROWS, columns: COLUMNS, frames: FRAMES * (pairs + 1), browser: browser.name },
        comparisons,
        figures,
      };
    } finally {
      await browser?.close();
      await server.close();
    }
  },
};

/** A byte a value: the whole result is at hand, in a third of a gigabyte. */
function notebookText(): string {
  const columns = Array.from({ length: COLUMNS }, (_, at) => `((i * ${at + 1}) % 251)::utinyint as c${at}`);
  const sql = `select ${columns.join(', ')} from range(${ROWS}) r(i)`;
  return `---\ndatacraft: 1\ntitle: bench\n---\n\n\`\`\`sql wide\n---\nmaterialize: ephemeral\n---\n${sql}\n\`\`\`\n`;
}

async function measure(page: Page, selector: string, motion: Motion): Promise<Frames> {
  await page.bringToFront();
  return page.evaluate<Frames>(scrolled(selector, motion, FRAMES));
}

function medianOf(values: readonly number[]): number {
  return quantileOf(sorted(values), 0.5);
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function figuresOf(motion: Motion, all: readonly Frames[]): Record<string, number> {
  const gaps = sorted(all.flatMap((frames) => frames.gaps));
  const work = sorted(all.flatMap((frames) => frames.work));
  const share = (values: readonly number[], over: number) =>
    (100 * values.filter((value) => value > over).length) / Math.max(1, values.length);
  return {
    [`${motion}: work of a frame, p50 ms`]: quantileOf(work, 0.5),
    [`${motion}: work of a frame, p95 ms`]: quantileOf(work, 0.95),
    [`${motion}: frames whose work is over 16.7 ms, %`]: share(work, FRAME_MS),
    [`${motion}: between frames, p95 ms`]: quantileOf(gaps, 0.95),
    [`${motion}: frames lost, %`]: share(gaps, LATE_MS),
  };
}
