import type {
  BackfillPlan,
  BackfillRequest,
  BackfillSummary,
  LogLine,
  RunDetails,
  SchedulePreview,
  ScheduleSpec,
  ScheduleState,
  ScheduleSummary,
  TriggerConfig,
  TriggerKind,
} from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;
const of = (id: string) => `/notebooks/${enc(id)}`;

export const calls = {
  schedules: () => http.get<ScheduleSummary[]>('/schedules'),
  state: (id: string) => http.get<ScheduleState>(`${of(id)}/schedule`),
  preview: (schedule: ScheduleSpec) => http.post<SchedulePreview>('/schedules/preview', { schedule }),
  put: (id: string, schedule: ScheduleSpec | null) => http.put<ScheduleState>(`${of(id)}/schedule`, { schedule }),
  pause: (id: string) => http.post<ScheduleState>(`${of(id)}/schedule/pause`),
  resume: (id: string) => http.post<ScheduleState>(`${of(id)}/schedule/resume`),
  runNow: (id: string) => http.post<{ runId: string }>(`${of(id)}/schedule/run`),
  /** A notebook without a published version is published as it is. */
  addTrigger: (id: string, kind: TriggerKind, config: TriggerConfig) =>
    http.post<{ id: string; url: string | null }>(`${of(id)}/triggers`, { kind, config, publish: true }),
  removeTrigger: (id: string) => http.delete<void>(`/triggers/${enc(id)}`),
  backfills: () => http.get<BackfillSummary[]>('/backfills'),
  backfill: (id: string, request: BackfillRequest) =>
    http.post<BackfillPlan & { id: string | null }>(`${of(id)}/backfills`, request),
  turnBackfill: (id: string, action: 'pause' | 'resume' | 'cancel') =>
    http.post<BackfillSummary>(`/backfills/${enc(id)}/${action}`),
  details: (runId: string) => http.get<RunDetails>(`/runs/${enc(runId)}/details`),
  log: (runId: string, after: string, limit: number) =>
    http.get<LogLine[]>(`/runs/${enc(runId)}/log?after=${after}&limit=${limit}`),
  resend: (runId: string) => http.post<{ runId: string }>(`/runs/${enc(runId)}/resend`, {}),
  rerun: (runId: string, version: 'original' | 'latest', failedOnly: boolean) =>
    http.post<{ runId: string }>(`/runs/${enc(runId)}/rerun`, { version, failedOnly }),
};
