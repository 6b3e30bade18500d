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
import { base, http } from '#lib/api/client.ts';
import { inBranch } from '#lib/branch/in-branch.ts';

const enc = encodeURIComponent;

export type Answer = JsonObject & { readonly predictions: readonly JsonObject[] };

/** On main whoever answers there now; in a branch one version. */
export interface AskedModel {
  readonly name: string;
  readonly version: number;
  readonly branch: string;
}
const scoring = ({ name, version, branch }: AskedModel, verb: 'predict' | 'explain') =>
  branch === '' ? `/models/${enc(name)}/${verb}` : inBranch(`/models/${enc(name)}/${verb}?version=${version}`, branch);

/** The calls of the room of models. */
export const models = {
  list: (branch: string) => http.get<ModelListing[]>(inBranch('/models', branch)),
  info: (name: string, branch: string, version?: number) =>
    http.get<ModelInfo>(inBranch(`/models/${enc(name)}${version === undefined ? '' : `?version=${version}`}`, branch)),
  predict: (asked: AskedModel, row: JsonObject) => http.post<Answer>(scoring(asked, 'predict'), { row }),
  promote: (name: string, version: number) => http.post<ModelInfo>(`/models/${enc(name)}/promote`, { version }),
  rollOut: (name: string, rollout: Rollout) => http.put<ModelInfo>(`/models/${enc(name)}/rollout`, rollout),
  endRollout: (name: string) => http.delete<ModelInfo>(`/models/${enc(name)}/rollout`),
  explain: (asked: AskedModel, row: JsonObject) =>
    http.post<{ explanation: ModelExplanation }>(scoring(asked, 'explain'), { row }),
  predictions: (name: string, last: number) =>
    http.get<StoredPrediction[]>(`/models/${enc(name)}/predictions?last=${last}`),
  recompute: (name: string, id: string) =>
    http.get<StoredPrediction & { same: boolean }>(`/models/${enc(name)}/predictions/${enc(id)}`),
  drift: (name: string, version: number, branch: string) =>
    http.get<ModelDrift>(inBranch(`/models/${enc(name)}/drift?version=${version}`, branch)),
  onnx: (name: string, version: number, branch: string) =>
    inBranch(`${base}/models/${enc(name)}/versions/${version}/onnx`, branch),
  forecast: (
    relation: string,
    { time, target, scenario }: { time: string; target: string; scenario: string | null },
    branch: string,
  ) =>
    http.post<QueryAnswer>('/query', {
      ...(branch === '' ? {} : { branch }),
      sql: `select ${quoted(time)}::varchar as x, ${quoted(target)}::double as actual, forecast, lower, upper, ${scenario === null ? 'null' : quoted(scenario)}::varchar as s
        from ${relation.split('.').map(quoted).join('.')} order by ${quoted(time)} desc limit 400`,
    }),
};

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
