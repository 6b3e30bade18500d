import type { SaidValue, Words } from '../../said/said.ts';
import { asSaid, say } from '../../said/said.ts';
import type { Json, JsonObject } from '../../json.ts';
import { algorithmsOf } from '../../model/algorithm.ts';
import { paramIssues } from '../../model/params.ts';
import type { ConfigIssue } from './issue.ts';
import type { algorithms, ModelTask } from './model.ts';
import { modelTasks } from './model.ts';

/** What a model's keys demand of each other. */
export function modelRules(config: JsonObject): ConfigIssue[] {
  const task = modelTasks.find((each) => each === config['task']);
  if (task === undefined) return [];
  return [
    ...missing(task, config),
    ...unfit(task, config),
    ...split(task, config),
    ...decision(task, config),
    ...lookups(task, config),
    ...promotion(task, config),
    ...scenarios(task, config),
  ];
}

function missing(task: ModelTask, config: JsonObject): ConfigIssue[] {
  const needs = (key: string, because: Words): ConfigIssue[] =>
    config[key] === undefined
      ? [
          {
            path: [key],
            code: 'missing-key',
            message: say('missing key "{key}": {because}', { key, because: asSaid(because) }),
          },
        ]
      : [];
  const time = task === 'forecast' ? needs('time_column', 'a forecast goes along time') : [];
  const target = task === 'clustering' ? [] : needs('target', say('{task} predicts one column', { task }));
  return [...time, ...target];
}

function unfit(task: ModelTask, config: JsonObject): ConfigIssue[] {
  const known = algorithmsOf[task];
  const asked = config['algorithm'] ?? known[0];
  const algorithm = known.find((each) => each === asked);
  if (algorithm === undefined) return isAlgorithm(asked) ? [otherTask(task, asked)] : [];
  return paramIssues(algorithm, mapOf(config['params']));
}

/** An empty one for what is no map: that was said already. */
function mapOf(value: Json | undefined): JsonObject {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as JsonObject) : {};
}

function isAlgorithm(asked: unknown): asked is (typeof algorithms)[number] {
  return Object.values(algorithmsOf).some((known) => known.some((each) => each === asked));
}

function otherTask(task: ModelTask, asked: string): ConfigIssue {
  const [first = '', ...others] = algorithmsOf[task];
  const known = others.reduce<SaidValue>((one, other) => say('{one} or {other}', { one, other }), first);
  const message = say('{asked} does not do {task}: use {known}', { asked, task, known });
  return { path: ['algorithm'], code: 'bad-value', message, suggestion: first };
}

function split(task: ModelTask, config: JsonObject): ConfigIssue[] {
  const { by } = mapOf(config['split']);
  const issue = (message: Words): ConfigIssue[] => [{ path: ['split', 'by'], code: 'bad-value', message }];
  if (by === 'time' && task !== 'forecast' && config['time_column'] === undefined)
    return issue('a split by time needs the column: add `time_column`');
  if (by === 'stratified' && task !== 'classification') return issue('only classes can be stratified: use random');
  return [];
}

function decision(task: ModelTask, config: JsonObject): ConfigIssue[] {
  const { decision: given } = config;
  const issue = (message: Words): ConfigIssue[] => [{ path: ['decision'], code: 'bad-value', message }];
  if (given === undefined) return [];
  if (task !== 'classification')
    return issue(say('{task} has no probability to decide by: only a classification can decide', { task }));
  const { approve, deny } = mapOf(given);
  if (approve !== undefined && approve === deny)
    return issue('approve and deny are the same: the one below the other says whether low or high is approved');
  return [];
}

function lookups(task: ModelTask, config: JsonObject): ConfigIssue[] {
  if (config['feature_tables'] === undefined) return [];
  const issue = (message: Words): ConfigIssue[] => [{ path: ['feature_tables'], code: 'bad-value', message }];
  if (task === 'forecast') return issue('a forecast goes along one series: it looks up no features');
  if (config['time_column'] !== undefined) return [];
  return issue('a row learns what was known at its time: add `time_column`');
}

const measuresOf: Partial<Record<ModelTask, readonly string[]>> = {
  classification: ['auc', 'f1', 'accuracy', 'logloss', 'brier'],
  regression: ['r2', 'rmse', 'mae', 'mape'],
};

function promotion(task: ModelTask, config: JsonObject): ConfigIssue[] {
  const { metric } = mapOf(config['promote']);
  if (config['promote'] === undefined) return [];
  const known = measuresOf[task];
  const issue = (path: string[], message: Words): ConfigIssue[] => [{ path, code: 'bad-value', message }];
  if (known === undefined)
    return issue(['promote'], say('{task} is not compared with a champion: promote it by hand', { task }));
  if (typeof metric !== 'string' || known.includes(metric)) return [];
  return issue(
    ['promote', 'metric'],
    say('{task} is not measured by {metric}: use {known}', { task, metric, known: known.join(', ') }),
  );
}

function scenarios(task: ModelTask, config: JsonObject): ConfigIssue[] {
  if (config['scenario_column'] === undefined) return [];
  const issue = (message: Words): ConfigIssue[] => [{ path: ['scenario_column'], code: 'bad-value', message }];
  if (task !== 'forecast') return issue(say('{task} knows no steps to come: only a forecast has scenarios', { task }));
  if (config['features'] !== undefined) return [];
  return issue('scenarios differ in what drives the series: list the columns in `features`');
}
