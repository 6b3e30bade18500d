import type { ImportFinding, JsonObject, Words } from '@datacraft/shared';
import { quoteIdentifier, say, asSaid, worded } from '@datacraft/shared';
import { ExpressionReader } from '../jinja/expression.ts';
import { JinjaProblem } from '../jinja/problem.ts';
import type { Template } from '../jinja/template.ts';
import { textOf } from '../jinja/value.ts';
import { configOf, layerOf, listOf } from './config.ts';
import type { ProjectEnvironment } from './environment.ts';
import { nothingTold } from './environment.ts';
import type { CellDraft } from '../../interchange/draft.ts';
import { rendered, sayings } from './model-cell.ts';
import type { ProjectNames } from './names.ts';
import type { DbtProject, Properties } from './project.ts';
import { problemAt, templateOf } from './project.ts';
import { rulesOf } from './tests.ts';

/** A snapshot of a `.sql` file, or one that YAML declares over a relation. */
export interface Snapshot {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly body: Template | null;
  readonly relation: string | null;
}

export function snapshotsOf(project: DbtProject): Snapshot[] {
  const found: Snapshot[] = [];
  for (const { path, text } of project.snapshots)
    for (const node of templateOf(path, text, project.findings) ?? [])
      if (node.kind === 'named' && node.tag === 'snapshot')
        found.push({ name: node.name, file: path, text, body: node.body, relation: null });
  for (const [name, { value, file }] of project.properties.get('snapshots') ?? []) {
    const relation = value['relation'];
    if (typeof relation === 'string') found.push({ name, file, text: relation, body: null, relation });
  }
  return found;
}

/** The versions as a dimension, and over it a cell with the names of columns that dbt gives them. */
export function snapshotCells(
  snapshot: Snapshot,
  project: DbtProject,
  names: ProjectNames,
  environment: ProjectEnvironment,
  findings: ImportFinding[],
): { cells: CellDraft[]; refs: readonly string[] } {
  const { name, file } = snapshot;
  const told = nothingTold();
  const evaluator = environment.evaluator(told);
  const properties = project.properties.get('snapshots')?.get(name);
  const source =
    snapshot.relation === null
      ? rendered(file, snapshot.text, snapshot.body, evaluator, findings)
      : selectFrom(snapshot, evaluator, findings);
  if (source === null) return { cells: [], refs: [] };
  const config = configOf(project, 'snapshots', { path: file, name }, properties, told.config);
  const keys = listOf(config.get('unique_key'));
  const sequence = config.get('updated_at');
  const report = (severity: ImportFinding['severity'], words: Words) =>
    findings.push({
      file,
      line: 1,
      column: 1,
      severity,
      ...worded(say('{path}: {message}', { path: name, message: asSaid(words) })),
    });
  if (keys.length === 0 || !keys.every((key) => /^\w+$/.test(key)))
    report('error', 'a snapshot needs unique_key to name columns');
  for (const key of ['hard_deletes', 'invalidate_hard_deletes'])
    if (config.has(key) && config.get(key) !== 'ignore' && config.get(key) !== false)
      report('warning', say('{key} is left out: keys that do not come again stay as they were', { key }));
  if (Array.isArray(config.get('check_cols')))
    report('info', 'a version begins when any column differs, not only those of check_cols');
  const cell = names.nodes.get(name) ?? name;
  const history = names.free(`${cell}_versions`);
  const layer = layerOf(config, '', 'silver');
  const shared = layer === 'silver' ? {} : { layer };
  const dimension: JsonObject = {
    ...shared,
    materialize: 'dimension',
    scd: 2,
    unique_key: keys.length === 1 ? (keys[0] ?? '') : keys,
    ...(typeof sequence === 'string' && /^\w+$/.test(sequence) ? { sequence_by: sequence } : {}),
  };
  const { rules, findings: found } = rulesOf(properties as Properties | undefined, evaluator);
  findings.push(...found);
  const said = sayings(properties, config, evaluator);
  const view: JsonObject = {
    ...shared,
    ...(rules.length > 0 ? { expect: JSON.parse(JSON.stringify(rules)) as JsonObject[] } : { materialize: 'view' }),
    ...said,
  };
  return {
    cells: [
      { kind: 'sql', name: history, source, config: dimension, file },
      { kind: 'sql', name: cell, source: asDbtNames(history, keys, sequence), config: view, file },
    ],
    refs: [...told.refs],
  };
}

function selectFrom(
  { file, text, relation }: Snapshot,
  evaluator: ReturnType<ProjectEnvironment['evaluator']>,
  findings: ImportFinding[],
): string | null {
  try {
    const value = evaluator.value(new ExpressionReader(relation ?? '', 0).whole(), new Map());
    return `select * from ${textOf(value)}`;
  } catch (error) {
    if (!(error instanceof JinjaProblem)) throw error;
    findings.push(problemAt(file, text, error));
    return null;
  }
}

function asDbtNames(history: string, keys: readonly string[], sequence: unknown): string {
  const updated = typeof sequence === 'string' && /^\w+$/.test(sequence) ? quoteIdentifier(sequence) : 'valid_from';
  const parts = [...keys.map(quoteIdentifier), updated].map((column) => `coalesce(cast(${column} as varchar), '')`);
  return `select
  * exclude (${history}_key, valid_from, valid_to, is_current),
  md5(${parts.join(" || '|' || ")}) as dbt_scd_id,
  ${updated} as dbt_updated_at,
  valid_from as dbt_valid_from,
  valid_to as dbt_valid_to
from ${history}
where ${history}_key <> -1`;
}
