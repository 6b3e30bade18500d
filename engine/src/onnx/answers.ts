import type { Clusters } from '../model/kmeans.ts';
import type { Feature } from '../model/feature.ts';
import type { Learned } from '../model/predict.ts';
import { designMatrix } from './design.ts';
import type { Graph } from './graph.ts';
import { doubles, ints, scalar, texts } from './tensor.ts';

/** The label as text and the probability of every class, in their order. */
export function classAnswers(graph: Graph, model: Learned, classes: readonly string[], scores: string): void {
  const likely = shares(graph, model, classes.length, scores);
  const best = graph.node('ArgMax', [likely], { axis: 1, keepdims: 0 });
  graph.output(graph.node('Gather', [graph.constant(texts(classes)), best], { axis: 0 }), 'label', 'string', null);
  graph.output(likely, 'probabilities', 'double', classes.length);
}

function shares(graph: Graph, model: Learned, classes: number, scores: string): string {
  const outputs = model.kind === 'trees' ? model.base.length : model.weights.length;
  if (outputs === 1)
    return withOther(graph, model.link === 'logistic' ? graph.node('Sigmoid', [scores]) : clipped(graph, scores));
  if (model.link === 'softmax') return graph.node('Softmax', [scores], { axis: 1 });
  return evened(graph, model.kind === 'linear' ? graph.node('Sigmoid', [scores]) : scores, classes);
}

function clipped(graph: Graph, scores: string): string {
  return graph.node('Clip', [scores, graph.constant(scalar(0)), graph.constant(scalar(1))]);
}

function withOther(graph: Graph, positive: string): string {
  return graph.node('Concat', [graph.node('Sub', [graph.constant(scalar(1)), positive]), positive], { axis: 1 });
}

/** Made to add up to 1; all alike where there is nothing. */
function evened(graph: Graph, scores: string, classes: number): string {
  const some = graph.node('Max', [scores, graph.constant(scalar(0))]);
  const sum = graph.node('ReduceSum', [some, graph.constant(ints([1]))], { keepdims: 1 });
  const nothing = graph.node('Equal', [sum, graph.constant(scalar(0))]);
  const alike = graph.constant(doubles(new Array<number>(classes).fill(1 / classes), [1, classes]));
  return graph.node('Where', [nothing, alike, graph.node('Div', [some, sum])]);
}

export function numberAnswer(graph: Graph, scores: string): void {
  graph.output(scores, 'prediction', 'double', 1);
}

/** The nearest centroid and how far it is. */
export function clusterAnswers(graph: Graph, model: Clusters, features: readonly Feature[], columns: string): void {
  const { matrix, order } = designMatrix(graph, model.terms, features, columns);
  const centroids = model.centroids.flatMap((centroid) => order.map((term) => centroid[term] ?? 0));
  const points = graph.constant(doubles(centroids, [1, model.centroids.length, order.length]));
  const apart = graph.node('Sub', [graph.node('Unsqueeze', [matrix, graph.constant(ints([1]))]), points]);
  const squares = graph.node('Mul', [apart, apart]);
  const distances = graph.node('Sqrt', [
    graph.node('ReduceSum', [squares, graph.constant(ints([2]))], { keepdims: 0 }),
  ]);
  const nearest = graph.node('ArgMin', [distances], { axis: 1, keepdims: 0 });
  graph.output(nearest, 'cluster', 'int64', null);
  const distance = graph.node('ReduceMin', [distances, graph.constant(ints([1]))], { keepdims: 0 });
  graph.output(distance, 'distance', 'double', null);
}
