import type {
  Compatibility,
  Fixture,
  KafkaTopic,
  NotebookStream,
  OpenedLetter,
  Producer,
  SchemaSubject,
  SeekPlan,
  SeekTarget,
  StreamDetail,
  StreamLetters,
  StreamReplay,
  StreamSummary,
} from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;

export const calls = {
  schemas: () => http.get<{ subjects: SchemaSubject[]; compatibility: string }>('/schema-subjects'),
  setRule: (subject: string, compatibility: Compatibility | null) =>
    compatibility === null
      ? http.delete<unknown>(`/registry/config/${enc(subject)}`)
      : http.put<unknown>(`/registry/config/${enc(subject)}`, { compatibility }),
  all: () => http.get<StreamSummary[]>('/streams'),
  one: (id: string) => http.get<StreamDetail>(`/streams/${enc(id)}`),
  ofNotebook: (id: string) => http.get<NotebookStream[]>(`/notebooks/${enc(id)}/streams`),
  start: (id: string, cell: string) => http.post<StreamSummary>(`/notebooks/${enc(id)}/streams`, { cell }),
  fixture: (notebookId: string, window: { table: string; snapshotId: string; since: string | null }) =>
    http.post<Fixture>(`/notebooks/${enc(notebookId)}/fixtures`, window),
  topics: (connection: string) => http.get<KafkaTopic[]>(`/connections/${enc(connection)}/topics`),
  producer: (
    notebookId: string,
    cellId: string,
    asked: { connection: string; topic: string; format: string; register?: boolean },
  ) => http.post<Producer>(`/notebooks/${enc(notebookId)}/cells/${enc(cellId)}/producer`, asked),
  letters: (id: string, limit: number) => http.get<StreamLetters>(`/streams/${enc(id)}/letters?limit=${limit}`),
  letter: (id: string, letter: string) => http.get<OpenedLetter>(`/streams/${enc(id)}/letters/${enc(letter)}`),
  replay: (id: string, letters?: string[]) =>
    http.post<StreamReplay>(`/streams/${enc(id)}/letters/replay`, letters ? { letters } : {}),
  seek: (id: string, to: SeekTarget, confirm?: string) =>
    http.post<SeekPlan>(`/streams/${enc(id)}/seek`, confirm === undefined ? { to } : { to, confirm }),
  turn: (id: string, action: 'pause' | 'resume') => http.post<StreamSummary>(`/streams/${enc(id)}/${action}`),
};
