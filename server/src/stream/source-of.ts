import type { Cell } from '@datacraft/shared';
import { Fault, isLayer, nearest, say } from '@datacraft/shared';
import type pg from 'pg';
import { visibleTo } from '../auth/permission.ts';
import type { Rooms } from '../room/rooms.ts';

/** The webhook cell that a name means. */
export interface StreamSource {
  readonly notebookId: string;
  /** `layer.name` */
  readonly relation: string;
  /** The field by which an event is known again; null: every event is new. */
  readonly key: string | null;
}

/**
 * `name` or `layer.name` as a webhook cell: of the notebook that publishes this table, else of the one notebook that has
 * such a cell; of those that this person may see, so that names of others are not told. Throws `not-found`, and `conflict` when several have.
 */
export async function sourceOf(
  asked: string,
  userId: string,
  deps: { pool: pg.Pool; rooms: Rooms },
): Promise<StreamSource> {
  const [first = '', second] = asked.split('.');
  const [layer, name] = second === undefined ? [null, first] : [first, second];
  const { rows } = await deps.pool.query<{ id: string; owns: boolean }>(
    `select n.id, exists (select 1 from relations r where r.notebook_id = n.id and r.cell = $1 and ($2::text is null or r.layer = $2)) as owns
       from notebooks n where n.deleted_at is null and n.branch_of is null and ${visibleTo('$3')} order by 2 desc, n.updated_at desc`,
    [name, layer, userId],
  );
  const found: StreamSource[] = [];
  const others = new Set<string>();
  for (const { id, owns } of rows) {
    const { cells } = await deps.rooms.notebook(id);
    for (const cell of cells.filter(isWebhook)) {
      const source = { notebookId: id, relation: `${layerOf(cell)}.${cell.name}`, key: keyOf(cell) };
      const isMeant = cell.name === name && (layer === null || layer === layerOf(cell));
      if (isMeant && owns) return source;
      if (isMeant) found.push(source);
      else others.add(cell.name);
    }
  }
  const [only] = found;
  if (only && found.length === 1) return only;
  if (only)
    throw new Fault(
      'conflict',
      say('{count} notebooks have a webhook cell {name}; rename all but one, or run the one that is meant', {
        count: String(found.length),
        name,
      }),
    );
  const near = nearest(name, [...others]);
  throw new Fault(
    'not-found',
    say('no notebook has a source of type webhook called {asked}{meant}', {
      asked,
      meant: near === null ? '' : say('; did you mean {near}?', { near }),
    }),
  );
}

function isWebhook(cell: Cell): boolean {
  return cell.kind === 'source' && cell.deletedAt === undefined && cell.config['type'] === 'webhook';
}

function layerOf({ config }: Cell): string {
  const { layer } = config;
  return typeof layer === 'string' && isLayer(layer) ? layer : 'bronze';
}

function keyOf({ config }: Cell): string | null {
  return typeof config['key'] === 'string' ? config['key'] : null;
}
