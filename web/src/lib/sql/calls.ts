import type { NotebookSummary, PastQuery, QueryParams, QueryPlan, SavedQuery, SqlTabs } from '@datacraft/shared';
import { api } from '#lib/api/index.ts';
import { http, request } from '#lib/api/client.ts';

const enc = encodeURIComponent;

export type FileFormat = 'csv' | 'parquet' | 'json';
interface Query {
  readonly sql: string;
  readonly params: QueryParams;
}
interface Asked extends Query {
  /** Of the branch whose tables the names mean; else main's. */
  readonly branch?: string;
}

export const sqlCalls = {
  tabs: () => http.get<SqlTabs | null>('/me/sql/tabs'),
  keepTabs: (tabs: SqlTabs) => http.put<void>('/me/sql/tabs', tabs),
  history: () => http.get<PastQuery[]>('/me/sql/history'),
  remember: (entry: Omit<PastQuery, 'at'>) => http.post<void>('/me/sql/history', entry),
  forget: () => http.delete<void>('/me/sql/history'),
  saved: () => http.get<SavedQuery[]>('/queries'),
  save: (name: string, query: Query) => http.post<{ id: string }>('/queries', { name, ...query }),
  overwrite: (id: string, name: string, query: Query) => http.put<void>(`/queries/${enc(id)}`, { name, ...query }),
  remove: (id: string) => http.delete<void>(`/queries/${enc(id)}`),
  plan: (query: Asked, signal: AbortSignal) => http.post<QueryPlan>('/query/plan', query, signal),
  notebooks: (): Promise<NotebookSummary[]> => api.notebooks(),
  addCell: (notebookId: string, query: Query & { name?: string }) =>
    http.post<{ cellId: string; name: string }>(`/notebooks/${enc(notebookId)}/cells`, query),
  file: async (query: Asked, format: FileFormat): Promise<Blob> => {
    const headers = { 'content-type': 'application/json' };
    const response = await request('POST', '/query/download', { headers, body: JSON.stringify({ ...query, format }) });
    return response.blob();
  },
};
