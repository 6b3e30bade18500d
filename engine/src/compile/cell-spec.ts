import type {
  Cell,
  ChartSpec,
  ConfigIssue,
  Diagnostic,
  InputSpec,
  ModelSpec,
  SourceSpec,
  SqlSpec,
  TransformSpec,
  Validated,
} from '@datacraft/shared';
import { quarantineRules, unreachable, validateConfig } from '@datacraft/shared';
import { inConfig } from './report.ts';

/** A cell's config, read by its kind. An invalid config gives the emptiest spec of the kind, and diagnostics. */
export type CellSpec =
  | { readonly kind: 'source'; readonly spec: SourceSpec }
  | { readonly kind: 'sql'; readonly spec: SqlSpec }
  | { readonly kind: 'chart'; readonly spec: ChartSpec }
  | { readonly kind: 'input'; readonly spec: InputSpec }
  | { readonly kind: 'transform'; readonly spec: TransformSpec }
  | { readonly kind: 'model'; readonly spec: ModelSpec };

export interface SpecReading {
  readonly spec: CellSpec;
  readonly diagnostics: readonly Diagnostic[];
}

export function readSpec(cell: Cell): SpecReading {
  const { spec, issues } = judge(cell);
  const diagnostics = issues.map(({ path, code, message, suggestion }) =>
    inConfig(cell, path, { code, message, suggestion: suggestion ?? null }),
  );
  return { spec: spec ?? emptiest(cell.kind), diagnostics };
}

interface Judged {
  readonly spec: CellSpec | null;
  readonly issues: readonly ConfigIssue[];
}

function judge({ kind, config }: Cell): Judged {
  switch (kind) {
    case 'source':
      return tagged(validateConfig(kind, config), (spec) => ({ kind, spec }));
    case 'sql':
      return tagged(validateConfig(kind, config), (spec) => ({ kind, spec }));
    case 'chart':
      return tagged(validateConfig(kind, config), (spec) => ({ kind, spec }));
    case 'input':
      return tagged(validateConfig(kind, config), (spec) => ({ kind, spec }));
    case 'transform':
      return tagged(validateConfig(kind, config), (spec) => ({ kind, spec: withQuarantine(spec) }));
    case 'model':
      return tagged(validateConfig(kind, config), (spec) => ({ kind, spec }));
    case 'markdown':
      throw new Error('markdown is not compiled');
    default:
      return unreachable(kind);
  }
}

/** Steps that set rows aside are rules of the cell, behind its own. */
function withQuarantine(spec: TransformSpec): TransformSpec {
  const rules = quarantineRules(spec.steps ?? []).map(({ rule }) => rule);
  return rules.length === 0 ? spec : { ...spec, expect: [...(spec.expect ?? []), ...rules] };
}

function tagged<Spec>({ spec, issues }: Validated<Spec>, tag: (spec: Spec) => CellSpec): Judged {
  return { spec: spec === null ? null : tag(spec), issues };
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
      return { kind, spec: { from: '' } };
    case 'model':
      return { kind, spec: { task: 'clustering', from: '' } };
    default:
      return { kind: 'sql', spec: {} };
  }
}
