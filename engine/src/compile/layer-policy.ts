import type { Diagnostic } from '@datacraft/shared';
import { relationName, say } from '@datacraft/shared';
import type { Definition } from './definition.ts';
import { inConfig } from './report.ts';
import type { CellReads } from './reads-of-cell.ts';

export type LayerPolicy = 'off' | 'warn' | 'error';

/** Medallion: what is gold is made of silver and gold, never of raw bronze. */
export function layerDiagnostics(
  definitions: readonly Definition[],
  reads: ReadonlyMap<string, CellReads>,
  policy: LayerPolicy,
): Diagnostic[] {
  if (policy === 'off') return [];
  const relations = new Map(definitions.map(({ cell, relation }) => [cell.name, relation]));
  return definitions.flatMap(({ cell, relation }) => {
    if (relation?.layer !== 'gold') return [];
    const read = reads.get(cell.name);
    const refs = [...(read?.dependsOn ?? []).map((name) => relations.get(name) ?? null), ...(read?.tables ?? [])];
    return refs.flatMap((ref) => {
      if (ref?.layer !== 'bronze') return [];
      const message = say('gold is made of silver: `{name}` reads the raw `{table}`; clean it in a silver cell first', {
        name: cell.name,
        table: relationName(ref),
      });
      return [
        inConfig(cell, ['layer'], {
          code: 'layer-policy',
          message,
          severity: policy === 'error' ? 'error' : 'warning',
        }),
      ];
    });
  });
}
