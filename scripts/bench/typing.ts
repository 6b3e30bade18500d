import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from '@playwright/test';
import type { Bench } from './bench.ts';
import { openBenchBrowser } from './browser.ts';
import { quantileOf, spreadOf } from './pairs.ts';
import { openBenchServer, type BenchServer } from './server.ts';
import { type Cost, costFigures, costNow } from './typing/cost.ts';
import { answer, forget, type Heard, watch } from './typing/in-page.ts';
import { CELLS, IN_SIGHT, markOf, OWN, PEOPLE, typingNotebook } from './typing/notebook.ts';

const ALONE_KEYS = 100;
/** One every 140 ms: somebody who types fast. */
const KEYS_PER_ROUND = 100;
const KEY_MS = 140;
/** A line is broken after so many: one that no editor shows whole would be scrolled with every key. */
const LINE_KEYS = 60;

/**
 * One person types in a real browser while fifty others type in the same notebook over sockets of their own. All run on
 * one machine, so the others cost as little as they can (see people-process.ts), and what each part takes of it is said:
 * where nothing of the machine is idle, times tell of the machine.
 */
export const typing: Bench = {
  goal: 'a keystroke handled in ≤ 16.7 ms at p99, an edit of somebody else in the page in ≤ 150 ms at p95',
  async measure({ pairs, say }) {
    const server = await openBenchServer();
    const browser = await openBenchBrowser(server);
    const people = { process: null as ChildProcess | null };
    try {
      if (browser === null) throw new Error('this bench needs a Chromium; install one or name it in CHROMIUM');
      const id = await server.importNotebook(typingNotebook());
      const page = await browser.newPage();
      await page.goto(`${server.url}/notebooks/${id}`);
      await prepare(page);
      const meter = await page.context().newCDPSession(page);
      await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
      const alone = await metered(meter, () => typed(page, ALONE_KEYS));
      say('typed alone');
      people.process = await enter(server, id);
      say(`${PEOPLE} people came in`);
      await page.waitForTimeout(1_000);
      people.process.send({ type: true });
      await page.waitForTimeout(2_000);
      const together = await metered(meter, () => typed(page, KEYS_PER_ROUND * pairs));
      const told = once(people.process, 'message');
      people.process.send({ type: false });
      const [{ sentAt, peopleShare, serverMs }] = (await told) as [
        { sentAt: number[][]; peopleShare: number; serverMs: number[] },
      ];
      return {
        facts: {
          cells: CELLS,
          people: PEOPLE,
          'of them in sight': IN_SIGHT,
          browser: browser.name,
          edits: sentAt.flat().length,
        },
        comparisons: [],
        figures: {
          ...keyFigures('alone', alone.heard),
          ...keyFigures(`with ${PEOPLE} people`, together.heard),
          ...paintFigures(together.heard, sentAt),
          'of it until the server has it in its log and told it: p50 ms': quantileOf(serverMs.toSorted(ascending), 0.5),
          'of it until the server has it in its log and told it: p95 ms': quantileOf(
            serverMs.toSorted(ascending),
            0.95,
          ),
          ...costFigures('alone', ...alone.cost),
          ...costFigures(`with ${PEOPLE} people`, ...together.cost),
          'the people: % of a core': peopleShare,
        },
      };
    } finally {
      people.process?.disconnect();
      await browser?.close();
      await server.close();
    }
  },
};

