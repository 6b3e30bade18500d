import type {
  JsonObject,
  ModelDrift,
  ModelExplanation,
  ModelInfo,
  ModelListing,
  QueryAnswer,
  Rollout,
  StoredPrediction,
} from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;

export type Answer = JsonObject & { readonly predictions: readonly JsonObject[] };

/** The calls of the room of models. */
export const models = {
  list: () => http.get<ModelListing[]>('/models'),
  info: (name: string, version?: number) =>
    http.get<ModelInfo>(`/models/${enc(name)}${version === undefined ? '' : `?version=${version}`}`),
  predict: (name: string, row: JsonObject) => http.post<Answer>(`/models/${enc(name)}/predict`, { row }),
  promote: (name: string, version: number) => http.post<ModelInfo>(`/models/${enc(name)}/promote`, { version }),
  rollOut: (name: string, rollout: Rollout) => http.put<ModelInfo>(`/models/${enc(name)}/rollout`, rollout),
  endRollout: (name: string) => http.delete<ModelInfo>(`/models/${enc(name)}/rollout`),
  explain: (name: string, row: JsonObject) =>
    http.post<{ explanation: ModelExplanation }>(`/models/${enc(name)}/explain`, { row }),
  predictions: (name: string, last: number) =>
    http.get<StoredPrediction[]>(`/models/${enc(name)}/predictions?last=${last}`),
  recompute: (name: string, id: string) =>
    http.get<StoredPrediction & { same: boolean }>(`/models/${enc(name)}/predictions/${enc(id)}`),
  drift: (name: string, version: number) => http.get<ModelDrift>(`/models/${enc(name)}/drift?version=${version}`),
  forecast: (relation: string, time: string, target: string) =>
    http.post<QueryAnswer>('/query', {
      sql: `select ${quoted(time)}::varchar as x, ${quoted(target)}::double as y0, forecast as y1, lower as y2, upper as y3
        from ${relation.split('.').map(quoted).join('.')} order by ${quoted(time)} desc limit 400`,
    }),
};

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
