import { quoteIdentifier, relationName } from '@datacraft/shared';
import type { Graph, SqlCell } from '../compile/graph.ts';
import { readChain } from '../read/read-chain.ts';
import type { Definition, StoredView } from '../store/relations.ts';
import type { Readable } from './context.ts';

/** A view as it is kept: its text, that of the cells inlined into it, and the published relations they read. */
export function viewDefinition(graph: Graph, cell: SqlCell, opened: ReadonlyMap<string, Readable>): Definition {
  const chain = readChain(graph, cell.name, {
    trustStored: true,
    published: (relation) =>
      opened.has(relation) ? { scan: `select * from ${qualified(relation)}`, files: [] } : null,
  });
  const inlined = chain.views.flatMap(({ name, select }): StoredView[] => {
    const own = [...graph.cells.values()].find((each) => quoteIdentifier(each.name) === name);
    if (own === undefined || select === null) return [];
    const known = own.relation ? relationName(own.relation) : null;
    return [{ name: own.name, select, ...(known === null || opened.has(known) ? {} : { knownAs: known }) }];
  });
  return { views: [...inlined, { name: cell.name, select: chain.select }], reads: [...opened.keys()] };
}

function qualified(relation: string): string {
  return relation.split('.').map(quoteIdentifier).join('.');
}
