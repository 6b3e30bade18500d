import type { CheckReport, Column, PartitionTransform, RelationRef, Said, SqlSpec } from '@datacraft/shared';
import { asSaid, isFault, quoteIdentifier, say } from '@datacraft/shared';
import type { CompiledCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { judge, splitSql } from '../expectation/judge.ts';
import type { CompiledRule } from '../expectation/rule.ts';
import { compileRules } from '../expectation/rule.ts';
import { loadTable } from '../iceberg/load-table.ts';
import { planWrite, stage } from '../iceberg/write.ts';
import type { LoadedTable, ReplacedFiles, StagedTable, WriteMode } from '../iceberg/table.ts';
import { withWriteBack } from '../lake/write-back.ts';
import type { RunDeps } from './context.ts';
import type { TaskContext } from './execute.ts';
import { measuredBefore } from './measured-before.ts';

/** Writes `select`'s rows as a staged, unpublished state of `ref`; `known` saves asking for them. */
export async function stageSelect(
  session: DuckSession,
  ref: StagedTable['ref'],
  select: string,
  mode: WriteMode,
  task: TaskContext,
  partitionBy: readonly PartitionTransform[] = [],
  replaced?: ReplacedFiles,
  known?: { readonly table: LoadedTable; readonly columns: readonly Column[] },
): Promise<StagedTable> {
  const { db, lake } = task.deps;
  const current = known?.table ?? (await loadTable(db, lake, ref));
  const columns = known?.columns ?? (await session.describe(select));
  const request = { current, ref, columns, mode, lake, partitionBy, writableDir: task.dir };
  const plan = planWrite(replaced === undefined ? request : { ...request, replaced });
  for (const sql of plan.setup) await session.run(sql);
  const copy = () =>
    session.rows(plan.copySql(select), {
      onProgress: ({ percent }) => task.onProgress({ rows: null, total: null, percent }),
    });
  const answer = await withWriteBack(plan.written, copy);
  return stage(plan, answer, lake);
}

export interface JudgeInput {
  readonly session: DuckSession;
  readonly cell: CompiledCell;
  /** A SQL name of the session. */
  readonly relation: string;
  readonly contract: readonly CompiledRule[];
  /** Rows that are there already: rules over the whole look at both. */
  readonly beside?: string | undefined;
  /** A key of theirs may not come again. */
  readonly apart?: boolean | undefined;
}

/** The rules of a cell over a relation, judged. */
export async function judgeCell(input: JudgeInput, deps: RunDeps) {
  const { session, cell, relation, contract, beside, apart } = input;
  const spec: SqlSpec = isSelectCell(cell) ? cell.spec : {};
  const options = {
    now: deps.now(),
    ...(spec.sequence_by === undefined ? {} : { sequenceBy: spec.sequence_by }),
    ...(beside === undefined || apart !== true ? {} : { besides: beside }),
  };
  const rules = [...contract, ...compileRules(spec.expect ?? [], options)];
  const past = cell.relation === null ? undefined : await measuredBefore(deps.db, cell.relation, rules);
  if (cell.relation !== null && rules.some(({ kind }) => kind === 'query'))
    await nameJudged(session, cell.relation, {
      all: `main.${relation}`,
      stays: splitSql(rules, relation)?.keep ?? null,
      beside,
    });
  return judge(session, relation, rules, past, beside);
}

interface NamedRows {
  readonly all: string;
  readonly stays: string | null;
  readonly beside: string | undefined;
}

/** Rules that are SELECTs call the rows that stay as everybody does; all of them, when a rule is no SQL. */
async function nameJudged(session: DuckSession, ref: RelationRef, rows: NamedRows): Promise<void> {
  const [layer, name] = [quoteIdentifier(ref.layer), quoteIdentifier(ref.name)];
  const before = rows.beside === undefined ? '' : `select * from main.${rows.beside} union all by name `;
  const named = (judged: string) => {
    const select = before + judged;
    return session.run(
      `create schema if not exists ${layer};
       create or replace view ${name} as ${select};
       create or replace view ${layer}.${name} as ${select}`,
    );
  };
  try {
    await named(rows.stays ?? `select * from ${rows.all}`);
  } catch (error) {
    if (!isFault(error, 'query-failed')) throw error;
    await named(`select * from ${rows.all}`); // Which rule it is, its own check says.
  }
}

export function refusalMessage(checks: readonly CheckReport[]): Said {
  const broken = checks.filter((check) => check.status === 'failed' || check.status === 'not-evaluated');
  const found = broken.map(findingOf).reduce((before, next) => say('{before}; {next}', { before, next }));
  return say('nothing was published, the last good table stays: {found}', { found });
}

function findingOf({ rule, status, violations, reason, said }: CheckReport): Said {
  const why = said ?? (reason === undefined ? undefined : asSaid(reason));
  if (status !== 'failed') return say('{rule} could not be evaluated: {why}', { rule, why: why ?? say('no answer') });
  const name = violations === null ? asSaid(rule) : say('{rule} ({violations} rows)', { rule, violations });
  return why === undefined ? name : say('{name}: {why}', { name, why });
}
