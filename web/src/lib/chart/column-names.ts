import type { Column } from '@datacraft/shared';

import { labelOf, ysOf } from './format.ts';
import type { ChartPicture } from './series.ts';

const HIDDEN = new Set(['total', 'others']);

/** The columns of a chart's rows under the names people gave them. */
export function namesOf(spec: ChartPicture, columns: readonly Column[]): { column: Column; name: string }[] {
  const shown = columns.filter((column) => !HIDDEN.has(column.name));
  return shown
    .filter(
      (column) =>
        !(column.name === 'color' && spec.color === undefined) && !(column.name === 'size' && spec.size === undefined),
    )
    .map((column) => ({ column, name: nameOf(spec, column.name) }));
}

function nameOf(spec: ChartPicture, role: string): string {
  const ys = ysOf(spec);
  const numbered = /^(y|c|row|column|value)(\d+)$/.exec(role);
  const at = Number(numbered?.[2] ?? 0);
  if (role === 'x') return labelOf(spec.x) || 'x';
  if (role === 'color') return spec.color ?? 'color';
  if (role === 'size') return labelOf(spec.size) || 'size';
  if (numbered?.[1] === 'y') return labelOf(ys[at]) || 'n';
  if (numbered?.[1] === 'c') return spec.columns?.[at] ?? role;
  if (numbered?.[1] === 'row') return spec.rows?.[at] ?? role;
  if (numbered?.[1] === 'column') return spec.columns?.[at] ?? role;
  return role;
}
