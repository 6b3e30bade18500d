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
import { inBranch } from '#lib/branch/in-branch.ts';

const enc = encodeURIComponent;
const of = (layer: string, name: string) => `/tables/${enc(layer)}/${enc(name)}`;

/** What a name means in a branch; on main when that is empty. */
export interface AskedTable {
  readonly layer: string;
  readonly name: string;
  readonly branch: string;
}
const documented = ({ layer, name, branch }: AskedTable, part = '') =>
  inBranch(`/catalog/${enc(layer)}/${enc(name)}${part}`, branch);

export const calls = {
  snapshots: (layer: string, name: string) => http.get<SnapshotSummary[]>(`${of(layer, name)}/snapshots`),
  changes: (
    { layer, name, branch }: AskedTable,
    from: string,
    to: string,
    key: readonly string[],
    signal: AbortSignal,
  ) => {
    const query = new URLSearchParams({ from, to, limit: '50', ...(key.length === 0 ? {} : { key: key.join(',') }) });
    return http.get<TableDiff>(inBranch(`${of(layer, name)}/diff?${query.toString()}`, branch), signal);
  },
  rollBack: (layer: string, name: string, snapshotId: string) =>
    http.post<{ snapshotId: string; rows: number }>(`${of(layer, name)}/rollback`, { snapshotId }),
  tag: (layer: string, name: string, tag: string, snapshotId: string) =>
    http.put<void>(`${of(layer, name)}/tags/${enc(tag)}`, { snapshotId }),
  docs: (branch: string) => http.get<TableDoc[]>(inBranch('/catalog', branch)),
  details: (asked: AskedTable) => http.get<TableDetails>(documented(asked)),
  personal: (asked: AskedTable) => http.get<PersonalColumn[]>(documented(asked, '/personal')),
  describe: (asked: AskedTable, change: DocsChange) => http.patch<TableDoc>(documented(asked), change),
  retention: (layer: string, name: string) => http.get<Retention>(`${of(layer, name)}/retention`),
  setRetention: (layer: string, name: string, rules: Retention) =>
    http.put<Retention>(`${of(layer, name)}/retention`, rules),
  removeTag: (layer: string, name: string, tag: string) => http.delete<void>(`${of(layer, name)}/tags/${enc(tag)}`),
};
