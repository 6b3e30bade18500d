import type { SourceSpec } from '@datacraft/shared';
import { csvAdapter } from './csv/csv.ts';
import { jsonAdapter } from './json/json.ts';
import { parquetAdapter } from './parquet/parquet.ts';
import { simulatorAdapter } from './simulator/simulator.ts';
import type { SourceAdapter } from './source.ts';

/**
 * The adapter of a source type, or null for types that cannot be read yet. `table` has none: it reads a published
 * table, whose SELECT the run gives (see `table/table.ts`).
 */
export function sourceAdapter(type: SourceSpec['type']): SourceAdapter | null {
  switch (type) {
    case 'csv':
      return csvAdapter;
    case 'json':
      return jsonAdapter;
    case 'parquet':
      return parquetAdapter;
    case 'simulator':
      return simulatorAdapter;
    default:
      return null;
  }
}
