import type { AlertRuleConfig } from '@datacraft/shared';
import type { Said, SaidFigure } from '@datacraft/shared';
import { Fault, figuresOf, say } from '@datacraft/shared';
import type { Sample } from '../../metric/exposition.ts';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import type { World } from './world.ts';

const holds: Readonly<Record<NonNullable<AlertRuleConfig['op']>, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

const comparisons: Readonly<Record<NonNullable<AlertRuleConfig['op']>, (bound: SaidFigure) => Said>> = {
  '>': (bound) => say('more than {bound}', { bound }),
  '>=': (bound) => say('at least {bound}', { bound }),
  '<': (bound) => say('less than {bound}', { bound }),
  '<=': (bound) => say('at most {bound}', { bound }),
  '==': (bound) => say('just {bound}', { bound }),
  '!=': (bound) => say('not {bound}', { bound }),
};

/** The samples of a metric that have the labels of a rule. */
export async function samplesOf({ metric = '', labels = {} }: AlertRuleConfig, world: World): Promise<Sample[]> {
  const families = await world.metrics();
  const samples = families.flatMap((each) => each.samples).filter((sample) => sample.name === metric);
  if (samples.length === 0 && !families.some((each) => each.name === metric))
    throw new Fault('not-found', say('there is no metric {metric}; /metrics lists them', { metric }));
  return samples.filter((sample) =>
    Object.entries(labels).every(([label, wanted]) => String(sample.labels[label]) === wanted),
  );
}

/** Each sample of the metric that has the labels and meets the comparison. */
export async function seeMetric({ id, name, config }: Rule, world: World): Promise<Observation[]> {
  const { metric = '', op = '>', value = 0 } = config;
  return (await samplesOf(config, world))
    .filter((sample) => holds[op](sample.value, value))
    .map((sample) => {
      const shown = Object.entries(sample.labels).map(([label, has]) => `${label}=${has}`);
      const where = shown.length === 0 ? '' : ` (${shown.join(', ')})`;
      const [own, bound] = figuresOf(sample.value, value);
      return {
        key: JSON.stringify(sample.labels),
        cause: `rule:${id}`,
        title: name,
        summary: say('{metric} is {value}: {compared}', {
          metric: `${metric}${where}`,
          value: own,
          compared: comparisons[op](bound),
        }),
        facts: { value: sample.value },
        link: null,
      };
    });
}
