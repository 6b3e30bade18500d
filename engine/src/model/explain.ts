import type { Contribution, ModelExplanation } from '@datacraft/shared';
import { Fault, say } from '@datacraft/shared';
import { termValue } from './design.ts';
import type { Ensemble } from './ensemble.ts';
import type { Columns } from './feature.ts';
import type { Linear } from './linear.ts';
import type { ModelFile } from './model-file.ts';
import { likelihoods } from './predict.ts';
import { mostLikely } from './class-metrics.ts';
import { addShapley, meanOf } from './shapley.ts';

/** What each feature adds to one answer, from what the model says of nobody in particular. They add up to the answer. */
export function explain(file: ModelFile, columns: Columns, row: number): ModelExplanation {
  const { body, classes } = file;
  if (body.kind === 'series' || body.kind === 'centroids')
    throw new Fault(
      'unsupported',
      say('{task} is not explained feature by feature: only classes and numbers are', { task: file.task }),
    );
  const label = classes.length === 0 ? 0 : explainedClass(file, columns, row);
  const { base, added } =
    body.kind === 'trees'
      ? ofTrees(body, columns, row, label)
      : ofLinear(body, columns, row, label, file.features.length);
  const contributions: Contribution[] = file.features.map(({ name }, at) => ({ feature: name, adds: added[at] ?? 0 }));
  const score = contributions.reduce((sum, { adds }) => sum + adds, base);
  return {
    of: classes[label] ?? null,
    scale: body.link === 'logistic' || body.link === 'softmax' ? 'log-odds' : classes.length === 0 ? 'target' : 'share',
    base,
    score,
    contributions: contributions.sort((a, b) => Math.abs(b.adds) - Math.abs(a.adds)),
  };
}

/** Of two classes the second, of more the likeliest. */
function explainedClass({ body, classes }: ModelFile, columns: Columns, row: number): number {
  if (classes.length === 2 || body.kind === 'series' || body.kind === 'centroids') return 1;
  return mostLikely(likelihoods(body, columns, [row], classes.length))[0] ?? 0;
}

interface Parts {
  readonly base: number;
  readonly added: Float64Array;
}

function ofTrees(model: Ensemble, columns: Columns, row: number, label: number): Parts {
  if (model.trees.some((tree) => tree.counts === undefined))
    throw new Fault('unsupported', 'this version was trained before answers were explained: train it again');
  const outputs = model.base.length;
  const own = outputs === 1 ? 0 : label;
  const added = new Float64Array(columns.length);
  const output = { place: model.wide ? own : 0, scale: model.scale };
  let base = model.base[own] ?? 0;
  for (const [at, tree] of model.trees.entries()) {
    if (!model.wide && at % outputs !== own) continue;
    base += meanOf(tree, output);
    addShapley(tree, columns, row, output, added);
  }
  return { base, added };
}

/** Beside a row of mean numbers and of the commonest category of each feature. */
function ofLinear(model: Linear, columns: Columns, row: number, label: number, features: number): Parts {
  const weights = model.weights[model.weights.length === 1 ? 0 : label] ?? [];
  const added = new Float64Array(features);
  let base = weights[model.terms.length] ?? 0;
  for (const [at, term] of model.terms.entries()) {
    const weight = weights[at] ?? 0;
    const usual = term.kind === 'level' && term.code === 0 ? 1 : 0;
    base += weight * usual;
    const value = termValue(term, columns[term.feature]?.[row] ?? NaN);
    added[term.feature] = (added[term.feature] ?? 0) + weight * (value - usual);
  }
  return { base, added };
}
