/** The sharing calls, by what they mean. */
import type { Group, NotebookSharing, OpenedNotebook, Role } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;
const of = (notebookId: string) => `/notebooks/${enc(notebookId)}`;

export interface Subject {
  readonly userId?: string;
  readonly groupId?: string;
}

export const calls = {
  sharing: (notebookId: string) => http.get<NotebookSharing>(`${of(notebookId)}/sharing`),
  setAccess: (notebookId: string, access: NotebookSharing['access']) =>
    http.patch<void>(`${of(notebookId)}/sharing`, { access }),
  /** `role` null takes it back. */
  grant: (notebookId: string, subject: Subject, role: Role | null) =>
    http.put<void>(`${of(notebookId)}/grants`, { ...subject, role }),
  createLink: (notebookId: string) => http.post<{ id: string; url: string }>(`${of(notebookId)}/links`),
  revokeLink: (notebookId: string, id: string) => http.delete<void>(`${of(notebookId)}/links/${enc(id)}`),
  openLink: (token: string) => http.post<OpenedNotebook>(`/notebook-links/${enc(token)}`),
  groups: () => http.get<Group[]>('/groups'),
  createGroup: (name: string) => http.post<{ id: string }>('/groups', { name }),
  setMembers: (groupId: string, userIds: string[]) => http.put<void>(`/groups/${enc(groupId)}/members`, { userIds }),
  removeGroup: (groupId: string) => http.delete<void>(`/groups/${enc(groupId)}`),
};
