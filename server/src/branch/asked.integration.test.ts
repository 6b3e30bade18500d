/** Tables and models of a branch by their names, over every call that takes `branch`; and who they are not for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LineageGraph } from '@datacraft/shared';
import { setSource } from '@datacraft/shared/ydoc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachEngine } from '../attach.ts';
import { datacraft } from '../testing/datacraft.ts';
import type { Answer, TestServer, Visitor } from '../testing/test-server.ts';
import { cookieOf, startTestServer } from '../testing/test-server.ts';

let test: TestServer;
let owner: Visitor;
let outsider: Visitor;
let invited: Visitor;
/** Of main, and the branch with other rows and another model. */
let main: string;
let branch: string;
/** The same of a notebook that the outsider is not invited to. */
let secret: string;
let secretBranch: string;
const CANARY = 'canary-5150';

const loans = (factor: number) =>
  `select i as income, i % 7 as age, if(i * ${factor} > 500, 'yes', 'no') as paid from range(100) t(i)`;
const textOf = (name: string, note: string) =>
  `---\ndatacraft: 1\ntitle: ${name}\n---\n\n\`\`\`sql ${name}\nselect 1 as id, '${note}' as who\n\`\`\`\n
\`\`\`sql ${name}_loans\n${loans(10)}\n\`\`\`\n
\`\`\`model ${name}_risk\ntask: classification\nfrom: ${name}_loans\ntarget: paid\nalgorithm: logistic_regression\n\`\`\`\n`;

beforeAll(async () => {
  test = await startTestServer({}, { attach: attachEngine });
  owner = await test.owner();
  [outsider, invited] = [await test.member('editor'), await test.member('viewer')];
  [main, branch] = await forked('open', 'main', 'select 2 as id');
  [secret, secretBranch] = await forked('hidden', 'main', `select 3 as id, '${CANARY}' as who`);
  await owner.call('PATCH', `/notebooks/${secret}/sharing`, { access: 'invited' });
  await owner.call('PUT', `/notebooks/${secret}/grants`, { userId: invited.me?.id, role: 'viewer' });
});
afterAll(() => test.close());

/** A notebook that is published, and a branch called Try in which two cells are others and were run. */
async function forked(name: string, note: string, source: string): Promise<[string, string]> {
  const type = { 'content-type': 'text/markdown' };
  const { id } = (await owner.call('POST', '/notebooks/import', textOf(name, note), type)).json;
  await ran(id);
  const made = (await owner.call('POST', `/notebooks/${id}/branches`, { name: 'Try' })).json.id as string;
  await edit(made, name, source);
  await edit(made, `${name}_loans`, loans(20));
  await ran(made);
  return [id, made];
}
async function ran(id: string): Promise<void> {
  const { runId } = (await owner.call('POST', `/notebooks/${id}/runs`, {})).json;
  for (;;) {
    const { json } = await owner.call('GET', `/runs/${runId}`);
    if (json.state === 'succeeded') return;
    if (json.state === 'failed') throw new Error(JSON.stringify(json));
    await sleep(40);
  }
}
async function edit(id: string, name: string, source: string): Promise<void> {
  const { rooms } = test.server.deps;
  const cell = (await rooms.notebook(id)).cells.find((each) => each.name === name);
  if (!cell) throw new Error(`there is no ${name}`);
  await rooms.change(id, (doc) => setSource(doc, cell.id, source, 'server'), owner.me?.id ?? null);
}
/** All that a problem tells, but for the name that was asked for. */
const saidBy = ({ text }: Answer, name: string): string => text.replaceAll(name, '');
const query = async (who: Visitor, sql: string, asked?: string) =>
  who.call('POST', '/query', { sql, ...(asked === undefined ? {} : { branch: asked }) });
const predict = (who: Visitor, model: string, rest = '') =>
  who.call('POST', `/models/${model}/predict${rest}`, { row: { income: 30, age: 3 } });

