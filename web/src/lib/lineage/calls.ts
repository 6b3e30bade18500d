import type { LineageGraph } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';
import { inBranch } from '#lib/branch/in-branch.ts';

const enc = encodeURIComponent;

export const calls = {
  ofTable: (table: string, branch: string) => http.get<LineageGraph>(inBranch(`/lineage?table=${enc(table)}`, branch)),
  ofNotebook: (id: string) => http.get<LineageGraph>(`/notebooks/${enc(id)}/lineage`),
};
