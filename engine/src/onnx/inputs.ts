import type { Feature } from '../model/feature.ts';
import type { Graph } from './graph.ts';
import { ML } from './graph.ts';
import { ints } from './tensor.ts';

/** What says that a category is missing: a text that is no level of it. */
export function missingText({ levels }: Feature): string {
  let text = '';
  while (levels.includes(text)) text = text === '' ? '(missing)' : `${text}_`;
  return text;
}

/** The code of a category that is missing: the one after its levels. */
export function missingCode({ levels }: Feature): number {
  return levels.length;
}

/**
 * All features side by side, a column each: numbers as they are and NaN where they are missing, categories as their
 * codes. A category never seen is what it is when it is missing, or the pooled one.
 */
export function inputColumns(graph: Graph, features: readonly Feature[]): string {
  const columns = features.map((feature) => {
    if (feature.kind !== 'category') return graph.input(feature.name, 'double');
    return graph.node('Cast', [codes(graph, feature)], { to: 11 });
  });
  return graph.node('Concat', columns, { axis: 1 });
}

function codes(graph: Graph, feature: Feature): string {
  const known = feature.pooled ? feature.levels.slice(0, -1) : feature.levels;
  const other = feature.pooled ? feature.levels.length - 1 : missingCode(feature);
  return graph.node(
    'LabelEncoder',
    [graph.input(feature.name, 'string')],
    {
      keys_strings: [...known, missingText(feature)],
      values_int64s: ints([...known.keys(), missingCode(feature)]).values.map(Number),
      default_int64: other,
    },
    ML,
  );
}
