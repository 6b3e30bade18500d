/**
 * A chart's query: all counting, bucketing, binning and thinning happens in SQL, so that what leaves the engine is no
 * more than what can be seen.
 *
 * C1  Names are quoted identifiers and options are chosen from closed lists: no text of the user reaches the SQL raw.
 * C2  The answer is bounded whatever the relation holds, and `total` says how much there was before.
 * C3  The same relation gives the same rows.
 *
 * It draws nothing and knows no colours.
 */
import type { ChartSpec } from '../document/spec/chart.ts';
import type { ChartQuery } from '../protocol/api.ts';
import type { Column } from '../relation/relation.ts';
import { barQuery, lineQuery, pieQuery, type Query, scatterQuery } from './axis-query.ts';
import { columnNameOf, encodingsOf, fieldOf, relationSql } from './encoding.ts';
import { candlestickQuery, sankeyQuery } from './flow-query.ts';
import { boxplotQuery, heatmapQuery, histogramQuery } from './shape-query.ts';
import { metricQuery, pivotQuery, tableQuery } from './table-query.ts';

/** Throws `notebook-invalid` for what `chartDiagnostics` finds. `from` is trusted SQL to read instead of `spec.from`. */
export function chartQuery(spec: ChartSpec, columns: readonly Column[], from = relationSql(spec.from)): ChartQuery {
  const { sql, roles } = queryOf(spec, columns, from);
  return { sql, roles, config: { types: typesOf(spec, columns) } };
}

function queryOf(spec: ChartSpec, columns: readonly Column[], from: string): Query {
  switch (spec.type) {
    case 'line':
    case 'area':
      return lineQuery(spec, from, columns);
    case 'bar':
    case 'funnel':
      return barQuery(spec, from, columns);
    case 'pie':
      return pieQuery(spec, from, columns);
    case 'scatter':
    case 'map':
      return scatterQuery(spec, from, columns);
    case 'heatmap':
      return heatmapQuery(spec, from, columns);
    case 'histogram':
      return histogramQuery(spec, from, columns);
    case 'boxplot':
      return boxplotQuery(spec, from, columns);
    case 'metric':
      return metricQuery(spec, from, columns);
    case 'table':
      return tableQuery(spec, from, columns);
    case 'pivot':
      return pivotQuery(spec, from, columns);
    case 'sankey':
      return sankeyQuery(spec, from, columns);
    case 'candlestick':
      return candlestickQuery(spec, from, columns);
  }
}

/** DuckDB types of the columns behind x and y: what their values are formatted as. */
function typesOf(spec: ChartSpec, columns: readonly Column[]): Record<string, string> {
  const types: Record<string, string> = {};
  if (spec.x !== undefined) types['x'] = fieldOf(spec.x, columns, 'none').column.type;
  encodingsOf(spec.y).forEach((y, at) => (types[`y${at}`] = fieldOf(columnNameOf(y), columns, 'none').column.type));
  return types;
}
