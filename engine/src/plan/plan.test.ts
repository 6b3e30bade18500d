import { relationName } from '@datacraft/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { fingerprintsOf } from '../compile/fingerprint.ts';
import type { Graph } from '../compile/graph.ts';
import type { CellText } from '../compile/testing/a-notebook.ts';
import { aNotebook, chart, csv, input, sql } from '../compile/testing/a-notebook.ts';
import { createParse } from '../compile/testing/duck-parse.ts';
import type { SqlTree } from '../duckdb/session.ts';
import { explainPlan } from './explain.ts';
import type { PlanRequest, PlanState } from './plan.ts';
import { plan } from './plan.ts';

let parse: (sql: string) => Promise<SqlTree>;
beforeAll(async () => {
  parse = await createParse();
});

const graphOf = async (cells: CellText[]) => (await compile(aNotebook(...cells), { parse })).graph;
const nothing: PlanState = {
  fingerprints: new Map(),
  sourceIdentities: new Map([['raw', 'v1']]),
  tableSnapshots: new Map(),
};
const all: PlanRequest = { params: {} };

/** The state after a run of `plan`, as the runner leaves it. */
function after(graph: Graph, before: PlanState, request: PlanRequest = all): PlanState {
  const fingerprints = new Map(before.fingerprints);
  for (const stage of plan(graph, before, request).stages) {
    if (stage.action === 'run') fingerprints.set(relationName(stage.relation), stage.fingerprint);
  }
  return { ...before, fingerprints };
}
const brief = (graph: Graph, state: PlanState, request: PlanRequest = all) =>
  plan(graph, state, request).stages.map(({ cell, action, reason }) => `${cell}: ${action}, ${reason}`);

const star = [
  csv('raw'),
  sql('clean', 'from raw where amount >= $low'),
  input('low'),
  sql('tmp', 'from clean', { materialize: 'ephemeral' }),
  sql('v', 'from tmp', { materialize: 'view', layer: 'gold' }),
  sql('mart', 'from v', { layer: 'gold' }),
  sql('log', 'from raw', { materialize: 'incremental', strategy: 'append' }),
  chart('c', 'mart'),
];
const edited = star.map((cell) => (cell.name === 'clean' ? sql('clean', 'from raw where amount > $low') : cell));

