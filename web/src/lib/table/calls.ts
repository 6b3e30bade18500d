import type {
  DocsChange,
  PersonalColumn,
  Retention,
  SnapshotSummary,
  TableDetails,
  TableDiff,
  TableDoc,
} from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;
const of = (layer: string, name: string) => `/tables/${enc(layer)}/${enc(name)}`;

export const calls = {
  snapshots: (layer: string, name: string) => http.get<SnapshotSummary[]>(`${of(layer, name)}/snapshots`),
  changes: (layer: string, name: string, from: string, to: string, key: readonly string[], signal: AbortSignal) => {
    const query = new URLSearchParams({ from, to, limit: '50', ...(key.length === 0 ? {} : { key: key.join(',') }) });
    return http.get<TableDiff>(`${of(layer, name)}/diff?${query.toString()}`, signal);
  },
  rollBack: (layer: string, name: string, snapshotId: string) =>
    http.post<{ snapshotId: string; rows: number }>(`${of(layer, name)}/rollback`, { snapshotId }),
  tag: (layer: string, name: string, tag: string, snapshotId: string) =>
    http.put<void>(`${of(layer, name)}/tags/${enc(tag)}`, { snapshotId }),
  docs: () => http.get<TableDoc[]>('/catalog'),
  details: (layer: string, name: string) => http.get<TableDetails>(`/catalog/${enc(layer)}/${enc(name)}`),
  personal: (layer: string, name: string) => http.get<PersonalColumn[]>(`/catalog/${enc(layer)}/${enc(name)}/personal`),
  describe: (layer: string, name: string, change: DocsChange) =>
    http.patch<TableDoc>(`/catalog/${enc(layer)}/${enc(name)}`, change),
  retention: (layer: string, name: string) => http.get<Retention>(`${of(layer, name)}/retention`),
  setRetention: (layer: string, name: string, rules: Retention) =>
    http.put<Retention>(`${of(layer, name)}/retention`, rules),
  removeTag: (layer: string, name: string, tag: string) => http.delete<void>(`${of(layer, name)}/tags/${enc(tag)}`),
};
