/** Rows that a source set aside, to be looked at. */
import type { OpenedLetter, RelationRef, StreamLetter } from '@datacraft/shared';
import { Fault, quoteLiteral, relationName, say } from '@datacraft/shared';
import { reasonSaid } from '@datacraft/shared/portuguese';
import type { SourceCell } from '../compile/graph.ts';
import { cellVersion } from '../run/stage-rejects.ts';
import { openRelations } from '../run/warehouse.ts';
import { withPrivateSession } from './private-session.ts';
import type { QueryDeps } from './query.ts';

const SHOWN_CHARS = 300;
const OPENED_BYTES = 1024 ** 2;

export interface LetterPage {
  readonly total: number;
  readonly replayable: number;
  readonly letters: StreamLetter[];
}

/** The newest first. */
export async function listLetters(
  cell: SourceCell,
  page: { readonly limit: number; readonly offset: number },
  deps: QueryDeps,
): Promise<LetterPage> {
  const none = { total: 0, replayable: 0, letters: [] };
  return withLetters(cell, deps, none, async (ask) => {
    const [counts = []] = await ask('select count(*)::integer, count(letter)::integer from l');
    const order = 'order by rejected_at desc nulls last, topic, "partition", "offset" desc, line';
    const rows = await ask(`select ${SHOWN} from l ${order} limit ${page.limit} offset ${page.offset}`);
    const version = cellVersion(cell.meaning);
    const [total, replayable] = counts.map(Number);
    return { total: total ?? 0, replayable: replayable ?? 0, letters: rows.map((row) => letterOf(row, version)) };
  });
}

/** Throws `not-found`. */
export async function openLetter(cell: SourceCell, letter: string, deps: QueryDeps): Promise<OpenedLetter> {
  const gone = new Fault(
    'not-found',
    say('there is no letter {letter} any more: it was read again and has landed', { letter }),
  );
  const found = await withLetters(cell, deps, null, async (ask) => {
    const bytes = `to_base64(bytes[1:${OPENED_BYTES}]), to_base64(key[1:${OPENED_BYTES}]), headers`;
    const [row] = await ask(`select ${SHOWN}, ${bytes} from l where letter = ${quoteLiteral(letter)}`);
    return row ?? null;
  });
  if (found === null) throw gone;
  const [bytes, key, headers] = found.slice(-3).map((value) => (typeof value === 'string' ? value : null));
  return {
    ...letterOf(found, cellVersion(cell.meaning)),
    bytes: bytes ?? null,
    key: key ?? null,
    headers: headers == null ? null : (JSON.parse(headers) as Record<string, unknown>),
  };
}

const SHOWN = `letter, topic, "partition", "offset"::varchar, strftime("timestamp", '%Y-%m-%dT%H:%M:%S.%gZ'), column_name, reason,
  left(raw, ${SHOWN_CHARS}), octet_length(bytes), cell_version, attempts, strftime(rejected_at, '%Y-%m-%dT%H:%M:%S.%gZ')`;

function letterOf(row: readonly unknown[], version: string): StreamLetter {
  const text = (at: number) => (row[at] == null ? null : String(row[at]));
  const number = (at: number) => (row[at] == null ? null : Number(row[at]));
  return {
    letter: text(0),
    topic: text(1),
    partition: number(2),
    offset: text(3),
    timestamp: text(4),
    column: text(5),
    ...reasonOf(text(6) ?? ''),
    raw: text(7) ?? '',
    sizeBytes: number(8),
    cellVersion: text(9),
    isCurrentVersion: text(9) === version,
    attempts: number(10) ?? 0,
    rejectedAt: text(11),
  };
}

function reasonOf(reason: string): Pick<StreamLetter, 'reason' | 'reasonSaid'> {
  const said = reasonSaid(reason);
  return typeof said === 'string' ? { reason } : { reason, reasonSaid: said };
}

type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** Lends `l`: the rejects of the cell with all columns that letters have, empty ones where this source keeps none. */
async function withLetters<Result>(
  cell: SourceCell,
  deps: QueryDeps,
  none: Result,
  use: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const ref: RelationRef | null = cell.relation && {
    layer: cell.relation.layer,
    name: `${cell.relation.name}_rejects`,
  };
  const opened = ref && (await openRelations([ref], deps)).get(relationName(ref));
  if (!opened) return none;
  return withPrivateSession({ readable: opened.files }, deps, async (session) => {
    const has = new Set(opened.relation.columns.map(({ name }) => name));
    const missing = letterColumns
      .filter(([name]) => !has.has(name))
      .map(([name, type]) => `null::${type} as "${name}"`);
    await session.run(
      `create temp view l as select *${missing.map((each) => `, ${each}`).join('')} from (${opened.scan})`,
    );
    return use(async (sql) => (await session.rows(sql)).rows);
  });
}

const letterColumns = [
  ['letter', 'varchar'],
  ['topic', 'varchar'],
  ['partition', 'bigint'],
  ['offset', 'bigint'],
  ['timestamp', 'timestamp'],
  ['headers', 'varchar'],
  ['key', 'blob'],
  ['bytes', 'blob'],
  ['attempts', 'bigint'],
  ['cell_version', 'varchar'],
  ['rejected_at', 'timestamp'],
] as const;
