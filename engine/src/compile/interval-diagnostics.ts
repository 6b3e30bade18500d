import type { Diagnostic } from '@datacraft/shared';
import type { Definition } from './definition.ts';
import { inConfig } from './report.ts';

/** Where no intervals are recorded, none can be partial. */
export function intervalDiagnostics({ cell, spec }: Definition): Diagnostic[] {
  if ((spec.kind !== 'sql' && spec.kind !== 'transform') || spec.spec.allow_partials !== true) return [];
  const { materialize, time_column: time, start } = spec.spec;
  if (materialize === 'incremental' && time !== undefined && start !== undefined) return [];
  const message =
    '`allow_partials` is about the interval that has not ended: it needs a cell that records its intervals, with `materialize: incremental`, `time_column` and `start`';
  return [inConfig(cell, ['allow_partials'], { code: 'not-applied', message, severity: 'warning' })];
}
