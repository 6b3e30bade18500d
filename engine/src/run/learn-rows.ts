import { join } from 'node:path';
import type { LearnJob } from '../model/job.ts';
import { distinctCounts, identifierCandidates, learnSelect, scoredSelect } from '../model/learn-sql.ts';
import { planLesson } from '../model/lesson.ts';
import { loadModelBytes, versionOf } from '../store/models.ts';
import type { Learned, ModelWork } from './model-work.ts';
import { misnamed, trained } from './model-work.ts';

/** Learns from rows with features: classes, numbers or groups. */
export async function learn(work: ModelWork): Promise<Learned> {
  const { cell, task, session, columns, lookups } = work;
  const { spec } = cell;
  const planned = planLesson(spec, { columns, identifiers: await identifiersOf(work), lookups });
  if ('message' in planned) throw misnamed(cell, planned);
  const { lesson, roles, by } = planned;
  const file = join(task.dir, 'learn.arrow');
  await session.arrow(learnSelect(roles, spec.task === 'classification', by), { file });
  const scoredFile = join(task.dir, 'scored.csv');
  const answer = await trained({ kind: 'learn', file, scoredFile, ...lesson, champion: await championOf(work) }, work);
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

async function identifiersOf({ cell, session, columns }: ModelWork): Promise<ReadonlySet<string>> {
  const candidates = identifierCandidates(cell.spec, columns);
  const counted = await session.rows(distinctCounts(candidates));
  const [count = 0, ...distinct] = (counted.rows[0] ?? []).map(Number);
  return new Set(candidates.filter((_, at) => count > 1 && distinct[at] === count));
}
