/** HTTP bodies of the room Alerts. Paths are under `/api/v1`. */
import type { Said } from '../said/said.ts';

export type AlertSeverity = 'info' | 'warning' | 'critical';
export type AlertRuleKind =
  'metric' | 'sql' | 'check' | 'run' | 'deadline' | 'freshness' | 'stream' | 'deviation' | 'drift';
export type AlertChannelKind = 'email' | 'webhook' | 'slack' | 'alertmanager';

/** What a rule looks at; which keys it takes follows from its kind. */
export interface AlertRuleConfig {
  /** metric: the name at `/metrics`, and the labels its sample must have. */
  metric?: string;
  labels?: Record<string, string>;
  op?: '>' | '>=' | '<' | '<=' | '==' | '!=';
  value?: number;
  /** sql: fires while the first value is true or a number other than 0. deviation: a series in the order of time, its value last. */
  sql?: string;
  /** check, freshness: `layer.name`; check without one: every table. */
  table?: string;
  /** check: also those that only warn. */
  warnings?: boolean;
  /** run, deadline, stream: of this notebook; run and stream without one: of every notebook. */
  notebook?: string;
  /** deadline: how long after its due time a scheduled run must have succeeded. */
  within?: string;
  /** deadline: due times so long ago are still looked at; default a day. */
  lookback?: string;
  /** freshness: how old the table may be. */
  max_age?: string;
  /** stream: so many messages may wait. */
  max_lag?: number;
  /** stream: for so long nothing may be written while something waits. */
  stalled?: string;
  /** deviation: values in one season, such as 7 of days or 24 of hours; default 1, none. */
  period?: number;
  /** deviation: the share of values that the band holds by nature; default 0.99. */
  level?: number;
  /** drift, deviation: the name of the model, of deviation a forecast; its notebook stands in `notebook` by itself. */
  model?: string;
  /** drift: a population stability index that is too much; default 0.25. */
  psi?: number;
  /** drift: of fewer predictions nothing is said; default 200. */
  rows?: number;
}

export interface AlertRuleWords {
  name: string;
  kind: AlertRuleKind;
  config: AlertRuleConfig;
  severity: AlertSeverity;
  /** Fires when it holds for so long. */
  forSeconds: number;
  everySeconds: number;
  /** Ids of channels. */
  channels: string[];
  /** Tell these too when nobody acknowledged for so long. */
  escalateAfterSeconds: number | null;
  escalateChannels: string[];
  enabled: boolean;
}

/** GET /alert-rules (array) */
export interface AlertRule extends AlertRuleWords {
  id: string;
  state: 'quiet' | 'pending' | 'firing' | 'off';
  lookedAt: string | null;
  /** Why it could not be looked at. */
  problem: string | null;
  problemSaid: Said | null;
  createdBy: string | null;
}

/** One thing that a rule found. */
export interface Alert {
  id: string;
  rule: { id: string; name: string; kind: AlertRuleKind };
  state: 'pending' | 'firing' | 'resolved';
  summary: string;
  /** How the summary was said; null when nothing in it varies. */
  said: Said | null;
  facts: AlertFacts;
  startedAt: string;
  firingAt: string | null;
  resolvedAt: string | null;
}

export interface AlertFacts {
  runId?: string;
  notebookId?: string;
  table?: string;
  value?: string | number | null;
  dueAt?: string;
  /** What upstream of it failed first. */
  upstream?: string;
  lastGoodSnapshot?: string;
  resolvedBecause?: string;
}

/** GET /alerts (array): alerts of one root cause, told once. */
export interface AlertIncident {
  id: string;
  title: string;
  /** How the title was said. */
  said: Said | null;
  severity: AlertSeverity;
  /** A path of the interface. */
  link: string | null;
  openedAt: string;
  closedAt: string | null;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  silenced: boolean;
  alerts: Alert[];
  messages: {
    channel: string;
    kind: 'firing' | 'escalated' | 'resolved';
    state: 'waiting' | 'sent' | 'failed';
    attempts: number;
    sentAt: string | null;
    error: string | null;
  }[];
}

/** GET /alert-channels (array). What is secret of them is never shown. */
export interface AlertChannel {
  id: string;
  name: string;
  kind: AlertChannelKind;
  /** What may be shown: recipients and host. */
  shown: Record<string, string>;
  lastSentAt: string | null;
  lastError: string | null;
}

/** GET /alert-silences (array) */
export interface AlertSilence {
  id: string;
  ruleId: string | null;
  notebookId: string | null;
  table: string | null;
  reason: string;
  startsAt: string;
  endsAt: string;
  createdBy: string | null;
}
