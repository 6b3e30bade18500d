import { join } from 'node:path';
import type { Column, ModelLookup, ModelSpec, RelationRef } from '@datacraft/shared';
import { algorithmsOf, Fault, resolveParams, writeConfigText } from '@datacraft/shared';
import type { ModelCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { loadModelBytes, versionOf } from '../store/models.ts';
import type { Job, JobAnswer, LearnJob } from '../model/job.ts';
import type { RoleProblem, Roles } from '../model/role.ts';
import { kindOf, rolesOf } from '../model/role.ts';
import { trainInThread } from '../model/trainer.ts';
import type { Publication } from '../publish/publish.ts';
import type { TaskContext } from './execute.ts';
import {
  distinctCounts,
  forecastSelect,
  groupColumn,
  identifierCandidates,
  learnSelect,
  learnTable,
  scoredSelect,
  seriesSelect,
} from './learn-sql.ts';
import { withFeatures } from './model-lookups.ts';
import { stageSelect } from './task.ts';
import { defineUpstream, filesOf, openUpstream } from './upstream.ts';

interface ModelWork {
  readonly cell: ModelCell;
  readonly relation: RelationRef;
  readonly task: TaskContext;
  readonly session: DuckSession;
  readonly columns: readonly Column[];
  readonly lookups: readonly ModelLookup[];
}

/** What training came to: its answer, and the SELECT of the rows that the cell publishes. */
interface Learned {
  readonly answer: JobAnswer;
  readonly select: string;
  readonly notes: readonly string[];
}

const SEED = 42;
const TEST_SHARE = 0.2;
const LEVEL = 0.95;

/** Trains a model on what the cell reads, up to staged rows and a version that the publish registers. */
export async function executeModel(cell: ModelCell, task: TaskContext): Promise<Publication> {
  const { relation, spec } = cell;
  if (relation === null) throw new Error(`cell ${cell.name} has no relation`);
  const upstream = await openUpstream(cell, task);
  const session = await task.openSession(filesOf(upstream));
  await defineUpstream(session, upstream, task);
  const { select: rows, lookups } = await withFeatures(cell, session, upstream, task);
  const columns = await session.describe(rows);
  await session.run(learnTable(rows));
  const work: ModelWork = { cell, relation, task, session, columns, lookups };
  const { answer, select, notes } = spec.task === 'forecast' ? await forecast(work) : await learn(work);
  const staged = await stageSelect(session, relation, select, 'overwrite', task);
  const reads = [...upstream.opened.keys()].map((name) => [name, task.known.published.get(name)?.snapshotId ?? null]);
  const report = { ...answer.report, notes: [...notes, ...answer.report.notes] };
  return {
    ref: relation,
    cell: cell.name,
    kind: 'table',
    staged,
    basedOn: undefined,
    side: [],
    definition: { meaning: cell.meaning },
    fingerprint: task.fingerprint,
    upstream: task.upstream,
    columns: staged.columns,
    rows: staged.totalRows,
    rejected: 0,
    checks: [],
    model: {
      spec,
      report,
      bytes: answer.bytes,
      seed: spec.split?.seed ?? SEED,
      params: paramsOf(spec),
      reads: Object.fromEntries(reads),
    },
  };
}

function paramsOf(spec: ModelSpec) {
  return resolveParams(algorithmOf(spec), spec.params ?? {});
}

function algorithmOf({ task, algorithm }: ModelSpec) {
  const chosen = algorithm ?? algorithmsOf[task][0];
  if (chosen === undefined) throw new Error(`no algorithm does ${task}`);
  return chosen;
}

async function learn(work: ModelWork): Promise<Learned> {
  const { cell, task, session } = work;
  const { spec } = cell;
  if (spec.task === 'forecast') throw new Error('a forecast is learned from a series');
  const roles = await rolesIn(work);
  const by = splitColumn(work);
  const file = join(task.dir, 'learn.arrow');
  await session.arrow(learnSelect(roles, spec.task === 'classification', by), { file });
  const scoredFile = join(task.dir, 'scored.csv');
  const request = {
    task: spec.task,
    algorithm: algorithmOf(spec),
    params: paramsOf(spec),
    seed: spec.split?.seed ?? SEED,
    test: spec.split?.test ?? TEST_SHARE,
    target: roles.target?.name ?? null,
    decision: spec.decision ?? null,
    folds: spec.split?.folds ?? 0,
  };
  const { features, target } = roles;
  const keys = roles.keys.map(({ name }) => name);
  const answer = await trained(
    {
      kind: 'learn',
      file,
      scoredFile,
      request,
      features,
      target,
      keys,
      lookups: lookupsUsed(work, features),
      champion: await championOf(work),
      splitBy: splitBy(spec),
    },
    work,
  );
  return {
    answer,
    select: scoredSelect(roles, spec, answer.report.classes ?? [], scoredFile),
    notes: roles.notes,
  };
}

/** Compared on the same hold-out: the version that answers now. */
async function championOf({ relation, task }: ModelWork): Promise<LearnJob['champion']> {
  const version = await versionOf(task.deps.db, relation.name, 'champion');
  const bytes = version === null ? null : await loadModelBytes(task.deps.db, relation.name, version);
  return version === null || bytes === null ? null : { version, bytes };
}

/** Of looked up features those that it learns from. */
function lookupsUsed({ lookups }: ModelWork, used: readonly Column[]): ModelLookup[] {
  const names = new Set(used.map(({ name }) => name));
  return lookups
    .map((lookup) => ({ ...lookup, features: lookup.features.filter((name) => names.has(name)) }))
    .filter(({ features }) => features.length > 0);
}

function splitBy({ task, split }: ModelSpec) {
  const by = split?.by ?? (task === 'classification' ? 'stratified' : 'random');
  return by === 'random' || by === 'stratified' || by === 'time' ? by : 'group';
}

/** The column that says which rows are tested on, when one does. */
function splitColumn(work: ModelWork): Column | null {
  const { spec } = work.cell;
  const kind = splitBy(spec);
  if (kind === 'time') return columnOf(work, 'time_column', spec.time_column ?? '');
  return kind === 'group' ? groupColumn(columnOf(work, 'split', spec.split?.by ?? '')) : null;
}

async function rolesIn(work: ModelWork): Promise<Roles> {
  const { cell, session, columns } = work;
  const candidates = cell.spec.features === undefined ? identifierCandidates(columns) : [];
  const counted = await session.rows(distinctCounts(candidates));
  const [count = 0, ...distinct] = (counted.rows[0] ?? []).map(Number);
  const identifiers = candidates.filter((name, at) => name !== cell.spec.target && count > 1 && distinct[at] === count);
  const roles = rolesOf(
    cell.spec,
    columns,
    new Set(identifiers),
    work.lookups.flatMap(({ entity }) => entity),
  );
  if ('message' in roles) throw misnamed(cell, roles);
  if (cell.spec.task === 'regression' && roles.target !== null && kindOf(roles.target.type) !== 'number') {
    const { name, type } = roles.target;
    const message = `\`${name}\` is ${type}: regression predicts a number; use task: classification, or cast it`;
    throw misnamed(cell, { key: 'target', word: name, message });
  }
  refuseClash(cell, roles);
  return roles;
}

/** Columns that the table of the model has of its own. */
function refuseClash(cell: ModelCell, { keys, target, features }: Roles): void {
  const { task, decision } = cell.spec;
  const second = { classification: ['probability'], clustering: ['distance'], regression: [], forecast: [] }[task];
  const added = ['prediction', ...second, ...(decision === undefined ? [] : ['decision'])];
  const shown = [...keys, ...(target === null ? [] : [target]), ...(task === 'clustering' ? features : [])];
  const clash = shown.find(({ name }) => added.includes(name.toLowerCase()));
  if (clash === undefined) return;
  const message = `\`${cell.spec.from}\` has a column \`${clash.name}\`, and so has the table of what is predicted: give that one another name`;
  throw misnamed(cell, { key: 'from', word: cell.spec.from, message });
}

async function forecast(work: ModelWork): Promise<Learned> {
  const { cell, task, session } = work;
  const { spec } = cell;
  const time = columnOf(work, 'time_column', spec.time_column ?? '');
  const target = columnOf(work, 'target', spec.target ?? '');
  const kind = kindOf(time.type);
  if (kind !== 'time' && kind !== 'number')
    throw wrongType(cell, 'time_column', time, 'a forecast goes along dates or numbers');
  if (kindOf(target.type) !== 'number') throw wrongType(cell, 'target', target, 'a forecast predicts numbers');
  const isCalendar = kind === 'time';
  const file = join(task.dir, 'series.arrow');
  await session.arrow(seriesSelect(time, target), { file });
  const scoredFile = join(task.dir, 'forecast.csv');
  const params = paramsOf(spec);
  const shape = { horizon: spec.horizon ?? null, level: spec.level ?? LEVEL, params, seed: spec.split?.seed ?? SEED };
  const answer = await trained({ kind: 'forecast', file, scoredFile, ...shape, time, target, isCalendar }, work);
  return { answer, select: forecastSelect(time, target, isCalendar, scoredFile), notes: [] };
}

async function trained(job: Job, { cell, task }: ModelWork): Promise<JobAnswer> {
  const { taskTimeoutMs: timeoutMs, memoryLimitMb } = task.deps.limits;
  const onProgress = (share: number) => task.onProgress({ rows: null, total: null, percent: Math.round(share * 100) });
  try {
    return await trainInThread(job, { signal: task.signal, timeoutMs, memoryLimitMb, onProgress });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Fault(error.code, error.words, { ...error.facts, cell: cell.name }, { cause: error });
  }
}

function columnOf({ cell, columns }: ModelWork, key: keyof ModelSpec, word: string): Column {
  const found = columns.find(({ name }) => name === word);
  if (found !== undefined) return found;
  const known = columns
    .map(({ name }) => name)
    .slice(0, 12)
    .join(', ');
  throw misnamed(cell, { key, word, message: `\`${cell.spec.from}\` has no column \`${word}\`: it has ${known}` });
}

function wrongType(cell: ModelCell, key: keyof ModelSpec, { name, type }: Column, because: string): Fault {
  return misnamed(cell, { key, word: name, message: `\`${name}\` is ${type}: ${because}; cast it first` });
}

/** At the line of the cell's text that names the column. */
function misnamed(cell: ModelCell, { key, word, message }: RoleProblem): Fault {
  const lines = writeConfigText('model', { ...cell.spec }).split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${key}:`));
  const within = lines.findIndex((line, at) => at >= start && line.includes(word));
  const line = Math.max(start, within) + 1;
  return new Fault('query-failed', message, { cell: cell.name, ...(start < 0 ? {} : { line, column: 1 }) });
}
