import type { AlertRuleConfig, AlertRuleKind, AlertRuleWords, AlertSeverity } from '@datacraft/shared';

export const ruleKinds: readonly AlertRuleKind[] = [
  'run',
  'check',
  'freshness',
  'stream',
  'deadline',
  'sql',
  'metric',
  'deviation',
  'drift',
];
export const operators = ['>', '>=', '<', '<=', '==', '!='] as const;
export const severities = ['info', 'warning', 'critical'] as const;

const begun = {
  name: '',
  table: '',
  length: '1 hour',
  maxLag: '10000',
  stalled: '5 minutes',
  sql: '',
  metric: '',
  value: '0',
  period: '7',
  level: '99',
  psi: '0.25',
  waits: '0',
  minutes: '30',
};
export type RuleText = keyof typeof begun;
/** What a number that may leave its forecast is of. */
export const seriesSources = ['model', 'sql', 'metric'] as const;
type SeriesSource = (typeof seriesSources)[number];

/** The texts that a kind of rule asks for, in their order; what is chosen from a list stands before them. */
export const textsOf: Readonly<Record<AlertRuleKind, readonly RuleText[]>> = {
  run: [],
  check: ['table'],
  freshness: ['table', 'length'],
  stream: ['maxLag', 'stalled'],
  deadline: ['length'],
  sql: ['sql'],
  metric: ['value'],
  deviation: [],
  drift: ['psi'],
};

const textsOfSeries: Readonly<Record<SeriesSource, readonly RuleText[]>> = {
  model: ['level'],
  sql: ['sql', 'period', 'level'],
  metric: ['metric', 'period', 'level'],
};

/** A rule as it is being written. */
export class RuleForm {
  texts = $state({ ...begun });
  kind = $state<AlertRuleKind>('run');
  severity = $state<AlertSeverity>('warning');
  notebook = $state('');
  op = $state<(typeof operators)[number]>('>');
  source = $state<SeriesSource>('model');
  model = $state('');
  told = $state<string[]>([]);
  escalated = $state<string[]>([]);

  readonly isOfModel = $derived(this.kind === 'drift' || (this.kind === 'deviation' && this.source === 'model'));
  readonly isWhole = $derived(this.texts.name.trim() !== '' && (!this.isOfModel || this.model !== ''));
  readonly asked = $derived(this.kind === 'deviation' ? textsOfSeries[this.source] : textsOf[this.kind]);

  rule(): AlertRuleWords {
    return {
      name: this.texts.name.trim(),
      kind: this.kind,
      config: this.#config(),
      severity: this.severity,
      forSeconds: Number(this.texts.waits),
      everySeconds: this.kind === 'drift' ? 60 : 5,
      channels: this.told,
      escalateAfterSeconds: this.escalated.length === 0 ? null : 60 * Number(this.texts.minutes),
      escalateChannels: this.escalated,
      enabled: true,
    };
  }

  #config(): AlertRuleConfig {
    const { table, length, sql, metric, value, psi } = this.texts;
    const anyNotebook = this.notebook === '' ? {} : { notebook: this.notebook };
    switch (this.kind) {
      case 'run':
        return anyNotebook;
      case 'check':
        return table.trim() === '' ? {} : { table: table.trim() };
      case 'freshness':
        return { table: table.trim(), max_age: length };
      case 'deadline':
        return { notebook: this.notebook, within: length };
      case 'stream':
        return { ...anyNotebook, ...this.#streamLimits() };
      case 'sql':
        return { sql };
      case 'deviation':
        return this.#deviation();
      case 'drift':
        return { model: this.model, psi: numberOf(psi) };
      case 'metric':
        return { metric: metric.trim(), op: this.op, value: numberOf(value) };
    }
  }

  #streamLimits(): AlertRuleConfig {
    const { maxLag, stalled } = this.texts;
    return {
      ...(maxLag.trim() === '' ? {} : { max_lag: Number(maxLag) }),
      ...(stalled.trim() === '' ? {} : { stalled: stalled.trim() }),
    };
  }

  #deviation(): AlertRuleConfig {
    const { sql, metric, period, level } = this.texts;
    if (this.source === 'model') return { model: this.model, level: numberOf(level) / 100 };
    return {
      ...(this.source === 'sql' ? { sql } : { metric: metric.trim() }),
      ...(Number(period) > 1 ? { period: Number(period) } : {}),
      level: numberOf(level) / 100,
    };
  }
}

/** With a comma too. */
function numberOf(text: string): number {
  return Number(text.replace(',', '.'));
}
