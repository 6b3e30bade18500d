/**
 * Reads dead letters again, with the cell as it is now.
 *
 * A1  A letter leaves the table of rejects in the transaction in which its row lands, and in which that is recorded: each
 *     lands once, whatever ends a runner, and however often it is asked for.
 * A2  One that breaks again keeps its id, and says why it broke this time.
 */
import type { RelationRef, StreamProgress } from '@datacraft/shared';
import { Fault, isFault, quoteLiteral, relationName, say } from '@datacraft/shared';
import { withPrivateSession } from '../query/private-session.ts';
import type { AgainRead } from '../run/stage-rejects.ts';
import { errorOf } from '../run/error-of.ts';
import { gather } from '../run/gather.ts';
import { openRelations } from '../run/warehouse.ts';
import type { StoredLetter } from '../source/source.ts';
import type { AskedReplay } from '../store/stream-replays.ts';
import { failReplay, nextReplay, recordReplay } from '../store/stream-replays.ts';
import type { CommitWork, Outcome } from './commit.ts';
import { commitAgain } from './commit.ts';
import { passes } from './wait.ts';

/** Letters of one commit. */
const LETTERS = 5_000;

/** Does a part of what somebody asked for. Null when nobody did; throws what may pass. */
export async function readAgain(work: CommitWork, told: StreamProgress): Promise<Outcome | null> {
  const { deps, lease } = work;
  const asked = await nextReplay(deps.db, lease.streamId);
  if (asked === null) return null;
  try {
    return await readPart(asked, work, told);
  } catch (error) {
    if (work.signal.aborted || isFault(error, 'lease-lost') || passes(error)) throw error;
    await failReplay(deps.db, lease, asked.id, errorOf(error));
    return null;
  }
}

async function readPart(asked: AskedReplay, work: CommitWork, told: StreamProgress): Promise<Outcome | null> {
  const { input, cell, deps, signal } = work;
  const relation = input.compiled.graph.cells.get(cell)?.relation;
  if (!relation) throw new Fault('notebook-invalid', say('{cell} makes no table; mend it, then ask again', { cell }));
  const ref = { layer: relation.layer, name: `${relation.name}_rejects` };
  const part = await takeLetters(ref, asked, work);
  if (part === null) {
    await deps.db.transaction((tx) => recordReplay(tx, asked.id, { landed: 0, kept: 0, isLast: true }));
    return null;
  }
  const { letters, again } = part;
  const { mayRead } = input;
  const known = await gather(
    input.compiled.graph,
    input.resolve,
    { ...deps, mayRead, letters, signal },
    new Set([cell]),
  );
  const source = known.sources.get(cell);
  if (source === undefined || isFault(source)) throw source ?? new Error(`${cell} is no source`);
  const others = (await gather(input.compiled.graph, input.resolve, { ...deps, mayRead, reading: 'status', signal }))
    .sources;
  try {
    const looked = { known: { ...known, sources: new Map([...others, [cell, source]]) }, source };
    const isLast = letters.length < LETTERS;
    return await commitAgain({ ...work, again }, looked, told, (tx, { rows, rejected }) =>
      recordReplay(tx, asked.id, { landed: rows, kept: rejected, isLast }),
    );
  } finally {
    await source.release?.();
  }
}

/** The next letters of those that were asked for, and the table as it holds them. Null when there is none. */
async function takeLetters(
  ref: RelationRef,
  asked: AskedReplay,
  { deps, input, signal }: CommitWork,
): Promise<{ letters: StoredLetter[]; again: AgainRead } | null> {
  const opened = (await openRelations([ref], { ...deps, mayRead: input.mayRead })).get(relationName(ref));
  if (!opened?.relation.columns.some(({ name }) => name === 'letter')) return null;
  const { scan, files, relation } = opened;
  const letters = await withPrivateSession({ readable: files, signal }, deps, async (session) => {
    const { rows } = await session.rows(lettersSql(scan, asked), { limit: LETTERS });
    return rows.map(letterOf);
  });
  if (letters.length === 0) return null;
  const taken = letters.map(({ letter }) => letter);
  return { letters, again: { ref, scan, files, snapshotId: relation.snapshotId, asked: asked.id, taken } };
}

/** Those that this very replay has tried already are not tried twice by it. */
function lettersSql(scan: string, { id, letters }: AskedReplay): string {
  const wanted = letters === null ? '' : ` and letter in (${letters.map(quoteLiteral).join(', ') || 'null'})`;
  return `select letter, attempts, topic, "partition", "offset", epoch_ms("timestamp")::varchar, headers, to_base64(key), to_base64(bytes)
    from (${scan}) where letter is not null and tried is distinct from ${quoteLiteral(id)}${wanted} order by topic, "partition", "offset", letter limit ${LETTERS}`;
}

function letterOf(row: readonly unknown[]): StoredLetter {
  const [letter, attempts, topic, partition, offset, timestamp, headers, key, bytes] = row;
  const binary = (value: unknown) => (typeof value === 'string' ? Buffer.from(value, 'base64') : null);
  return {
    letter: String(letter),
    attempts: Number(attempts),
    topic: String(topic),
    partition: Number(partition),
    offset: String(offset),
    timestamp: String(timestamp),
    headers: typeof headers === 'string' ? headers : null,
    key: binary(key),
    bytes: binary(bytes),
  };
}
