import type {
  CheckReport,
  Column,
  PartitionTransform,
  RelationRef,
  ResultPage,
  Said,
  SqlSpec,
} from '@datacraft/shared';
import { asSaid, isFault, quoteIdentifier, say } from '@datacraft/shared';
import type { CompiledCell } from '../compile/graph.ts';
import { isSelectCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { judge, splitSql } from '../expectation/judge.ts';
import type { CompiledRule } from '../expectation/rule.ts';
import { compileRules } from '../expectation/rule.ts';
import { scanWritten } from '../iceberg/scan.ts';
import { planWrite, stage } from '../iceberg/write.ts';
import type { PartitionValue } from '../iceberg/partition/partition-value.ts';
import type { ReplacedFiles, StagedTable, WriteMode } from '../iceberg/table.ts';
import { columnsOf } from '../iceberg/type-map.ts';
import { holdsAll } from '../iceberg/uniform.ts';
import { withWriteBack } from '../lake/write-back.ts';
import type { RunDeps } from './context.ts';
import type { TaskContext } from './execute.ts';
import { measuredBefore } from './measured-before.ts';

export interface StageOptions {
  readonly partitionBy?: readonly PartitionTransform[];
  /** Of an append: what it takes the place of. */
  readonly replaced?: ReplacedFiles;
  /** Those of the rows, where they are known. */
  readonly columns?: readonly Column[] | undefined;
  /** The order of the rows means nothing, so that partitions may be written one after the other. */
  readonly isShuffled?: boolean;
  /** The one partition that all rows are of, when that is known. */
  readonly only?: readonly PartitionValue[] | null;
}

/** Writes `select`'s rows as a staged, unpublished state of `ref`. */
export async function stageSelect(
  session: DuckSession,
  ref: StagedTable['ref'],
  select: string,
  mode: WriteMode,
  task: TaskContext,
  { partitionBy = [], replaced, columns: known, isShuffled = false, only = null }: StageOptions = {},
): Promise<StagedTable> {
  const { lake } = task.deps;
  const [current, columns] = await Promise.all([task.table(ref), known ?? session.describe(select)]);
  const request = { current, ref, columns, mode, lake, partitionBy, isShuffled, only, writableDir: task.dir };
  const plan = planWrite(replaced === undefined ? request : { ...request, replaced });
  for (const sql of plan.setup) await session.run(sql);
  const answer = await withWriteBack(plan.written, () => copied(session, plan.copySql(select), task));
  return stage(plan, answer, lake);
}

/** Rows that only their session has. */
export interface AsideRows {
  readonly columns: readonly Column[];
  /** A SELECT of them. */
  readonly scan: string;
}

/**
 * Keeps `select`'s rows, typed as they would be in `ref`, for this session alone: the table's state is yet to be made of
 * them. A few stay in memory, where they are looked at again and again for less.
 */
export async function writeAside(
  session: DuckSession,
  ref: RelationRef,
  select: string,
  task: TaskContext,
  areFew: boolean,
): Promise<AsideRows> {
  const { lake } = task.deps;
  const [current, columns] = await Promise.all([task.table(ref), session.describe(select)]);
  const plan = planWrite({ current, ref, columns, mode: 'overwrite', lake, writableDir: task.dir });
  const { fields, writtenFields, written } = plan;
  if (areFew && holdsAll(fields, writtenFields)) {
    await copied(session, `create temp table "__written" as ${plan.typedSql(select)}`, task);
    return { columns: columnsOf(fields), scan: 'select * from "__written"' };
  }
  await copied(session, plan.copySql(select), task);
  return { columns: columnsOf(fields), scan: scanWritten({ fields, writtenFields, writtenFiles: [written] }) };
}

function copied(session: DuckSession, sql: string, { onProgress }: TaskContext): Promise<ResultPage> {
  return session.rows(sql, {
    onProgress: ({ percent }) => onProgress({ rows: null, total: null, percent }),
  });
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