async function enter(server: BenchServer, notebookId: string): Promise<ChildProcess> {
  const cookies: string[] = [];
  for (let person = 0; person < PEOPLE; person++) cookies.push(await signUp(server, person));
  const path = fileURLToPath(new URL('./typing/people-process.ts', import.meta.url));
  const child = fork(path, [server.url, notebookId], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const entered = once(child, 'message');
  child.send({ cookies });
  await entered;
  return child;
}

async function signUp(server: BenchServer, person: number): Promise<string> {
  const email = `person${person}@example.com`;
  const invited = await server.call('POST', '/api/v1/invitations', JSON.stringify({ email, role: 'editor' }));
  const { token: invitation } = (await invited.json()) as { token: string };
  const body = { email, invitation, name: `Person ${person}`, password: 'person person person' };
  const headers = { origin: server.url, 'content-type': 'application/json' };
  const made = await fetch(`${server.url}/api/v1/auth/signup`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!made.ok) throw new Error(`sign-up failed: ${await made.text()}`);
  return made.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** The caret at the end of the person's own text, in the first cell. */
async function prepare(page: Page): Promise<void> {
  const line = page.locator('.cm-line', { hasText: `${OWN}=` }).first();
  await line.waitFor({ timeout: 60_000 });
  await page.waitForTimeout(3_000);
  await line.click();
  await page.keyboard.press('Home');
  // Before it stands what the line is indented by.
  for (let step = 0; step < `'${OWN}=`.length; step++) await page.keyboard.press('ArrowRight');
  await page.evaluate(watch);
}

async function metered(meter: CDPSession, work: () => Promise<Heard>): Promise<{ heard: Heard; cost: [Cost, Cost] }> {
  const from = await costNow(meter);
  const heard = await work();
  return { heard, cost: [from, await costNow(meter)] };
}

async function typed(page: Page, keys: number): Promise<Heard> {
  await page.evaluate(forget);
  let dueAt = performance.now();
  for (let key = 0; key < keys; key++) {
    const isLineEnd = key % LINE_KEYS === LINE_KEYS - 1;
    await page.keyboard.press(isLineEnd ? 'Enter' : 'abcdefghijklmnopqrstuvwxyz'.charAt((key * 7) % 26));
    dueAt += KEY_MS;
    await page.waitForTimeout(Math.max(0, dueAt - performance.now()));
  }
  await page.waitForTimeout(500);
  const heard = await page.evaluate<Heard>(answer);
  const letters = keys - Math.floor(keys / LINE_KEYS);
  if (heard.keyMs.length < letters * 0.99)
    throw new Error(`${letters} letters were pressed and ${heard.keyMs.length} heard`);
  return heard;
}

function keyFigures(who: string, { keyMs, keyWorkMs, keyPaintMs, longTasks }: Heard): Record<string, number> {
  const keys = keyMs.toSorted(ascending);
  const work = keyWorkMs.toSorted(ascending);
  const paints = keyPaintMs.toSorted(ascending);
  return {
    [`a key ${who}, handled: p50 ms`]: quantileOf(keys, 0.5),
    [`a key ${who}, handled: p99 ms`]: quantileOf(keys, 0.99),
    [`a key ${who}, its handling without what it waited for: p99 ms`]: quantileOf(work, 0.99),
    [`a key ${who}, painted: p99 ms`]: quantileOf(paints, 0.99),
    [`tasks over 50 ms ${who}: count`]: longTasks.length,
    [`tasks over 50 ms ${who}: longest ms`]: longTasks.length === 0 ? 0 : spreadOf(longTasks).max,
  };
}

/** Each key of the people in sight, from the moment it was sent. Several may come with one change of the page. */
function paintFigures({ seen }: Heard, sentAt: readonly (readonly number[])[]): Record<string, number> {
  const found = Array.from({ length: IN_SIGHT }, (_, person) => {
    const mine = seen.filter(([mark]) => mark === markOf(person));
    const first = mine[0]?.[1] ?? 0;
    return (sentAt[person] ?? []).slice(first).flatMap((at, nth) => {
      const shown = mine.find(([, length]) => length > first + nth);
      return shown ? [{ dom: shown[2] - at, paint: shown[3] - at }] : [];
    });
  }).flat();
  const [dom, paint] = [
    found.map((one) => one.dom).toSorted(ascending),
    found.map((one) => one.paint).toSorted(ascending),
  ];
  return {
    'edits of others in sight': found.length,
    'an edit of somebody else, in the page: p50 ms': quantileOf(dom, 0.5),
    'an edit of somebody else, in the page: p95 ms': quantileOf(dom, 0.95),
    'an edit of somebody else, painted: p95 ms': quantileOf(paint, 0.95),
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}
