/** The branch calls, by what they mean. */
import type { BranchCharts, BranchReview, BranchRows, BranchSummary, CellId, OpenedBranch } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const of = (id: string) => `/notebooks/${encodeURIComponent(id)}`;

export const calls = {
  visible: () => http.get<BranchSummary[]>('/branches'),
  list: (notebookId: string) => http.get<BranchSummary[]>(`${of(notebookId)}/branches`),
  fork: (notebookId: string, name: string) => http.post<{ id: string }>(`${of(notebookId)}/branches`, { name }),
  get: (id: string) => http.get<OpenedBranch>(`${of(id)}/branch`),
  rename: (id: string, name: string) => http.patch<OpenedBranch>(`${of(id)}/branch`, { name }),
  askReview: (id: string, note: string) => http.patch<OpenedBranch>(`${of(id)}/branch`, { askReview: note }),
  discard: (id: string) => http.delete<void>(`${of(id)}/branch`),
  review: (id: string) => http.get<BranchReview>(`${of(id)}/branch/review`),
  changesOfMain: (id: string) => http.get<BranchReview>(`${of(id)}/branch/changes-of-main`),
  takeMain: (
    id: string,
    asked: { cells?: readonly CellId[]; takeMain?: readonly CellId[]; keepBranch?: readonly CellId[] },
  ) => http.post<{ cells: string[] }>(`${of(id)}/branch/take-main`, asked),
  rows: (id: string, cellId: string, signal: AbortSignal) =>
    http.get<BranchRows>(`${of(id)}/branch/review/${encodeURIComponent(cellId)}/rows`, signal),
  charts: (id: string, cellId: string, signal: AbortSignal) =>
    http.get<BranchCharts>(`${of(id)}/branch/review/${encodeURIComponent(cellId)}/chart`, signal),
  accept: (id: string, cells: readonly string[] | null, takeBranch: readonly string[]) =>
    http.post<{ cells: string[] }>(`${of(id)}/branch/accept`, { ...(cells ? { cells } : {}), takeBranch }),
};
