import { http } from '#lib/api/client.ts';

export interface AuditEntry {
  seq: string;
  at: string;
  by: string | null;
  action: string;
  target: string | null;
  facts: Record<string, string | number | boolean>;
}
export interface AuditVerdict {
  entries: number;
  head: string;
  broken: { seq: string; because: string } | null;
}
/** What is looked for; days as `YYYY-MM-DD` of the person's own zone, both included. */
export interface AuditFilter {
  who: string;
  what: string;
  from: string;
  to: string;
}

export const PAGE = 100;
export const exportUrl = '/api/v1/audit/export';

export const calls = {
  list: (filter: AuditFilter, before?: string) =>
    http.get<AuditEntry[]>(`/audit?${queryOf(filter, before).toString()}`),
  verify: () => http.get<AuditVerdict>('/audit/verify'),
};

export function queryOf({ who, what, from, to }: AuditFilter, before?: string): URLSearchParams {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (before !== undefined) query.set('before', before);
  if (who.trim() !== '') query.set('who', who.trim());
  if (what.trim() !== '') query.set('what', what.trim());
  if (from !== '') query.set('from', startOf(from, 0));
  if (to !== '') query.set('to', startOf(to, 1));
  return query;
}

function startOf(day: string, later: number): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
}
