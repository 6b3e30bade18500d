/**
 * Judges again the rows that rules of an incremental cell set aside, or those of them that a condition names, once its
 * rules, or what they look at, were mended.
 *
 * A1  A row that passes leaves the quarantine and lands in the table in one publish; one that breaks a rule stays, with
 *     what it breaks now. So each leaves once and lands once, also when two ask at a time: the second finds it gone.
 * A2  Its SELECT is the one that made the rows: where that was changed a run makes them anew, and a replay is refused.
 */
import type { RelationRef, SqlSpec } from '@datacraft/shared';
import { Fault, partitionsOf, relationName, say } from '@datacraft/shared';
import { refuseOtherThanCondition } from '../compile/condition.ts';
import type { SqlCell } from '../compile/graph.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { contractOf } from '../expectation/contract.ts';
import { incrementalWrite, strategyOf } from '../materialize/incremental.ts';
import { ruleOf } from './interval-cells.ts';
import type { Publication } from '../publish/publish.ts';
import type { StagedTable } from '../iceberg/table.ts';
import type { PublishedRelation } from '../store/relations.ts';
import { loadRelations } from '../store/relations.ts';
import type { Readable } from './context.ts';
import type { TaskContext } from './execute.ts';
import { onlineDraft } from './feature-rows.ts';
import { definitionOf, judged } from './judged.ts';
import { refuseUnmergeable } from './refuse-unmergeable.ts';
import { surveyIncoming } from './survey.ts';
import { stageSelect } from './task.ts';
import { defineUpstream, filesOf, openUpstream } from './upstream.ts';

interface Replay {
  readonly cell: SqlCell;
  readonly relation: RelationRef;
  readonly task: TaskContext;
  readonly session: DuckSession;
  readonly published: PublishedRelation;
  readonly quarantine: PublishedRelation;
}

/** Whether this task judges rows again instead of making new ones: other cells make all their rows in any run. */
export function isReplay(cell: SqlCell, { options }: TaskContext): boolean {
  return cell.materialize === 'incremental' && options.replay?.includes(cell.name) === true;
}

export async function executeReplay(cell: SqlCell, task: TaskContext): Promise<Publication> {
  const { relation } = cell;
  if (relation === null) throw new Error(`cell ${cell.name} has no relation`);
  const published = publishedOf(cell, relation, task);
  const side: RelationRef = { layer: relation.layer, name: `${relation.name}_quarantine` };
  const quarantine = (await loadRelations(task.deps.db, [side])).get(relationName(side));
  const [current, aside] = [await task.readable(relation), await task.readable(side)];
  if (!quarantine || !current || !aside || quarantine.ownerKey !== published.ownerKey)
    throw new Fault(
      'not-found',
      say('no rows of {name} are set aside: there is nothing to judge again', { name: cell.name }),
    );
  const upstream = await openUpstream(cell, task);
  const session = await task.openSession([...filesOf(upstream), ...current.files, ...aside.files]);
  await defineUpstream(session, upstream, task);
  await defineRows(session, { current, aside, where: await conditionOf(task) });
  return landed({ cell, relation, task, session, published, quarantine });
}

interface Rows {
  readonly current: Readable;
  readonly aside: Readable;
  /** Of rows set aside: which are judged. The others stay as they are. */
  readonly where: string;
}

async function conditionOf({ options: { replayWhere }, deps }: TaskContext): Promise<string> {
  if (replayWhere === undefined) return 'true';
  await refuseOtherThanCondition(replayWhere, (sql) => deps.duck.parse(sql));
  return `coalesce((${replayWhere}\n)::boolean, false)`;
}

async function defineRows(session: DuckSession, { current, aside, where }: Rows): Promise<void> {
  for (const { sql } of [...(current.setup ?? []), ...(aside.setup ?? [])]) await session.run(sql);
  await session.run(
    `create view "__current" as ${current.scan};
     create view "__aside" as ${aside.scan};
     create view "__judged" as select * exclude (_rule, _run_id) from "__aside" where ${where};
     create view "__left" as select * from "__aside" where not ${where}`,
  );
}

