import { say } from '@datacraft/shared';
import type { Cell, Diagnostic, Words } from '@datacraft/shared';
import type { CellSpec } from './cell-spec.ts';
import type { Graph } from './graph.ts';
import { inConfig } from './report.ts';
import { inlinedUpstream } from './upstream.ts';

/** What the format knows and this version cannot run yet: said at edit time, not when it fails. */
export function unsupported(cell: Cell, spec: CellSpec): Diagnostic[] {
  switch (spec.kind) {
    case 'sql':
    case 'transform': {
      const { engine } = spec.spec;
      const found: Diagnostic[] = [];
      if (engine !== undefined && engine !== 'duckdb') {
        found.push(
          notBuilt(
            cell,
            ['engine'],
            'unsupported-engine',
            say('`engine: {engine}` is not built yet; use duckdb', { engine }),
          ),
        );
      }
      return found;
    }
    default:
      return [];
  }
}

/** A published view is read by people who have no inputs, so its text may not need one. */
export function viewDiagnostics(graph: Graph, cells: readonly Cell[]): Diagnostic[] {
  return cells.flatMap((cell) => {
    if (graph.cells.get(cell.name)?.materialize !== 'view') return [];
    const asking = modelsIn(graph, cell.name);
    if (asking !== null) {
      const message = say(
        'a view is read where no model is, so it cannot ask `{asking}`; use `materialize: table` or `ephemeral`',
        { asking },
      );
      return [notBuilt(cell, ['materialize'], 'view-asks-model', message)];
    }
    const input = [...inlinedUpstream(graph, cell.name)].find((name) => graph.cells.get(name)?.kind === 'input');
    if (input === undefined) return [];
    const message = say(
      'a view cannot keep the value of the input `{input}`; use `materialize: table` or `ephemeral`',
      { input },
    );
    return [notBuilt(cell, ['materialize'], 'view-reads-input', message)];
  });
}

function modelsIn(graph: Graph, name: string): string | null {
  const text = [name, ...inlinedUpstream(graph, name)];
  return text.flatMap((each) => graph.cells.get(each)?.models ?? [])[0] ?? null;
}

function notBuilt(cell: Cell, path: readonly string[], code: string, message: Words): Diagnostic {
  return inConfig(cell, path, { code, message });
}