describe('a branch that is asked for', () => {
  it('gives its own rows by its id, main gives main’s, and other notebooks’ tables are there as ever', async () => {
    const sql = 'select * from silver.open';
    expect((await query(owner, sql, branch)).json.rows).toEqual([{ id: 2 }]);
    expect((await query(owner, sql)).json.rows).toEqual([{ id: 1, who: 'main' }]);
    expect((await query(owner, 'select who from silver.hidden', branch)).json.rows).toEqual([{ who: 'main' }]);
    const file = await owner.call('POST', '/query/download', { sql, format: 'csv', branch });
    expect(file.text.trim()).toBe('id\n2');
    expect((await owner.call('POST', '/query/plan', { sql, branch })).status).toBe(200);
    const seen = await datacraft(['query', sql, '--branch', branch, '--format', 'json'], {
      DATABASE_URL: test.database.url,
      DATACRAFT_DATA_DIR: test.config.dataDir,
    });
    expect(seen.json()).toEqual([{ id: 2 }]);
  });

  it('lists its tables with their states and changes', async () => {
    const tables = (await owner.call('GET', `/tables?branch=${branch}`)).json as Record<string, unknown>[];
    const own = tables.find((table) => table['name'] === 'open');
    expect([own?.['notebookId'], own?.['columns']]).toEqual([branch, [expect.objectContaining({ name: 'id' })]]);
    const snapshots = (await owner.call('GET', `/tables/silver/open/snapshots?branch=${branch}`)).json;
    expect(snapshots).toHaveLength(2);
    expect((await owner.call('GET', '/tables/silver/open/snapshots')).json).toHaveLength(1);
    const since = `/tables/silver/open/diff?from=${snapshots[1].snapshotId}&key=id&branch=${branch}`;
    expect((await owner.call('GET', since)).json).toMatchObject({ added: 1, removed: 1 });
  });

  it('documents its tables, with their rules, personal data and what they are made of', async () => {
    const docs = (await owner.call('GET', `/catalog?branch=${branch}`)).json as Record<string, unknown>[];
    expect(docs.find((doc) => doc['name'] === 'open')).toMatchObject({ notebookId: branch, layer: 'silver' });
    const details = (await owner.call('GET', `/catalog/silver/open?branch=${branch}`)).json;
    expect(details.doc.columns.map(({ name }: { name: string }) => name)).toEqual(['id']);
    expect(details.mayEdit).toBe(true);
    expect((await owner.call('GET', '/catalog/silver/open')).json.doc.columns).toHaveLength(2);
    const file = (await owner.call('GET', `/catalog/export?branch=${branch}`)).text;
    expect(file).toContain('- written by: open, cell open_loans');
    expect((await owner.call('GET', `/catalog/silver/open/personal?branch=${branch}`)).json).toEqual([]);
    expect((await owner.call('GET', `/tables/silver/open/intervals?branch=${branch}`)).json).toBeNull();
    const said = { description: 'Tried' };
    expect((await owner.call('PATCH', `/catalog/silver/open?branch=${branch}`, said)).json.description).toBe('Tried');
    expect((await owner.call('GET', '/catalog/silver/open')).json.doc.description).toBe('');
  });

  it('has the lineage of its own cells, those too that it never ran, and of other notebooks’ as on main', async () => {
    const columnsOf = async (rest: string) => {
      const { nodes } = (await owner.call('GET', `/lineage?table=silver.open${rest}`)).json as LineageGraph;
      return nodes.find(({ key }) => key === 'silver.open')?.columns.map(({ name }) => name);
    };
    expect([await columnsOf(`&branch=${branch}`), await columnsOf('')]).toEqual([['id'], ['id', 'who']]);
    const fresh = (await owner.call('POST', `/notebooks/${main}/branches`, { name: 'Untouched' })).json.id as string;
    expect(await columnsOf(`&branch=${fresh}`)).toEqual(['id', 'who']);
    const others = (await owner.call('GET', `/lineage?table=silver.hidden&branch=${branch}`)).json as LineageGraph;
    expect(others.nodes.map(({ notebookId }) => notebookId)).toContain(secret);
    await owner.call('DELETE', `/notebooks/${fresh}/branch`);
  });

  it('answers with the model it trained, and main’s log of predictions hears nothing of it', async () => {
    const rest = `?version=challenger&branch=${branch}`;
    const [ours, theirs] = [await predict(owner, 'open_risk', rest), await predict(owner, 'open_risk')];
    expect([ours.json.version, ours.json.prediction]).toEqual([2, 'yes']);
    expect([theirs.json.version, theirs.json.prediction]).toEqual([1, 'no']);
    const info = (await owner.call('GET', `/models/open_risk?branch=${branch}&version=2`)).json;
    expect([info.version, info.notebookId]).toEqual([2, branch]);
    const models = (await owner.call('GET', `/models?branch=${branch}`)).json as { name: string }[];
    expect(models.map(({ name }) => name)).toContain('open_risk');
    const logged = await test.server.deps.pool.query('select version from model_predictions');
    expect(logged.rows.map((row: { version: number }) => row.version)).toEqual([1]);
  });

  it('gives the model it trained as a file, explains it, and holds it against what main is asked', async () => {
    const onnx = (rest: string) => owner.call('GET', `/models/open_risk/versions/2/onnx${rest}`);
    expect([(await onnx(`?branch=${branch}`)).status, (await onnx('')).status]).toEqual([200, 404]);
    const row = { row: { income: 30, age: 3 } };
    const why = await owner.call('POST', `/models/open_risk/explain?version=2&branch=${branch}`, row);
    expect([why.json.version, why.json.prediction]).toEqual([2, 'yes']);
    const rows = Array.from({ length: 40 }, (_, at) => ({ income: at, age: at % 7 }));
    expect((await owner.call('POST', '/models/open_risk/predict', { rows })).status).toBe(200);
    const drift = (await owner.call('GET', `/models/open_risk/drift?version=2&last=40&branch=${branch}`)).json;
    expect([drift.version, drift.rows]).toEqual([2, 40]);
    const onMain = (await owner.call('GET', '/models/open_risk/drift?last=40')).json;
    expect([onMain.version, onMain.rows]).toEqual([1, 40]);
    expect(drift.score).not.toEqual(onMain.score); // the same questions, answered by another model
    expect((await owner.call('GET', '/models/open_risk/drift?version=2')).status).toBe(404);
  });

  it('is known by its name to who sees one of that name, and told apart by id to who sees more', async () => {
    const listed = (await outsider.call('GET', '/branches')).json as { id: string; of: { id: string } }[];
    expect(listed.map(({ id, of }) => [id, of.id])).toEqual([[branch, main]]);
    expect((await query(outsider, 'select id from silver.open', 'Try')).json.rows).toEqual([{ id: 2 }]);
    const several = await query(owner, 'select id from silver.open', 'Try');
    expect([several.status, several.json.detail.includes(branch), several.json.detail.includes(secretBranch)]).toEqual([
      400,
      true,
      true,
    ]);
    expect((await query(owner, 'select 1', '')).status).toBe(400);
  });
});

