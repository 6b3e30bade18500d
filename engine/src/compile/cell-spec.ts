import type { Cell, ChartSpec, Diagnostic, InputSpec, JsonObject, SourceSpec, SqlSpec } from '@datacraft/shared';
import { chartTypes, inputTypes, sourceTypes } from '@datacraft/shared';
import { inConfig } from './report.ts';

/** A cell's config, read by its kind. An invalid config gives the emptiest spec of the kind, and diagnostics. */
export type CellSpec =
  | { readonly kind: 'source'; readonly spec: SourceSpec }
  | { readonly kind: 'sql'; readonly spec: SqlSpec }
  | { readonly kind: 'chart'; readonly spec: ChartSpec }
  | { readonly kind: 'input'; readonly spec: InputSpec }
  | { readonly kind: 'transform' | 'model'; readonly spec: JsonObject };

export interface SpecReading {
  readonly spec: CellSpec;
  readonly diagnostics: readonly Diagnostic[];
}

export function readSpec(cell: Cell): SpecReading {
  const diagnostics = validate(cell);
  return { spec: diagnostics.length === 0 ? typed(cell.kind, cell.config) : emptiest(cell.kind), diagnostics };
}

function validate(cell: Cell): Diagnostic[] {
  const types: readonly string[] | undefined = { source: sourceTypes, chart: chartTypes, input: inputTypes }[
    cell.kind as string
  ];
  const type = cell.config['type'];
  if (types === undefined || (typeof type === 'string' && types.includes(type))) return [];
  return [inConfig(cell, ['type'], { code: 'bad-value', message: `expected one of ${types.join(', ')}` })];
}

/** The config was validated against the schema of its kind. */
function typed(kind: Cell['kind'], config: unknown): CellSpec {
  return { kind, spec: config } as CellSpec;
}

function emptiest(kind: Cell['kind']): CellSpec {
  switch (kind) {
    case 'source':
      return { kind, spec: { type: 'csv', path: '' } };
    case 'chart':
      return { kind, spec: { type: 'table', from: '' } };
    case 'input':
      return { kind, spec: { type: 'text' } };
    case 'transform':
    case 'model':
      return { kind, spec: {} };
    default:
      return { kind: 'sql', spec: {} };
  }
}
