import type { CheckReport, RelationRef } from '@datacraft/shared';
import type { Queryable } from './database.ts';

/** Remembers what a rule said of what is published now. */
export async function recordCheck(
  tx: Queryable,
  runId: string,
  { layer, name }: RelationRef,
  check: CheckReport,
): Promise<void> {
  await tx.query(
    `insert into checks (run_id, layer, name, rule, status, violations, value, total) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [runId, layer, name, check.rule, check.status, check.violations, check.value ?? null, check.total ?? null],
  );
}
