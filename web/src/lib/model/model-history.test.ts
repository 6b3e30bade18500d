import type { ModelVersion } from '@datacraft/shared';
import { expect, test } from 'vitest';
import { historyOf } from './model-history.ts';

const rule = { metric: 'auc', margin: 0.01 };
const versionOf = (version: number, more: Partial<ModelVersion> = {}): ModelVersion => ({
  version,
  createdAt: `2026-05-0${version}T10:00:00Z`,
  author: null,
  aliases: [],
  task: 'classification',
  algorithm: 'random_forest',
  params: {},
  seed: 42,
  metrics: { auc: 0.9 },
  sizeBytes: 10,
  sha256: '',
  snapshots: {},
  run: { runId: `run_${version}`, trigger: 'drift' },
  promote: rule,
  champion: null,
  ...more,
});
const beside = (version: number, auc: number) => ({ champion: { version, metrics: { auc } } });
const first = { version: 1, replaced: null, by: null, at: '2026-05-01T10:00:00Z' };

test('a version that won by the rule says against what, and is told once', () => {
  const versions = [versionOf(2, beside(1, 0.8)), versionOf(1)];
  const promotions = [{ version: 2, replaced: 1, by: null, at: '2026-05-02T10:00:00Z' }, first];
  const told = historyOf({ versions, promotions });
  expect(told.map((each) => [each.kind, each.version])).toEqual([
    ['trained', 2],
    ['trained', 1],
  ]);
  expect(told[0]).toMatchObject({
    run: { runId: 'run_2', trigger: 'drift' },
    verdict: { kind: 'won', metric: 'auc', own: 0.9, other: 0.8, against: 1, margin: 0.01 },
  });
  expect(told[1]).toMatchObject({ verdict: { kind: 'first' } });
});

test('one that did not win leaves the champion, one that won where people decide is proposed', () => {
  const proposed = versionOf(3, { ...beside(1, 0.8), promote: { ...rule, mode: 'propose' } });
  const told = historyOf({ versions: [proposed, versionOf(2, beside(1, 0.9)), versionOf(1)], promotions: [first] });
  expect(told.map((each) => each.kind === 'trained' && each.verdict.kind)).toEqual(['proposed', 'kept', 'first']);
});

test('without a rule, or without a figure to judge by, a version waits', () => {
  const versions = [versionOf(3, beside(1, 0.8)), versionOf(2, { ...beside(1, 0.8), promote: null }), versionOf(1)];
  const unmeasured = { ...versionOf(4), champion: { version: 1, metrics: { auc: null } } };
  const told = historyOf({ versions: [unmeasured, ...versions], promotions: [first] });
  expect(told.map((each) => each.kind === 'trained' && each.verdict.kind)).toEqual(['waits', 'kept', 'waits', 'first']);
});

test('the newest forecast answers, without a rule', () => {
  const versions = [
    versionOf(2, { task: 'forecast', promote: null }),
    versionOf(1, { task: 'forecast', promote: null }),
  ];
  const promotions = [{ version: 2, replaced: 1, by: null, at: '2026-05-02T10:00:00Z' }, first];
  const told = historyOf({ versions, promotions });
  expect(told.map((each) => each.kind === 'trained' && each.verdict.kind)).toEqual(['newest', 'first']);
});

test('a promotion by somebody is a line of its own', () => {
  const back = { version: 1, replaced: 2, by: 'Ana', at: '2026-05-03T10:00:00Z' };
  const told = historyOf({ versions: [versionOf(2), versionOf(1)], promotions: [back, first] });
  expect(told[0]).toEqual({ kind: 'promoted', version: 1, replaced: 2, by: 'Ana', at: '2026-05-03T10:00:00Z' });
});
