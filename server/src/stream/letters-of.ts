import type { Compiled, SourceCell } from '@datacraft/engine';
import { placeOf } from '@datacraft/engine';
import type { Notebook, StreamSummary } from '@datacraft/shared';
import { Fault, relationName, say } from '@datacraft/shared';

/** The source of a stream as its notebook says it now. Throws `not-found` when that is another one. */
export async function sourceNow(
  stream: StreamSummary,
  document: Notebook,
  compile: (notebook: Notebook) => Promise<Compiled>,
): Promise<SourceCell> {
  const { graph } = await compile(document);
  const cell = graph.cells.get(stream.cell);
  if (cell?.kind === 'source' && cell.relation && relationName(cell.relation) === stream.relation) return cell;
  throw new Fault(
    'not-found',
    say('the notebook has no source {cell} with the table {table} any more; give the cell its name and layer back', {
      cell: stream.cell,
      table: stream.relation,
    }),
  );
}

/** Throws when what the source set aside cannot be read again with it. */
export function refuseReplay({ name, valid, spec }: SourceCell): void {
  if (!valid) throw new Fault('notebook-invalid', say('{name} has errors; mend them, then ask again', { name }));
  if (placeOf(spec) === null || spec.type === 'simulator')
    throw new Fault(
      'bad-request',
      say('a source of type {type} keeps no messages; run the notebook instead', { type: spec.type }),
    );
  if (spec.rejects !== 'table')
    throw new Fault(
      'bad-request',
      say('{name} does not say rejects: table, so that what breaks again would have no place; set it, then ask again', {
        name,
      }),
    );
}
