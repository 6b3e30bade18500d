import { relationName } from '@datacraft/shared';
import type { Plan, Stage } from './plan.ts';

/** The plan for people: one line for each stage, in the order of the run. */
export function explainPlan(plan: Plan): string {
  if (plan.stages.length === 0) return 'nothing to do: no cell publishes a table\n';
  const relations = plan.stages.map((stage) => relationName(stage.relation));
  const width = Math.max(...relations.map((name) => name.length));
  const reasonWidth = Math.max(...plan.stages.map((stage) => stage.reason.length));
  const lines = plan.stages.map((stage, index) => {
    const cells = [
      stage.action.padEnd(4),
      (relations[index] ?? '').padEnd(width),
      stage.reason.padEnd(reasonWidth),
      detail(stage),
    ];
    return cells.join('  ').trimEnd();
  });
  const running = plan.stages.filter((stage) => stage.action === 'run').length;
  return [...lines, `${running} to run, ${plan.stages.length - running} to skip`, ''].join('\n');
}

function detail(stage: Stage): string {
  if (stage.action === 'skip') return '';
  const after = stage.dependsOn.length === 0 ? '' : `after ${stage.dependsOn.join(', ')}`;
  const stale =
    stage.readsStale.length === 0 ? '' : `reads ${stage.readsStale.join(', ')} as last published, changed since`;
  return [after, stale, partialOf(stage), ...merging(stage)].filter((text) => text !== '').join('; ');
}

function partialOf({ partial }: Stage): string {
  if (partial === undefined) return '';
  const [from, to] = [partial.startMs, partial.endMs].map((ms) =>
    new Date(ms).toISOString().replace(/:00\.000Z$/, 'Z'),
  );
  return `partial ${from} to ${to}, which has not ended`;
}

function merging({ merge }: Stage): string[] {
  return [
    ...(merge?.insertOnly === true ? ['adds rows of new keys and changes none'] : []),
    ...(merge?.deletesUnmatched === true
      ? ['deletes rows whose key its result does not have, all where it is empty']
      : []),
  ];
}
