import type { AlertChannel, AlertIncident, AlertRule, AlertRuleWords, AlertSilence } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;

export const calls = {
  incidents: (state: 'open' | 'closed') => http.get<AlertIncident[]>(`/alerts?state=${state}`),
  acknowledge: (id: string) => http.post<void>(`/alerts/${enc(id)}/acknowledge`),
  rules: () => http.get<AlertRule[]>('/alert-rules'),
  addRule: (words: AlertRuleWords) => http.post<{ id: string }>('/alert-rules', words),
  removeRule: (id: string) => http.delete<void>(`/alert-rules/${enc(id)}`),
  channels: () => http.get<AlertChannel[]>('/alert-channels'),
  addChannel: (name: string, target: object) =>
    http.post<{ id: string; signingKey: string | null }>('/alert-channels', { name, target }),
  removeChannel: (id: string) => http.delete<void>(`/alert-channels/${enc(id)}`),
  testChannel: (id: string) => http.post<{ ok: boolean; error: string | null }>(`/alert-channels/${enc(id)}/test`),
  silences: () => http.get<AlertSilence[]>('/alert-silences'),
  silence: (ruleId: string, reason: string) =>
    http.post<{ id: string }>('/alert-silences', { ruleId, reason, minutes: 60 }),
  endSilence: (id: string) => http.delete<void>(`/alert-silences/${enc(id)}`),
};
