/** The calls the interface makes, by what they mean. Shapes are those of `@datacraft/shared` protocol/api. */
import type {
  DashboardLayout,
  InvitationSummary,
  JsonObject,
  Me,
  NotebookSummary,
  OpenedNotebook,
  PublicationState,
  Role,
  RunReport,
  RunRequest,
  RunSummary,
  SetupState,
  SnapshotSummary,
  SniffAnswer,
  TableLedger,
  TableSummary,
  TokenLimits,
  TokenSummary,
  UserSummary,
} from '@datacraft/shared';
import { inBranch } from '#lib/branch/in-branch.ts';
import { http, request } from './client.ts';

export { Attempt } from './attempt.svelte.ts';
export { lookAgain } from './look-again.ts';
export { ApiError, messageOf, told } from './problem.ts';
export { base } from './client.ts';

const enc = encodeURIComponent;

export const api = {
  setup: () => http.get<SetupState>('/setup'),
  me: () => http.get<Me>('/me'),
  updateMe: (change: { name?: string; locale?: 'en' | 'pt-BR' }) => http.patch<Me>('/me', change),
  changePassword: (currentPassword: string, newPassword: string) =>
    http.post<void>('/me/password', { currentPassword, newPassword }),
  signup: (body: { email: string; password: string; name: string; invitation?: string }) =>
    http.post<Me>('/auth/signup', body),
  login: (email: string, password: string) => http.post<Me>('/auth/login', { email, password }),
  logout: () => http.post<void>('/auth/logout'),

  notebooks: (deleted = false) => http.get<NotebookSummary[]>(`/notebooks${deleted ? '?deleted=true' : ''}`),
  notebook: (id: string) => http.get<OpenedNotebook>(`/notebooks/${enc(id)}`),
  createNotebook: (title: string) => http.post<{ id: string }>('/notebooks', { title }),
  examples: (language: string) =>
    http.get<{ name: string; title: string; description: string }[]>(`/notebooks/examples?language=${enc(language)}`),
  createExample: (name = 'ecommerce', language = 'en') =>
    http.post<{ id: string }>(`/notebooks/example?name=${enc(name)}&language=${enc(language)}`),
  importNotebook: async (text: string): Promise<{ id: string }> => {
    const response = await request('POST', '/notebooks/import', {
      body: text,
      headers: { 'content-type': 'text/markdown' },
    });
    return (await response.json()) as { id: string };
  },
  updateNotebook: (id: string, change: { autoRun?: boolean }) =>
    http.patch<NotebookSummary>(`/notebooks/${enc(id)}`, change),
  deleteNotebook: (id: string) => http.delete<void>(`/notebooks/${enc(id)}`),
  restoreNotebook: (id: string) => http.post<void>(`/notebooks/${enc(id)}/restore`),
  sniff: (id: string, config: JsonObject, signal?: AbortSignal) =>
    http.post<SniffAnswer>(`/notebooks/${enc(id)}/sniff`, { config }, signal),
  saveLayout: (id: string, layout: DashboardLayout) => http.put<void>(`/notebooks/${enc(id)}/layout`, layout),
  publication: (id: string) => http.get<PublicationState>(`/notebooks/${enc(id)}/publication`),
  publish: (id: string) => http.post<{ url: string; token: string }>(`/notebooks/${enc(id)}/publish`),

  startRun: (id: string, body: RunRequest) => http.post<{ runId: string }>(`/notebooks/${enc(id)}/runs`, body),
  notebookRuns: (id: string) => http.get<RunSummary[]>(`/notebooks/${enc(id)}/runs`),
  runs: () => http.get<RunSummary[]>('/runs'),
  run: (id: string) => http.get<RunReport>(`/runs/${enc(id)}`),
  cancelRun: (id: string) => http.post<void>(`/runs/${enc(id)}/cancel`),

  tables: (branch = '') => http.get<TableSummary[]>(inBranch('/tables', branch)),
  intervals: (layer: string, name: string, branch = '') =>
    http.get<TableLedger | null>(inBranch(`/tables/${enc(layer)}/${enc(name)}/intervals`, branch)),
  snapshots: (layer: string, name: string, branch = '') =>
    http.get<SnapshotSummary[]>(inBranch(`/tables/${enc(layer)}/${enc(name)}/snapshots`, branch)),

  users: () => http.get<UserSummary[]>('/users'),
  setRole: (id: string, role: Role) => http.patch<UserSummary>(`/users/${enc(id)}`, { role }),
  invitations: () => http.get<InvitationSummary[]>('/invitations'),
  invite: (email: string, role: Role) => http.post<{ token: string; url: string }>('/invitations', { email, role }),
  lookUpInvitation: (token: string) =>
    http.get<{ email: string; role: Role; invitedBy: string; expiresAt: string }>(
      `/invitations/by-token/${enc(token)}`,
    ),
  revokeInvitation: (id: string) => http.delete<void>(`/invitations/${enc(id)}`),
  tokens: () => http.get<TokenSummary[]>('/tokens'),
  createToken: (token: TokenLimits & { name: string }) => http.post<{ token: string }>('/tokens', token),
  changeToken: (id: string, limits: TokenLimits) => http.patch<TokenSummary>(`/tokens/${enc(id)}`, limits),
  revokeToken: (id: string) => http.delete<void>(`/tokens/${enc(id)}`),
};
