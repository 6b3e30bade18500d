/** The calls about environments, by what they mean. */
import type { EnvironmentSummary, EnvironmentTable, Promoted } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const of = (name: string) => `/environments/${encodeURIComponent(name)}`;

export const calls = {
  list: () => http.get<EnvironmentSummary[]>('/environments'),
  tables: (name: string) => http.get<EnvironmentTable[]>(`${of(name)}/tables`),
  drop: (name: string) => http.delete<void>(of(name)),
  promote: (notebookId: string, env: string) =>
    http.post<Promoted>(`/notebooks/${encodeURIComponent(notebookId)}/promote`, { env }),
};
