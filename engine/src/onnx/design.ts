import type { Term } from '../model/design.ts';
import type { Feature } from '../model/feature.ts';
import type { Linear } from '../model/linear.ts';
import { missingCode } from './inputs.ts';
import type { Graph } from './graph.ts';
import { doubles, ints, scalar } from './tensor.ts';

const kinds = ['number', 'level', 'missing'] as const;

/** The matrix that linear models and clusters see, and the terms in the order of its columns. */
export function designMatrix(
  graph: Graph,
  terms: readonly Term[],
  features: readonly Feature[],
  columns: string,
): { matrix: string; order: readonly number[] } {
  const order: number[] = [];
  const blocks: string[] = [];
  for (const kind of kinds) {
    const places = [...terms.keys()].filter((at) => terms[at]?.kind === kind);
    if (places.length === 0) continue;
    order.push(...places);
    const own = places.flatMap((at) => terms[at] ?? []);
    const values = graph.node('Gather', [columns, graph.constant(ints(own.map(({ feature }) => feature)))], {
      axis: 1,
    });
    blocks.push(kind === 'number' ? standardized(graph, own, values) : flags(graph, own, features, values));
  }
  if (blocks.length === 0) throw new Error('a design without a column'); // Models without one are refused before.
  return { matrix: graph.node('Concat', blocks, { axis: 1 }), order };
}

/** Missing numbers are the mean: zero. */
function standardized(graph: Graph, terms: readonly Term[], values: string): string {
  const numbers = terms.flatMap((term) => (term.kind === 'number' ? [term] : []));
  const moved = graph.node('Sub', [values, graph.constant(doubles(numbers.map(({ mean }) => mean)))]);
  const scaled = graph.node('Mul', [moved, graph.constant(doubles(numbers.map(({ scale }) => scale)))]);
  return graph.node('Where', [graph.node('IsNaN', [values]), graph.constant(scalar(0)), scaled]);
}

/** 1 where the category is that level, or where the value is missing. */
function flags(graph: Graph, terms: readonly Term[], features: readonly Feature[], values: string): string {
  const wanted = terms.map((term) => {
    const feature = features[term.feature];
    if (term.kind === 'level') return term.code;
    return feature?.kind === 'category' ? missingCode(feature) : NaN;
  });
  const equal = graph.node('Equal', [values, graph.constant(doubles(wanted))]);
  const isNumber = wanted.map((code) => (Number.isNaN(code) ? 1 : 0));
  const lacks = graph.node('And', [
    graph.node('IsNaN', [values]),
    graph.constant({ type: 'bool', dims: [isNumber.length], values: isNumber }),
  ]);
  return graph.node('Cast', [graph.node('Or', [equal, lacks])], { to: 11 });
}

/** Weighted sums with their intercepts, a column for each output. */
export function linearScores(graph: Graph, model: Linear, features: readonly Feature[], columns: string): string {
  const intercepts = model.weights.map((weights) => weights.at(-1) ?? 0);
  if (model.terms.length === 0) return constantScores(graph, columns, intercepts);
  const { matrix, order } = designMatrix(graph, model.terms, features, columns);
  const table = order.flatMap((term) => model.weights.map((weights) => weights[term] ?? 0));
  const weighted = graph.node('MatMul', [matrix, graph.constant(doubles(table, [order.length, intercepts.length]))]);
  return graph.node('Add', [weighted, graph.constant(doubles(intercepts))]);
}

/** Every column was the same in all rows: what is left are the intercepts. */
function constantScores(graph: Graph, columns: string, intercepts: readonly number[]): string {
  const first = graph.node('Gather', [columns, graph.constant(ints([0]))], { axis: 1 });
  const none = graph.node('Cast', [graph.node('Not', [graph.node('Equal', [first, first])])], { to: 11 });
  const zero = graph.node('Mul', [none, graph.constant(scalar(0))]);
  return graph.node('Add', [zero, graph.constant(doubles(intercepts, [1, intercepts.length]))]);
}