describe('a branch of a notebook for invited people (A1)', () => {
  it('is there for the invited, and for others every way to it looks as if there were none', async () => {
    const none = 'brn_0000000000000000';
    const ways: ((who: Visitor, asked: string) => ReturnType<Visitor['call']>)[] = [
      (who, asked) => query(who, 'select * from silver.hidden', asked),
      (who, asked) => who.call('POST', '/query/download', { sql: 'from silver.hidden', format: 'csv', branch: asked }),
      (who, asked) => who.call('POST', '/query/plan', { sql: 'from silver.hidden', branch: asked }),
      (who, asked) => who.call('GET', `/tables?branch=${asked}`),
      (who, asked) => who.call('GET', `/tables/silver/hidden/snapshots?branch=${asked}`),
      (who, asked) => who.call('GET', `/tables/silver/hidden/diff?from=1&branch=${asked}`),
      (who, asked) => who.call('GET', `/models?branch=${asked}`),
      (who, asked) => who.call('GET', `/models/hidden_risk?branch=${asked}`),
      (who, asked) => predict(who, 'hidden_risk', `?branch=${asked}`),
      (who, asked) => who.call('GET', `/catalog?branch=${asked}`),
      (who, asked) => who.call('GET', `/catalog/export?branch=${asked}`),
      (who, asked) => who.call('GET', `/catalog/silver/hidden?branch=${asked}`),
      (who, asked) => who.call('GET', `/catalog/silver/hidden/personal?branch=${asked}`),
      (who, asked) => who.call('PATCH', `/catalog/silver/hidden?branch=${asked}`, { description: 'mine' }),
      (who, asked) => who.call('GET', `/tables/silver/hidden/intervals?branch=${asked}`),
      (who, asked) => who.call('GET', `/lineage?table=silver.hidden&branch=${asked}`),
      (who, asked) => who.call('GET', `/models/hidden_risk/drift?branch=${asked}`),
      (who, asked) => who.call('GET', `/models/hidden_risk/versions/1/onnx?branch=${asked}`),
      (who, asked) => who.call('POST', `/models/hidden_risk/explain?branch=${asked}`, { row: { income: 1, age: 1 } }),
    ];
    for (const way of ways) {
      const [refused, missing] = [await way(outsider, secretBranch), await way(outsider, none)];
      expect([refused.status, saidBy(refused, secretBranch)]).toEqual([404, saidBy(missing, none)]);
    }
    expect((await ways[0]?.(invited, secretBranch))?.text).toContain(CANARY);
    const trained = await predict(invited, 'hidden_risk', `?branch=${secretBranch}&version=challenger`);
    expect(trained.json.version).toBe(2);
  });

  it('is not come to through a branch that somebody may see: neither its tables nor its models', async () => {
    const tables = await query(outsider, 'select * from silver.hidden', branch);
    const missing = await query(outsider, 'select * from silver.nowhere', branch);
    expect(saidBy(tables, 'silver.hidden')).toEqual(saidBy(missing, 'silver.nowhere'));
    expect((await outsider.call('GET', `/tables?branch=${branch}`)).text).not.toContain('hidden');
    expect((await outsider.call('GET', `/models?branch=${branch}`)).text).not.toContain('hidden');
    expect((await outsider.call('GET', `/models/hidden_risk?branch=${branch}`)).status).toBe(404);
    expect((await predict(outsider, 'hidden_risk', `?branch=${branch}`)).status).toBe(404);
    expect((await outsider.call('GET', `/catalog?branch=${branch}`)).text).not.toContain('hidden');
    for (const path of [
      `/catalog/silver/hidden?branch=${branch}`,
      `/lineage?table=silver.hidden&branch=${branch}`,
      `/models/hidden_risk/drift?branch=${branch}`,
      `/models/hidden_risk/versions/1/onnx?branch=${branch}`,
    ])
      expect([path, (await outsider.call('GET', path)).status]).toEqual([path, 404]);
  });

  it('opens no other door of a model on main, whatever stands behind the question mark', async () => {
    for (const asked of [branch, 'Try', '', secretBranch]) {
      const rest = `?branch=${asked}`;
      const promoted = await outsider.call('POST', `/models/hidden_risk/promote${rest}`, { version: 1 });
      const explained = await outsider.call('POST', `/models/hidden_risk/explain${rest}`, {
        row: { income: 1, age: 1 },
      });
      const told = await outsider.call('GET', `/models/hidden_risk/predictions${rest}`);
      expect([promoted.status, told.status]).toEqual([404, 404]);
      expect([400, 404]).toContain(explained.status);
      expect([400, 404]).toContain((await outsider.call('GET', `/models/hidden_risk${rest}`)).status);
      expect([400, 404]).toContain((await predict(outsider, 'hidden_risk', `${rest}&branch=`)).status);
    }
  });

  it('is closed to the guest of a link, and to everybody once it is discarded', async () => {
    const { url } = (await owner.call('POST', `/notebooks/${main}/links`)).json;
    const cookie = cookieOf(await test.anonymous().call('POST', `/notebook-links/${String(url).replace('/n/', '')}`));
    for (const asked of [branch, 'Try']) {
      const headers = { cookie };
      const answers = [
        await test.anonymous().call('POST', '/query', { sql: 'select 1', branch: asked }, headers),
        await test.anonymous().call('GET', `/tables?branch=${asked}`, undefined, headers),
        await test.anonymous().call('GET', `/models/open_risk?branch=${asked}`, undefined, headers),
      ];
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    }
    await owner.call('DELETE', `/notebooks/${branch}/branch`);
    expect((await query(owner, 'select * from silver.open', branch)).status).toBe(404);
    expect((await predict(owner, 'open_risk', `?branch=${branch}`)).status).toBe(404);
  });
});
