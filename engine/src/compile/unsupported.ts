import type { Cell, Diagnostic } from '@datacraft/shared';
import type { CellSpec } from './cell-spec.ts';
import { inConfig } from './report.ts';

const builtSources: ReadonlySet<string> = new Set(['csv', 'json', 'parquet', 'simulator', 'table']);
const builtMaterializations: ReadonlySet<string> = new Set(['table', 'view', 'ephemeral', 'incremental']);

/** What the format knows and this version cannot run yet: said at edit time, not when it fails. */
export function unsupported(cell: Cell, spec: CellSpec): Diagnostic[] {
  switch (spec.kind) {
    case 'transform':
    case 'model':
      return [notBuilt(cell, [], 'unsupported-cell-kind', `${spec.kind} cells are not built yet`)];
    case 'source':
      if (builtSources.has(spec.spec.type)) return [];
      return [
        notBuilt(cell, ['type'], 'unsupported-source', `sources of type \`${spec.spec.type}\` are not built yet`),
      ];
    case 'sql': {
      const { materialize, engine } = spec.spec;
      const found: Diagnostic[] = [];
      if (materialize !== undefined && !builtMaterializations.has(materialize)) {
        const message = `\`materialize: ${materialize}\` is not built yet; use table, view, ephemeral or incremental`;
        found.push(notBuilt(cell, ['materialize'], 'unsupported-materialization', message));
      }
      if (engine !== undefined && engine !== 'duckdb') {
        found.push(
          notBuilt(cell, ['engine'], 'unsupported-engine', `\`engine: ${engine}\` is not built yet; use duckdb`),
        );
      }
      return found;
    }
    default:
      return [];
  }
}

function notBuilt(cell: Cell, path: readonly string[], code: string, message: string): Diagnostic {
  return inConfig(cell, path, { code, message });
}