describe('plan', () => {
  it('runs everything once, then nothing', async () => {
    const graph = await graphOf(star);
    const first = plan(graph, nothing, all);
    expect(explainPlan(first)).toBe(
      [
        'run   bronze.raw    never ran',
        'run   silver.clean  never ran  after raw',
        'run   gold.v        never ran  after clean',
        'run   gold.mart     never ran  after clean, v',
        'run   silver.log    never ran  after raw',
        '5 to run, 0 to skip',
        '',
      ].join('\n'),
    );
    expect(
      plan(graph, after(graph, nothing), all).stages.every(
        (stage) => stage.action === 'skip' && stage.reason === 'fresh',
      ),
    ).toBe(true);
  });

  it('says of a merge whether it changes no key and deletes those that are gone', async () => {
    const merge = { materialize: 'incremental', unique_key: 'id' };
    const graph = await graphOf([
      csv('raw'),
      sql('usual', 'from raw', merge),
      sql('only_new', 'from raw', { ...merge, insert_only: true }),
      sql('mirror', 'from raw', { ...merge, insert_only: true, unmatched: 'delete' }),
    ]);
    const lines = explainPlan(plan(graph, nothing, all)).split('\n');
    const lineOf = (name: string) => lines.find((line) => line.includes(`silver.${name} `));
    expect(lineOf('usual')).toMatch(/after raw$/);
    expect(lineOf('only_new')).toMatch(/after raw; adds rows of new keys and changes none$/);
    expect(lineOf('mirror')).toMatch(
      /changes none; deletes rows whose key its result does not have, all where it is empty$/,
    );
    const stages = plan(graph, after(graph, nothing), all).stages;
    expect(stages.filter(({ merge: said }) => said !== undefined)).toEqual([]);
  });

  it('runs what changed and what reads it, through ephemeral cells and views', async () => {
    const state = after(await graphOf(star), nothing);
    expect(brief(await graphOf(edited), state)).toEqual([
      'raw: skip, fresh',
      'clean: run, changed',
      'v: run, upstream changed',
      'mart: run, upstream changed',
      'log: skip, fresh',
    ]);
  });

  it('runs from the source on when its files changed, and again when it could not be identified', async () => {
    const graph = await graphOf(star);
    const state = after(graph, nothing);
    expect(brief(graph, { ...state, sourceIdentities: new Map([['raw', 'v2']]) })).toEqual([
      'raw: run, changed',
      'clean: run, upstream changed',
      'v: run, upstream changed',
      'mart: run, upstream changed',
      'log: run, upstream changed',
    ]);
    expect(brief(graph, { ...state, sourceIdentities: new Map() })[0]).toBe('raw: run, source not identified');
  });

  it('runs the readers of an input when its value differs', async () => {
    const graph = await graphOf(star);
    expect(brief(graph, after(graph, nothing), { params: { low: 5 } })[1]).toBe('clean: run, changed');
  });

  it('runs fresh cells again on full refresh, and only the selected', async () => {
    const graph = await graphOf(star);
    expect(brief(graph, after(graph, nothing), { params: {}, select: ['log'], fullRefresh: true })).toEqual([
      'raw: skip, not selected',
      'clean: skip, not selected',
      'v: skip, not selected',
      'mart: skip, not selected',
      'log: run, full refresh',
    ]);
  });

  it.each([
    ['mart', ['mart']],
    ['+mart', ['raw', 'clean', 'v', 'mart']],
    ['clean+', ['clean', 'v', 'mart']],
    ['+clean+', ['raw', 'clean', 'v', 'mart']],
    ['+c', ['raw', 'clean', 'v', 'mart']],
    ['log,mart', ['mart', 'log']],
    ['low+', ['clean', 'v', 'mart']],
    ['c', []],
  ])('selects %s', async (term, cells) => {
    const graph = await graphOf(star);
    const { stages } = plan(graph, after(graph, nothing), { params: {}, select: [term], fullRefresh: true });
    expect(stages.filter((stage) => stage.action === 'run').map((stage) => stage.cell)).toEqual(cells);
  });

  it('adds unselected upstream that was never published', async () => {
    expect(brief(await graphOf(star), nothing, { params: {}, select: ['mart'] })).toEqual([
      'raw: run, needed by clean',
      'clean: run, needed by mart',
      'v: skip, not selected',
      'mart: run, never ran',
      'log: skip, not selected',
    ]);
  });

  it('reads stale upstream as published, says so, and is stale itself for the next whole run', async () => {
    const state = after(await graphOf(star), nothing);
    const graph = await graphOf(edited);
    const request = { params: {}, select: ['mart'], fullRefresh: true };
    const mart = plan(graph, state, request).stages.find((stage) => stage.cell === 'mart');
    expect(mart?.readsStale).toEqual(['clean']);
    expect(explainPlan(plan(graph, state, request))).toContain('reads clean as last published, changed since');
    expect(brief(graph, after(graph, state, request))).toContain('mart: run, upstream changed');
  });

  it('says of a cell that runs which interval it makes before its end, and of one that is fresh nothing', async () => {
    const graph = await graphOf(star);
    const day = { startMs: Date.parse('2024-01-03'), endMs: Date.parse('2024-01-04') };
    const request = { ...all, horizons: new Map([['log', '2024-01-03']]), partials: new Map([['log', day]]) };
    const first = plan(graph, nothing, request);
    expect(first.stages.flatMap(({ cell, partial }) => (partial ? [[cell, partial]] : []))).toEqual([['log', day]]);
    expect(explainPlan(first)).toContain(
      'run   silver.log    never ran  after raw; partial 2024-01-03T00:00Z to 2024-01-04T00:00Z, which has not ended',
    );
    const state = after(graph, nothing, request);
    expect(plan(graph, state, request).stages.filter(({ partial }) => partial)).toEqual([]);
    const replayed = plan(graph, state, { ...request, replay: ['log'] }).stages.find(({ cell }) => cell === 'log');
    expect([replayed?.reason, replayed?.partial]).toEqual(['replay', undefined]);
    const nextDay = { ...request, horizons: new Map([['log', '2024-01-04']]) };
    expect(brief(graph, state, nextDay)).toContain('log: run, changed');
  });

  it('agrees with the fingerprints of the graph when everything is selected', async () => {
    const graph = await graphOf(star);
    const known = { sourceIdentity: () => 'v1', tableSnapshot: () => null, params: {} };
    const present = fingerprintsOf(graph, known);
    for (const stage of plan(graph, nothing, all).stages) expect(stage.fingerprint).toBe(present.get(stage.cell));
  });

  it('refuses a name that nobody has, with the nearest, and terms that mean nothing', async () => {
    const graph = await graphOf(star);
    expect(() => plan(graph, nothing, { params: {}, select: ['marts'] })).toThrow(/did you mean `mart`/);
    expect(() => plan(graph, nothing, { params: {}, select: ['+'] })).toThrow(/selects nothing/);
  });

  it('refuses cells with errors, and runs the others when they are selected', async () => {
    const graph = await graphOf([...star, sql('bad', 'selec 1'), sql('reader', 'from bad')]);
    expect(() => plan(graph, nothing, all)).toThrow(/`bad` cannot run/);
    expect(() => plan(graph, nothing, { params: {}, select: ['reader'] })).toThrow(/`bad` cannot run/);
    expect(brief(graph, nothing, { params: {}, select: ['log'] })).toContain('log: run, never ran');
    const hidden = await graphOf([
      sql('e', 'from nowhere', { materialize: 'ephemeral' }),
      sql('v', 'from e', { materialize: 'view' }),
      sql('t', 'from v'),
    ]);
    expect(() => plan(hidden, nothing, { params: {}, select: ['t'] })).toThrow(/`e` cannot run/);
  });
});
