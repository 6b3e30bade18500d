import type { Cell, Diagnostic, Segment, TransformSpec } from '@datacraft/shared';
import { pathAt, transformSql } from '@datacraft/shared';
import { isOneExpression } from './one-expression.ts';
import type { Names } from './names.ts';
import { inConfig } from './report.ts';
import type { CompiledSelect, Parse, SelectFinding } from './select.ts';
import { readSelect } from './select.ts';

interface TransformReads {
  readonly select: CompiledSelect;
  readonly diagnostics: readonly Diagnostic[];
}

/** A transform cell's steps, compiled to SQL and read like any SQL; findings are about the step. */
export async function readsOfTransform(
  cell: Cell,
  spec: TransformSpec,
  names: Names,
  parse: Parse,
): Promise<TransformReads> {
  if (spec.from === '') return { select: { ...(await readSelect('', names, parse)), findings: [] }, diagnostics: [] };
  const { sql, segments } = transformSql(spec);
  const open = segments.filter(({ start, end }) => !isOneExpression(sql.slice(start, end)));
  if (open.length > 0) {
    return { select: { ...(await readSelect('', names, parse)), findings: [] }, diagnostics: open.map(brokenIn(cell)) };
  }
  const select = await readSelect(sql, names, parse);
  const order = (spec.steps ?? []).flatMap((step, at) => ('quarantine' in step ? [at] : []));
  const late = order.filter((at) => at < (spec.steps ?? []).length - order.length);
  return {
    select: { ...select, findings: [], places: new Map() },
    diagnostics: [
      ...select.findings.map((finding) => placed(cell, segments, finding)),
      ...late.map((at) =>
        inConfig(cell, ['steps', at], {
          code: 'bad-value',
          message: 'quarantine sets aside rows of the finished table: move it behind the other steps',
        }),
      ),
    ],
  };
}

function brokenIn(cell: Cell): (segment: Segment) => Diagnostic {
  return ({ path }) =>
    inConfig(cell, path, {
      code: 'sql-syntax',
      message: 'this is not one expression: close its brackets and leave out semicolons',
    });
}

function placed(cell: Cell, segments: readonly Segment[], finding: SelectFinding): Diagnostic {
  const { offset, ...said } = finding;
  return inConfig(cell, offset === null ? [] : (pathAt(segments, offset) ?? ['steps']), said);
}
