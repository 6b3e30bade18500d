/**
 * Relations whose cell was renamed or deleted, or went to another layer.
 *
 * R1  They stay readable, as they were, and are said to be retired; whoever publishes the name next has it.
 * R2  A cell that stands in the notebook keeps its relation, also when its text has errors or it was not selected.
 * R3  A relation of the version that schedules run and links show is kept for as long as that version is the newest.
 */
import type { RelationRef } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { Queryable } from './database.ts';
import type { Owner } from './relations.ts';

/** What an owner's notebook makes as it stands. */
export interface Standing {
  readonly relations: readonly RelationRef[];
  /** Cells of which it cannot be told what they make: their text has errors. */
  readonly unclear: readonly string[];
}

/** A published version makes what it says, not what the notebook as people edit it says. */
const OF_A_VERSION = `exists (select 1 from runs where runs.id = $2 and runs.version is not null)`;

const IN_NEWEST_VERSION = `exists (
  select 1 from jsonb_array_elements(
    (select document -> 'cells' from publications p where p.notebook_id = relations.notebook_id order by version desc limit 1)
  ) as published (each) where each ->> 'name' = relations.cell)`;

/** Called inside the publish transaction: retires what no cell of `owner` makes any more, and takes back what one does again. */
export async function retireRelations(tx: Queryable, owner: Owner, runId: string, standing: Standing): Promise<void> {
  await tx.query(
    `update relations set retired_at = case when made then null else now() end
       from (select layer, name, (layer || '.' || name) = any($3) or cell = any($4) as made
               from relations where owner_key = $1) as own
      where relations.layer = own.layer and relations.name = own.name and relations.owner_key = $1
        and (relations.retired_at is null) <> made and not ${OF_A_VERSION}
        and (made or not ${IN_NEWEST_VERSION})`,
    [owner.key, runId, standing.relations.map(relationName), standing.unclear],
  );
}
