import { expect, test } from 'vitest';

import { RuleForm } from './rule-form.svelte.ts';

function formOf(more: Partial<Pick<RuleForm, 'kind' | 'source' | 'notebook' | 'model' | 'escalated'>>): RuleForm {
  const form = new RuleForm();
  form.texts.name = '  late sales ';
  return Object.assign(form, more);
}

test('a rule holds what its kind asks for and nothing of the others', () => {
  const form = formOf({ kind: 'freshness' });
  form.texts.table = ' gold.sales ';
  form.texts.sql = 'select true';
  expect(form.rule()).toMatchObject({ name: 'late sales', config: { table: 'gold.sales', max_age: '1 hour' } });
  form.kind = 'sql';
  expect(form.rule().config).toEqual({ sql: 'select true' });
});

test('limits that are left empty are not asked for', () => {
  const form = formOf({ kind: 'stream' });
  form.texts.maxLag = ' ';
  expect(form.rule().config).toEqual({ stalled: '5 minutes' });
});

test('a series is of a query or of a metric, with its season only when there is one', () => {
  const form = formOf({ kind: 'deviation', source: 'metric' });
  form.texts.metric = 'datacraft_runs_total';
  form.texts.period = '1';
  expect(form.rule().config).toEqual({ metric: 'datacraft_runs_total', level: 0.99 });
});

test('a number is held against its forecast as the cell of that says, or by another share', () => {
  const form = formOf({ kind: 'deviation' });
  expect(form.isWhole).toBe(false);
  form.model = 'sales_ahead';
  expect(form.isWhole).toBe(true);
  expect(form.rule().config).toEqual({ model: 'sales_ahead', level: 0.99 });
  form.texts.level = '97,5';
  expect(form.rule().config).toEqual({ model: 'sales_ahead', level: 0.975 });
});

test('a share may be written with a comma, and drift is looked for once a minute', () => {
  const form = formOf({ kind: 'drift', model: 'risk' });
  form.texts.psi = '0,3';
  expect(form.rule()).toMatchObject({ config: { model: 'risk', psi: 0.3 }, everySeconds: 60 });
});

test('the wait before others are told counts only when there are others', () => {
  expect(formOf({}).rule().escalateAfterSeconds).toBeNull();
  expect(formOf({ escalated: ['chn_1'] }).rule().escalateAfterSeconds).toBe(1800);
});

test('a rule without a name, or about the drift of no model, is not whole', () => {
  expect(new RuleForm().isWhole).toBe(false);
  expect(formOf({ kind: 'drift' }).isWhole).toBe(false);
  expect(formOf({ kind: 'drift', model: 'risk' }).isWhole).toBe(true);
});
