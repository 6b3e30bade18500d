import { type CellId, stepCountsSql, transformSql, type TransformSpec, validateConfig } from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import type { PreviewCell } from '#lib/preview/preview.svelte.ts';

/** The steps as they stand; null while they are not well formed. */
export function specOf(cell: CellModel): TransformSpec | null {
  const { spec } = validateConfig('transform', cell.config);
  return spec === null || spec.from === '' ? null : spec;
}

/** Where the rows of each step are counted: a relation beside the cell that no text can mean. */
export function countsId(cell: CellModel): CellId {
  return `${cell.id}:counts` as CellId;
}

export function transformRelations(cell: CellModel, relation: PreviewCell): PreviewCell[] {
  const spec = specOf(cell);
  if (spec === null) return [{ ...relation, text: '' }];
  return [
    { ...relation, kind: 'sql', text: transformSql(spec).sql },
    { id: countsId(cell), name: `${cell.name} counts`, kind: 'sql', text: stepCountsSql(spec), version: '' },
  ];
}
