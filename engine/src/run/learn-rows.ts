import { join } from 'node:path';
import type { Column, ModelLookup, ModelSpec } from '@datacraft/shared';
import { say } from '@datacraft/shared';
import type { ModelCell } from '../compile/graph.ts';
import type { LearnJob } from '../model/job.ts';
import type { Roles } from '../model/role.ts';
import { kindOf, rolesOf } from '../model/role.ts';
import { loadModelBytes, versionOf } from '../store/models.ts';
import { distinctCounts, groupColumn, identifierCandidates, learnSelect, scoredSelect } from './learn-sql.ts';
import type { Learned, ModelWork } from './model-work.ts';
import { algorithmOf, columnOf, misnamed, paramsOf, SEED, trained } from './model-work.ts';

const TEST_SHARE = 0.2;

/** Learns from rows with features: classes, numbers or groups. */
export async function learn(work: ModelWork): Promise<Learned> {
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
    const message = say('`{name}` is {type}: regression predicts a number; use task: classification, or cast it', {
      name,
      type,
    });
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
  const message = say(
    '`{from}` has a column `{name}`, and so has the table of what is predicted: give that one another name',
    { from: cell.spec.from, name: clash.name },
  );
  throw misnamed(cell, { key: 'from', word: cell.spec.from, message });
}
