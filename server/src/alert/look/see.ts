import type { AlertRuleKind } from '@datacraft/shared';
import type { Rule } from '../rules.ts';
import type { Observation } from '../transition.ts';
import { seeChecks } from './check.ts';
import { seeDeadline } from './deadline.ts';
import { seeDeviation } from './deviation.ts';
import { seeModelDrift } from './drift.ts';
import { seeFreshness } from './freshness.ts';
import { seeMetric } from './metric.ts';
import { seeRuns } from './run.ts';
import { seeSql } from './sql.ts';
import { seeStreams } from './stream.ts';
import type { World } from './world.ts';

const looks: Readonly<Record<AlertRuleKind, (rule: Rule, world: World) => Promise<Observation[]>>> = {
  metric: seeMetric,
  sql: seeSql,
  check: seeChecks,
  run: seeRuns,
  deadline: seeDeadline,
  freshness: seeFreshness,
  stream: seeStreams,
  deviation: seeDeviation,
  drift: seeModelDrift,
};

export function see(rule: Rule, world: World): Promise<Observation[]> {
  return looks[rule.kind](rule, world);
}
