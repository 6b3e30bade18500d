import type { DashboardDraft, DashboardLayout, PublicationState } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const of = (id: string) => `/notebooks/${encodeURIComponent(id)}`;

export const calls = {
  draft: (id: string, layout?: DashboardLayout) =>
    http.post<DashboardDraft>(`${of(id)}/dashboard/preview`, layout ? { layout } : {}),
  save: (id: string, layout: DashboardLayout) => http.put<void>(`${of(id)}/layout`, layout),
  state: (id: string) => http.get<PublicationState>(`${of(id)}/publication`),
  publish: (id: string, layout: DashboardLayout) =>
    http.post<{ url: string; token: string; version: number }>(`${of(id)}/publish`, { layout }),
  unpublish: (id: string) => http.delete<void>(`${of(id)}/publication`),
};
