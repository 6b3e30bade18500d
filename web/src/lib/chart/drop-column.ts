import type { ChartSpec, Column } from '@datacraft/shared';

import { isNumericType, isTimeType } from '../grid/value.ts';

export type Place = 'x' | 'y' | 'color' | 'value' | 'columns' | 'rows';

/** Where a column dropped on a chart belongs: measures go up, times and names across, a second name is a colour. */
export function placeFor(spec: ChartSpec, column: Column): Place | null {
  const isNumber = isNumericType(column.type);
  switch (spec.type) {
    case 'metric':
      return isNumber ? 'value' : null;
    case 'table':
      return 'columns';
    case 'pivot':
      return 'rows';
    case 'histogram':
      return isNumber || isTimeType(column.type) ? 'x' : 'color';
    case 'heatmap':
    case 'sankey':
      return isNumber ? 'value' : 'x';
    case 'boxplot':
    case 'pie':
      return isNumber ? 'y' : 'x';
    default:
      if (isNumber) return 'y';
      return spec.x === undefined || isTimeType(column.type) ? 'x' : 'color';
  }
}
