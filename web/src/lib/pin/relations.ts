/**
 * Held rows as relations of the browser's engine.
 *
 * P1  The name of a held cell means the held rows for whatever reads it; what it gives now has a name no text can mean.
 * P2  What was computed from held rows is computed in the browser or not at all: a server would read the rows of now.
 */
import { type CellId, type PinnedInput, quoteIdentifier } from '@datacraft/shared';
import type { PreviewCell } from '#lib/preview/preview.svelte.ts';

/** The slot where it is shown how far the held rows and those of now differ. */
export function differenceId(cellId: CellId): CellId {
  return `${cellId}:held` as CellId;
}

/** What a cell gives now, for questions beside the held rows. */
export function nowName(name: string): string {
  return `${name} now`;
}

/** A cell's relations as the person sees them who holds these rows of it and of what it reads. */
export function withHeldRows(
  relations: readonly PreviewCell[],
  pin: PinnedInput | null,
  readsHeld: readonly string[],
): readonly PreviewCell[] {
  const [own, ...others] = relations.map((each) => (readsHeld.length > 0 ? { ...each, readsHeld } : each));
  if (own === undefined || pin === null) return own === undefined ? [] : [own, ...others];
  const { name } = own;
  return [
    { ...own, held: { version: pin.pinnedAt, extent: pin.extent } },
    // A source's own rows are a query over its name; a person who looks at the source sees those of now.
    ...others.map((each) => (each.text === rowsOf(name) ? { ...each, text: rowsOf(nowName(name)) } : each)),
    { ...own, id: `${own.id}:now` as CellId, dataOf: own.id, name: nowName(name) },
    {
      id: differenceId(own.id),
      name: `${name} difference`,
      kind: 'sql',
      text: differenceSql(name, pin),
      version: '',
      readsHeld,
    },
  ];
}

export function rowsOf(name: string): string {
  return `select * from ${quoteIdentifier(name)}`;
}

/**
 * How many rows differ, each changed one counted once. Fails where the columns are others: by name when one is gone, by
 * their number when one came.
 */
export function differenceSql(name: string, { columns }: Pick<PinnedInput, 'columns'>): string {
  const names = columns.map((column) => quoteIdentifier(column.name)).join(', ');
  const [held, now] = [name, nowName(name)].map((each) => `select ${names} from ${quoteIdentifier(each)}`);
  const count = (from: string, without: string) => `(select count(*) from (${from} except all ${without}))`;
  const sameColumns = `(select count(*) from (${rowsOf(nowName(name))} where false union all ${held} where false))`;
  return `select (greatest(${count(held ?? '', now ?? '')}, ${count(now ?? '', held ?? '')}) + ${sameColumns})::integer as rows`;
}
