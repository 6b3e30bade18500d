import { Fault, nearest, say } from '@datacraft/shared';
import type { Graph } from '../compile/graph.ts';
import { dagOf } from '../compile/graph.ts';
import { didYouMean } from '../compile/report.ts';
import { downstreamOf, upstreamOf } from '../graph/dag.ts';

const pattern = /^(\+?)([^+\s]+)(\+?)$/;

/** The cells with a relation that `select` means; all of them when it is empty. */
export function readSelection(graph: Graph, select: readonly string[]): Set<string> {
  const terms = select.flatMap((text) => text.split(',')).map((text) => text.trim());
  const names = terms.length === 0 ? [...graph.order] : terms.flatMap((term) => namesOfTerm(graph, term));
  return new Set(names.filter((name) => hasRelation(graph, name)));
}

function namesOfTerm(graph: Graph, term: string): string[] {
  const [, before = '', name = '', after = ''] = pattern.exec(term) ?? [];
  if (name === '')
    throw new Fault('bad-request', say('`{term}` selects nothing: write name, +name, name+ or +name+', { term }));
  if (!graph.cells.has(name)) {
    throw new Fault(
      'bad-request',
      say('no cell is called `{name}`{meant}', { name, meant: didYouMean(nearest(name, [...graph.cells.keys()])) }),
      { cell: name },
    );
  }
  const dag = dagOf(graph);
  return [name, ...(before === '' ? [] : upstreamOf(dag, name)), ...(after === '' ? [] : downstreamOf(dag, name))];
}

function hasRelation(graph: Graph, name: string): boolean {
  const cell = graph.cells.get(name);
  return cell !== undefined && cell.relation !== null;
}
