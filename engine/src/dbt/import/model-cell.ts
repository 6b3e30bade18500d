import { say, asSaid } from '@datacraft/shared';
import type { Expectation, ImportFinding, Json, JsonObject, SqlSpec, Words } from '@datacraft/shared';
import type { Evaluator } from '../jinja/evaluate.ts';
import { JinjaProblem } from '../jinja/problem.ts';
import type { Template } from '../jinja/template.ts';
import { parseTemplate } from '../jinja/template.ts';
import type { Config } from './config.ts';
import { listOf } from './config.ts';
import type { Told } from './environment.ts';
import type { Properties } from './project.ts';
import { isObject, objectsOf, problemAt } from './project.ts';

/** SQL without what Jinja left of itself. */
export function tidy(sql: string): string {
  return sql
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The text of a template, or findings. */
export function rendered(
  file: string,
  text: string,
  template: Template | null,
  evaluator: Evaluator,
  findings: ImportFinding[],
): string | null {
  try {
    return tidy(evaluator.render(template ?? parseTemplate(text)));
  } catch (error) {
    if (!(error instanceof JinjaProblem)) throw error;
    findings.push(problemAt(file, text, error));
    return null;
  }
}

/** How a model is kept, in our words, with what is said of it. */
export function keepOf(
  config: Config,
  rules: readonly Expectation[],
  told: Told,
  report: (severity: ImportFinding['severity'], words: Words) => void,
): JsonObject {
  const materialized = String(config.get('materialized') ?? 'view');
  if (materialized === 'incremental') return incremental(config, rules, told, report);
  if (materialized === 'ephemeral' && rules.length === 0) return { materialize: 'ephemeral' };
  if (materialized === 'view' && rules.length === 0 && told.inputs.size === 0) return { materialize: 'view' };
  if (materialized === 'view' || materialized === 'ephemeral') {
    const why = rules.length > 0 ? 'rules are judged over stored rows' : 'a view keeps no value of an input';
    report('info', say('is kept as a table instead of {materialized}: {why}', { materialized, why: asSaid(why) }));
  } else if (materialized !== 'table')
    report('warning', say('materialized {materialized} is not known here: it is kept as a table', { materialized }));
  return {};
}

function incremental(
  config: Config,
  rules: readonly Expectation[],
  told: Told,
  report: (severity: ImportFinding['severity'], words: Words) => void,
): JsonObject {
  const keys = listOf(config.get('unique_key'));
  const strategy = String(config.get('incremental_strategy') ?? (keys.length > 0 ? 'merge' : 'append'));
  if (told.incremental)
    report('info', 'the parts under is_incremental() are left out: the cell always sees all rows of what it reads');
  const time = config.get('event_time');
  if (strategy === 'microbatch' && typeof time === 'string') {
    const lookback = config.get('lookback');
    const begin = config.get('begin');
    return {
      materialize: 'incremental',
      strategy: 'replace_interval',
      time_column: time,
      interval: String(config.get('batch_size') ?? 'day'),
      lookback: typeof lookback === 'number' ? lookback : 1,
      ...(begin === undefined ? {} : { start: String(begin), allow_partials: true }),
    };
  }
  const isUnique = rules.some((rule) => 'unique' in rule && listOf(rule.unique as Json).join() === keys.join());
  const plain = keys.every((key) => /^\w+$/.test(key));
  if (
    keys.length > 0 &&
    plain &&
    (strategy === 'merge' || isUnique || config.get('incremental_strategy') === undefined)
  )
    return {
      materialize: 'incremental',
      strategy: 'merge',
      unique_key: keys.length === 1 ? (keys[0] ?? '') : keys,
      ...mergeSteps(config, report),
    };
  report(
    'info',
    say(
      'is kept as a table: {strategy} without a key that is unique would add rows twice, as the cell sees all rows in each run',
      { strategy },
    ),
  );
  return {};
}

/** What dbt's adapter for Databricks says of the steps of a merge. */
function mergeSteps(
  config: Config,
  report: (severity: ImportFinding['severity'], words: Words) => void,
): Pick<SqlSpec, 'insert_only' | 'unmatched'> {
  const word = (key: string) => String(config.get(key) ?? '').trim();
  const action = word('not_matched_by_source_action');
  const isDeleting = /^delete$/i.test(action) && word('not_matched_by_source_condition') === '';
  if (action !== '' && !isDeleting)
    report('warning', say('its {key} is left out', { key: 'not_matched_by_source_action' }));
  return {
    ...(/^true$/i.test(word('skip_matched_step')) ? { insert_only: true } : {}),
    ...(isDeleting ? { unmatched: 'delete' as const } : {}),
  };
}

/** Descriptions, tags and contracts. */
export function sayings(properties: Properties | undefined, config: Config, evaluator: Evaluator): JsonObject {
  const value = properties?.value ?? {};
  const described = (text: Json | undefined) =>
    typeof text === 'string' && text.trim() !== '' ? said(text, evaluator) : undefined;
  const description = described(value['description']);
  const tags = [...new Set(listOf(config.get('tags')))];
  const columns: Record<string, JsonObject> = {};
  for (const column of objectsOf(value['columns'])) {
    const own = isObject(column['config']) ? column['config'] : {};
    const columnTags = [...new Set([...listOf(column['tags']), ...listOf(own['tags'])])];
    const text = described(column['description']);
    if (text !== undefined || columnTags.length > 0)
      columns[String(column['name'])] = {
        ...(text === undefined ? {} : { description: text }),
        ...(columnTags.length === 0 ? {} : { tags: columnTags }),
      };
  }
  const contract = contractOf(value, config);
  return {
    ...(contract === null ? {} : { contract }),
    ...(description === undefined ? {} : { description }),
    ...(Object.keys(columns).length === 0 ? {} : { columns }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

function contractOf(value: JsonObject, config: Config): JsonObject | null {
  const contract = config.get('contract') ?? null;
  if (!isObject(contract) || contract['enforced'] !== true) return null;
  const typed = objectsOf(value['columns']).filter((column) => typeof column['data_type'] === 'string');
  return {
    mode: 'freeze',
    columns: Object.fromEntries(typed.map((column) => [String(column['name']), column['data_type'] ?? null])),
  };
}

function said(text: string, evaluator: Evaluator): string {
  if (!text.includes('{')) return text.trim();
  try {
    return evaluator.render(parseTemplate(text)).trim();
  } catch (error) {
    if (error instanceof JinjaProblem) return text.trim();
    throw error;
  }
}

/** One unread setting is one finding. */
export function unreadSettings(config: Config): Words[] {
  const left = [...config.keys()].filter((key) => unread.has(key));
  return left.map((key) => say('its {key} is left out', { key }));
}

const unread = new Set([
  'pre_hook',
  'post_hook',
  'pre-hook',
  'post-hook',
  'grants',
  'indexes',
  'partitioned_by',
  'options',
  'location',
  'external_root',
  'on_schema_change',
  'alias',
  'database',
]);
