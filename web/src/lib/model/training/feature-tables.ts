import { validateConfig } from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import type { FeatureTable } from './lesson-rows.ts';

/** The feature tables among cells, by cell and by `layer.name`. */
export function featureTables(
  cells: readonly Pick<CellModel, 'kind' | 'name' | 'config'>[],
): ReadonlyMap<string, FeatureTable> {
  return new Map(
    cells.flatMap(({ kind, name, config }) => {
      if (kind !== 'sql' || config['feature_table'] === undefined) return [];
      const { spec } = validateConfig('sql', config);
      if (spec?.feature_table === undefined) return [];
      const relation = `${spec.layer ?? 'silver'}.${name}`;
      const table = { relation, facts: spec.feature_table };
      return [[name, table] as const, [relation, table] as const];
    }),
  );
}
