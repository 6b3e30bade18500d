import { setTimeout as sleep } from 'node:timers/promises';
import type { NotebookEvent, RunPlan } from '@datacraft/shared';
import { deleteCell, setSource } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import type { TestServer, Visitor } from '../testing/test-server.ts';
import { startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
});
afterAll(() => test.close());

const cell = (name: string, sql: string, header = '') =>
  `\`\`\`sql ${name}\n${header === '' ? '' : `---\n${header}\n---\n`}${sql}\n\`\`\`\n`;
const orders = (name: string, columns = "range as id, range * 2.5 as amount, 'web' as channel") =>
  cell(name, `select ${columns} from range(40)`);

async function imported(text: string): Promise<string> {
  return (await owner.call('POST', '/notebooks/import', text, { 'content-type': 'text/markdown' })).json.id;
}

async function ended(runId: string) {
  for (;;) {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    if (json.state !== 'queued' && json.state !== 'running') return json;
    await sleep(50);
  }
}

async function ran(id: string, body: object = {}) {
  const { json, status } = await owner.call('POST', `/notebooks/${id}/runs`, body);
  expect([status, json]).toMatchObject([202, {}]);
  return ended(json.runId);
}

async function planned(id: string, body: object = {}, who = owner): Promise<RunPlan> {
  const { status, json } = await who.call('POST', `/notebooks/${id}/plan`, body);
  expect([status, json.code]).toEqual([200, undefined]);
  return json;
}

/** The text of one cell, replaced as an edit of the shared document. */
async function rewrite(id: string, name: string, text: string): Promise<void> {
  const { rooms } = test.server.deps;
  const found = (await rooms.notebook(id)).cells.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no cell ${name}`);
  await rooms.change(id, (doc) => setSource(doc, found.id, text, 'server'), owner.me?.id ?? null);
}

const brief = ({ cells }: RunPlan) => cells.map((each) => [each.cell, each.action, each.change, each.why]);

describe('POST /notebooks/{id}/plan', () => {
  it('says what is new, what is left alone, and why', async () => {
    const id = await imported(orders('plan_a') + cell('plan_b', 'select channel from plan_a'));
    expect(brief(await planned(id))).toEqual([
      ['plan_a', 'run', 'added', 'first'],
      ['plan_b', 'run', 'added', 'first'],
    ]);
    await ran(id);
    const idle = await planned(id);
    expect(brief(idle).map((each) => each.slice(1, 3))).toEqual([
      ['skip', 'unchanged'],
      ['skip', 'unchanged'],
    ]);
    expect([idle.cost, idle.readers]).toEqual([{ rows: null, bytes: null, durationMs: null }, []]);
  });

  it('tells text from settings from upstream, and a comment from an edit', async () => {
    const id = await imported(
      orders('why_a') + cell('why_b', 'select channel from why_a') + cell('why_c', 'select 1 as x'),
    );
    await ran(id);
    await rewrite(id, 'why_c', 'select 1 as x -- the same');
    expect(brief(await planned(id)).map((each) => each[1])).toEqual(['skip', 'skip', 'skip']);
    await rewrite(id, 'why_a', "select range as id, range * 3 as amount, 'web' as channel from range(40)");
    const plan = await planned(id);
    expect(brief(plan)).toEqual([
      ['why_a', 'run', 'changed', 'text'],
      ['why_b', 'run', 'changed', 'upstream'],
      ['why_c', 'skip', 'unchanged', null],
    ]);
    expect(plan.cells[1]).toMatchObject({ after: ['why_a'], reads: { rows: 40 }, isBreaking: false });
    expect(plan.cost.rows).toBe(40);
    expect(plan.cost.bytes).toBeGreaterThan(100);
    expect(brief(await planned(id, { select: ['why_c'], fullRefresh: true }))[2]).toEqual([
      'why_c',
      'run',
      'changed',
      'asked',
    ]);
  });

  it('marks a column that is gone or of another type as breaking where somebody reads it, across notebooks', async () => {
    const id = await imported(
      orders('break_a') + cell('break_b', 'select channel, count(*) as n from break_a group by channel'),
    );
    await ran(id);
    const reader = await imported(
      `${cell('break_report', 'select id, amount from silver.break_a')}
\`\`\`chart break_chart
from: silver.break_a
type: bar
x: channel
y: { column: amount, aggregate: sum }
\`\`\`
`,
    );
    await ran(reader);
    await rewrite(id, 'break_a', 'select range as id, (range * 2)::varchar as amount from range(40)');
    const plan = await planned(id);
    const [first] = plan.cells;
    expect(first).toMatchObject({
      isBreaking: true,
      columns: { added: [], removed: ['channel'], retyped: ['amount'] },
    });
    const broken = plan.readers.map(({ cell: name, notebookId, broken: lost }) => [name, notebookId, [...lost].sort()]);
    expect(broken.sort()).toEqual([
      ['break_b', id, ['silver.break_a.channel']],
      ['break_chart', reader, ['silver.break_a.amount', 'silver.break_a.channel']],
      ['break_report', reader, ['silver.break_a.amount']],
    ]);
    await rewrite(
      id,
      'break_a',
      "select range as id, range * 2.5 as amount, 'web' as channel, 1 as more from range(40)",
    );
    const mended = await planned(id);
    expect(mended.cells[0]).toMatchObject({
      isBreaking: false,
      columns: { added: ['more'], removed: [], retyped: [] },
    });
    expect(mended.readers.find((each) => each.cell === 'break_report')).toMatchObject({
      broken: [],
      columns: ['id', 'amount'],
    });
  });

  it('names the table that no cell makes any more', async () => {
    const id = await imported(orders('gone_a') + cell('gone_b', 'select 1 as x'));
    await ran(id);
    const reader = await imported(cell('gone_reader', 'select id from silver.gone_a'));
    await ran(reader);
    const { rooms } = test.server.deps;
    const found = (await rooms.notebook(id)).cells.find((each) => each.name === 'gone_a');
    await rooms.change(
      id,
      (doc) => found && deleteCell(doc, found.id, new Date().toISOString(), 'server'),
      owner.me?.id ?? null,
    );
    const plan = await planned(id);
    expect(plan.cells.find((each) => each.cell === 'gone_a')).toMatchObject({
      action: 'remove',
      change: 'removed',
      isBreaking: true,
    });
    expect(plan.readers).toMatchObject([{ cell: 'gone_reader', broken: ['silver.gone_a.id'] }]);
  });

  it('shows nothing of notebooks that the one who asks may not open', async () => {
    const id = await imported(orders('seen_a'));
    await ran(id);
    const secret = await imported(cell('seen_secret', 'select channel from silver.seen_a'));
    await ran(secret);
    await owner.call('PATCH', `/notebooks/${secret}/sharing`, { access: 'invited' });
    await rewrite(id, 'seen_a', 'select range as id from range(40)');
    const other = await test.member('editor');
    expect(JSON.stringify(await planned(id, {}, other))).not.toContain('seen_secret');
    expect(JSON.stringify(await planned(id))).toContain('seen_secret');
    expect((await (await test.member('viewer')).call('POST', `/notebooks/${id}/plan`)).status).toBe(403);
  });
});

