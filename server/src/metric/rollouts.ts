/** What versions beside champions come to. Counts are those of the database, so of every process. */
import type { Queryable } from '@datacraft/engine';
import { rolloutModes } from '@datacraft/shared';
import type { Family, Labels } from './exposition.ts';
import { family } from './exposition.ts';

const counted = ['asked', 'answered', 'compared', 'disagreed', 'decided_otherwise', 'errors', 'dropped'] as const;
type Counts = Readonly<Record<(typeof counted)[number], number>>;

/** Of numbers nothing is said of disagreement: the model's page has their mean difference. */
const disagreed = `case when v.report ->> 'task' in ('regression', 'forecast') then 0 else r.compared - r.agreed end`;
const sums = counted.map((what) => `sum(${what === 'disagreed' ? disagreed : `r.${what}`})::float8 as ${what}`);
const shared = counted.filter((what) => what !== 'disagreed').join(', ');

/** `named`: by model and version too. */
export async function rolloutFamilies(db: Queryable, named: boolean): Promise<Family[]> {
  const { rows: all } = await db.query<Counts & { readonly mode: string }>(
    `select r.mode, ${sums.join(', ')}
       from (select name, version, mode, agreed, ${shared} from model_rollouts
             union all select name, version, mode, agreed, ${shared} from model_rollout_history) r
       left join model_versions v using (name, version) group by r.mode`,
  );
  const { rows: running } = await db.query<Counts & { readonly model: string; version: number; mode: string }>(
    `select r.name as model, r.version, r.mode, ${sums.join(', ')}
       from model_rollouts r left join model_versions v using (name, version) group by 1, 2, 3 order by 1`,
  );
  const families = [
    family(
      'datacraft_rollouts',
      'gauge',
      'Versions that run beside a champion',
      rolloutModes.map((mode) => [{ mode }, running.filter((each) => each.mode === mode).length]),
    ),
    family(
      'datacraft_rollout_rows_total',
      'counter',
      'Rows that came to versions beside champions, and what came of them',
      rolloutModes.flatMap((mode) =>
        samplesOf(
          { mode },
          all.find((each) => each.mode === mode),
        ),
      ),
    ),
  ];
  if (!named) return families;
  const own = running.flatMap(({ model, version, mode, ...counts }) => samplesOf({ model, version, mode }, counts));
  const help = 'Rows that came to the version beside the champion, and what came of them';
  return [...families, family('datacraft_model_rollout_rows_total', 'counter', help, own)];
}

function samplesOf(labels: Labels, counts: Counts | undefined): (readonly [Labels, number])[] {
  return counted.map((what) => [{ ...labels, what }, counts?.[what] ?? 0]);
}
