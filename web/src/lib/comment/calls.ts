/** The comment and notification calls, by what they mean. */
import type { CommentThread, NewCommentThread, Notification } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;
const of = (notebookId: string) => `/notebooks/${enc(notebookId)}/comments`;

export const calls = {
  threads: (notebookId: string) => http.get<CommentThread[]>(of(notebookId)),
  open: (notebookId: string, thread: NewCommentThread) => http.post<{ id: string }>(of(notebookId), thread),
  reply: (notebookId: string, threadId: string, said: { body: string; mentions: string[] }) =>
    http.post<void>(`${of(notebookId)}/${enc(threadId)}/replies`, said),
  resolve: (notebookId: string, threadId: string, resolved: boolean) =>
    http.patch<void>(`${of(notebookId)}/${enc(threadId)}`, { resolved }),
  change: (notebookId: string, commentId: string, body: string) =>
    http.patch<void>(`${of(notebookId)}/by-id/${enc(commentId)}`, { body }),
  remove: (notebookId: string, commentId: string) => http.delete<void>(`${of(notebookId)}/by-id/${enc(commentId)}`),
  read: (notebookId: string, threadIds: string[]) => http.post<void>(`${of(notebookId)}/read`, { threadIds }),
  notifications: () => http.get<Notification[]>('/notifications'),
  readNotifications: (ids?: string[]) => http.post<void>('/notifications/read', ids ? { ids } : {}),
};
