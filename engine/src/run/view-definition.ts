import { Fault, quoteIdentifier, relationName } from '@datacraft/shared';
import type { Graph, SqlCell } from '../compile/graph.ts';
import { readChain } from '../read/read-chain.ts';
import type { Readable } from './context.ts';
import { VIEW_PREFIX } from './warehouse.ts';

/** A view's text as it is kept: what it reads are the names `published:<layer>.<name>`, put before it when it is read. */
export interface ViewText {
  readonly select: string;
  readonly reads: readonly string[];
}

export function viewDefinition(graph: Graph, cell: SqlCell, opened: ReadonlyMap<string, Readable>): ViewText {
  const chain = readChain(graph, cell.name, {
    params: {},
    trustStored: true,
    published: (relation) =>
      opened.has(relation)
        ? { scan: `select * from ${quoteIdentifier(`${VIEW_PREFIX}${relation}`)}`, files: [] }
        : null,
  });
  if (chain.variables.length > 0) {
    throw new Fault(
      'bad-request',
      `${cell.name} depends on an input, which a view cannot keep: set materialize to table`,
    );
  }
  if (cell.tables.length > 0) {
    throw new Fault(
      'unsupported',
      `a view cannot name tables of other notebooks yet (${cell.tables.map(relationName).join(', ')}): set materialize to table`,
    );
  }
  const ctes = chain.views
    .filter((view) => !view.name.includes('.') && view.sql.startsWith(`create view ${view.name} as `))
    .map((view) => `${view.name} as ${view.sql.slice(`create view ${view.name} as `.length)}`);
  return {
    select: ctes.length === 0 ? chain.select : `with ${ctes.join(', ')} select * from (\n${chain.select}\n)`,
    reads: [...opened.keys()],
  };
}
