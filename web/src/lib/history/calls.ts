/** The history calls, by what they mean. */
import type { CommentAuthor, NotebookBlame, Version, VersionSummary } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const of = (notebookId: string) => `/notebooks/${encodeURIComponent(notebookId)}`;

export const calls = {
  versions: (notebookId: string) => http.get<VersionSummary[]>(`${of(notebookId)}/versions`),
  version: (notebookId: string, id: string) =>
    http.get<Version>(`${of(notebookId)}/versions/${encodeURIComponent(id)}`),
  authorsSince: (notebookId: string, id: string) =>
    http.get<Record<string, CommentAuthor[]>>(`${of(notebookId)}/versions/${encodeURIComponent(id)}/authors`),
  name: (notebookId: string, name: string, message: string) =>
    http.post<{ id: string }>(`${of(notebookId)}/versions`, { name, message }),
  restore: (notebookId: string, id: string, cells: string[] | null) =>
    http.post<{ id: string | null }>(
      `${of(notebookId)}/versions/${encodeURIComponent(id)}/restore`,
      cells ? { cells } : {},
    ),
  blame: (notebookId: string) => http.get<NotebookBlame>(`${of(notebookId)}/blame`),
};
