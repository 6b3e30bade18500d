import type { StreamDetail, StreamSummary } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;

export const calls = {
  all: () => http.get<StreamSummary[]>('/streams'),
  one: (id: string) => http.get<StreamDetail>(`/streams/${enc(id)}`),
  ofNotebook: (id: string) => http.get<StreamSummary[]>(`/notebooks/${enc(id)}/streams`),
  start: (id: string, cell: string) => http.post<StreamSummary>(`/notebooks/${enc(id)}/streams`, { cell }),
  turn: (id: string, action: 'pause' | 'resume') => http.post<StreamSummary>(`/streams/${enc(id)}/${action}`),
};