/** A2 */
function publishedOf(cell: SqlCell, relation: RelationRef, { known }: TaskContext): PublishedRelation {
  const published = known.published.get(relationName(relation));
  if (!published) throw new Fault('not-found', say('{name} never ran: run it first', { name: cell.name }));
  if (withoutRules(published.definition?.meaning) === withoutRules(cell.meaning)) return published;
  const message = say(
    'the SELECT of {name} was changed since its rows were set aside: run it, which makes all of them again',
    { name: cell.name },
  );
  throw new Fault('conflict', message, { cell: cell.name });
}

/** A meaning is the JSON of `[kind, relation, materialize, spec, statement]`, its spec again as JSON. */
function withoutRules(meaning: string | undefined): string | null {
  if (meaning === undefined) return null;
  const [kind, relation, keep, spec, ...statement] = JSON.parse(meaning) as unknown[];
  const { expect: _expect, contract: _contract, ...rest } = JSON.parse(String(spec)) as Record<string, unknown>;
  return JSON.stringify([kind, relation, keep, rest, statement]);
}

async function landed(replay: Replay): Promise<Publication> {
  const { cell, relation, session, published, quarantine } = replay;
  const columns = await session.describe('select * from "__judged"');
  const contract = contractOf(cell.spec.contract, columns, published.columns);
  // A merge brings equal keys together itself.
  const there = { beside: '"__current"', apart: strategyOf(cell.spec) !== 'merge' };
  const judgement = await judged(replay, contract?.rules ?? [], there);
  const stays = judgement.split === null ? '"__judged"' : `(${judgement.split.keep})`;
  const kept = contract?.shape(stays, judgement.checks) ?? `select * from ${stays}`;
  await session.run(`create view "__incoming" as ${kept}`);
  const staged = await stageKept(replay);
  return {
    ref: relation,
    cell: cell.name,
    kind: 'table',
    staged,
    basedOn: published.snapshotId,
    side: [await stageStaying(replay, judgement.split?.quarantine ?? null)],
    alsoBasedOn: { ref: quarantine.ref, snapshotId: quarantine.snapshotId },
    definition: definitionOf(cell),
    fingerprint: fingerprintAfter(replay),
    upstream: published.upstream,
    columns: staged.columns,
    rows: staged.totalRows,
    rejected: judgement.removed,
    checks: judgement.checks,
    ...(cell.spec.feature_table === undefined
      ? {}
      : { online: await onlineDraft(session, staged, cell.spec.feature_table) }),
  };
}

async function stageKept(replay: Replay): Promise<StagedTable> {
  const { cell, relation, task, session } = replay;
  const partitionBy = partitionsOf(cell.spec.partition_by);
  if (strategyOf(cell.spec) !== 'merge')
    return stageSelect(session, relation, 'select * from "__incoming"', 'append', task, { partitionBy });
  await refuseUnmergeable(replay, await surveyIncoming(session, cell.spec, null));
  const columns = await session.describe('select * from "__incoming"');
  // What is judged again is a part of the cell's result: no key is gone for not being in it.
  const spec: SqlSpec = { ...cell.spec, unmatched: 'keep' };
  const { select, mode, isShuffled = false } = incrementalWrite(spec, '"__incoming"', '"__current"', columns);
  return stageSelect(session, relation, select, mode, task, { partitionBy, isShuffled });
}

/** Also without a row, and where the cell sets nothing aside any more: what landed must not be there again. */
async function stageStaying({ quarantine, task, session }: Replay, split: string | null): Promise<StagedTable> {
  const rows = split ?? `select *, ''::varchar as _rule from "__judged" where false`;
  const stay = `select *, '${task.runId}' as _run_id from (${rows}) union all by name select * from "__left"`;
  return stageSelect(session, quarantine.ref, stay, 'overwrite', task);
}

/** The table is what the mended cell gives of the same upstream; if there is more to read, the next run must see that. */
function fingerprintAfter({ cell, task, published }: Replay): string {
  const isSame = sorted(published.upstream) === sorted(task.upstream);
  return isSame && ruleOf(cell) === null ? task.fingerprint : published.fingerprint;
}

function sorted(upstream: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(upstream).sort(([a], [b]) => (a < b ? -1 : 1)));
}
