import type { LineageGraph } from '@datacraft/shared';
import { http } from '#lib/api/client.ts';

const enc = encodeURIComponent;

export const calls = {
  ofTable: (table: string) => http.get<LineageGraph>(`/lineage?table=${enc(table)}`),
  ofNotebook: (id: string) => http.get<LineageGraph>(`/notebooks/${enc(id)}/lineage`),
};
