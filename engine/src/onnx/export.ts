/**
 * Models as ONNX graphs, in numbers of 64 bits, as they answer here.
 *
 * O1  A row that we score is scored alike by a runtime, missing values and pooled categories too.
 * O2  What a graph cannot say is said in its metadata: it refuses no row. A category never seen counts as missing,
 *     a missing value where training had none goes the way that trees send it, thresholds and look-ups are not applied.
 *
 * Inputs are the features by name, each of shape [rows, 1]: numbers, 0 and 1, seconds since 1970 (NaN is missing), and
 * texts, where `missing` of the metadata says which text is none.
 */
import { Fault, say } from '@datacraft/shared';
import type { ModelFile } from '../model/model-file.ts';
import { decodeModel } from '../model/open-model.ts';
import type { Learned } from '../model/predict.ts';
import { classAnswers, clusterAnswers, numberAnswer } from './answers.ts';
import { linearScores } from './design.ts';
import { Graph } from './graph.ts';
import { inputColumns, missingText } from './inputs.ts';
import { treeScores } from './trees.ts';

/** The bytes of an `.onnx` file; forecasts have none. */
export function exportOnnx(model: Uint8Array, name: string): Uint8Array {
  const file = decodeModel(model);
  const { body, features } = file;
  if (body.kind === 'series') {
    const message = say('{name} is a forecast, a list of steps and no function of columns: read its table instead', {
      name,
    });
    throw new Fault('unsupported', message, { model: name });
  }
  const graph = new Graph(name);
  const columns = inputColumns(graph, features);
  if (body.kind === 'centroids') clusterAnswers(graph, body, features, columns);
  else answer(graph, file, body, columns);
  return graph.finish('datacraft', factsOf(file, name));
}

function answer(graph: Graph, { task, classes, features }: ModelFile, body: Learned, columns: string): void {
  const scores =
    body.kind === 'trees' ? treeScores(graph, body, features, columns) : linearScores(graph, body, features, columns);
  if (task === 'regression') numberAnswer(graph, scores);
  else classAnswers(graph, body, classes, scores);
}

function factsOf({ task, algorithm, features, classes, decision, lookups }: ModelFile, name: string) {
  const categories = features.filter(({ kind }) => kind === 'category');
  const given = {
    missing: Object.fromEntries(categories.map((feature) => [feature.name, missingText(feature)])),
    required: features.filter(({ nullable }) => !nullable).map((feature) => feature.name),
    kinds: Object.fromEntries(features.map(({ name: of, kind }) => [of, kind])),
    classes,
    ...(decision === undefined ? {} : { decision }),
    ...(lookups === undefined ? {} : { lookups }),
  };
  const facts = Object.entries(given).map(([key, value]) => [key, JSON.stringify(value)]);
  return { model: name, task, algorithm, ...(Object.fromEntries(facts) as Record<string, string>) };
}