describe('a run with the id of a plan', () => {
  it('does exactly that plan', async () => {
    const id = await imported(orders('same_a'));
    const { planId } = await planned(id);
    expect((await planned(id)).planId).toBe(planId);
    expect((await ran(id, { planId })).state).toBe('succeeded');
  });

  it('is refused once the text, the request or a table that is read is another one', async () => {
    const id = await imported(orders('moved_a'));
    await ran(id);
    const reader = await imported(cell('moved_b', 'select id from silver.moved_a'));
    const { planId } = await planned(reader);
    const refused = async (body: object) => {
      const { status, json } = await owner.call('POST', `/notebooks/${reader}/runs`, body);
      expect([status, json.code]).toEqual([409, 'conflict']);
      expect(json.detail).toContain('plan');
    };
    await refused({ planId, fullRefresh: true });
    await rewrite(id, 'moved_a', 'select range as id from range(41)');
    await ran(id);
    await refused({ planId });
    expect((await owner.call('GET', `/notebooks/${reader}/runs`)).json).toEqual([]);
    const next = await planned(reader);
    await rewrite(reader, 'moved_b', 'select id + 1 as id from silver.moved_a');
    await refused({ planId: next.planId });
    expect((await ran(reader, { planId: (await planned(reader)).planId })).state).toBe('succeeded');
  });
});

describe('while somebody types', () => {
  it('a column that is taken away from its readers is a warning in the notebook, and none once it is back', async () => {
    const id = await imported(orders('live_a') + cell('live_b', 'select channel from live_a'));
    await ran(id);
    await ran(await imported(cell('live_secret_name', 'select channel from silver.live_a')));
    let last: NotebookEvent | null = null;
    const stop = test.server.deps.live.subscribe(id, (event) => event.type === 'graph' && (last = event));
    const warnings = () =>
      last?.type === 'graph' ? last.diagnostics.filter(({ code }) => code === 'breaking-change') : [];
    await rewrite(id, 'live_a', 'select range as id, range * 2.5 as amount from range(40)');
    await expect.poll(warnings, { timeout: 20_000 }).toMatchObject([
      {
        severity: 'warning',
        cell: 'live_a',
        message:
          '`channel` is gone or of another type, and live_b, a cell of another notebook read it; look at the plan before you run',
      },
    ]);
    expect(JSON.stringify(last)).not.toContain('live_secret_name');
    await rewrite(id, 'live_a', "select range as id, 'shop' as channel from range(40)");
    await expect.poll(warnings, { timeout: 20_000 }).toEqual([]);
    stop();
  });
});
