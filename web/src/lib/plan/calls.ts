import type { RunPlan, RunRequest } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

export const calls = {
  plan: (notebookId: string, request: RunRequest) =>
    http.post<RunPlan>(`/notebooks/${encodeURIComponent(notebookId)}/plan`, request),
};
