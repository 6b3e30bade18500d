import { decide, Fault, say } from '@datacraft/shared';
import { mostLikely } from './class-metrics.ts';
import type { Columns, Feature } from './feature.ts';
import { clusterOf } from './kmeans.ts';
import type { ModelFile } from './model-file.ts';
import { decodeModel } from './open-model.ts';
import { likelihoods, numbers } from './predict.ts';

export type OutputKind = 'boolean' | 'integer' | 'number' | 'text';

export interface BatchColumn {
  readonly name: string;
  readonly kind: OutputKind;
  readonly values: readonly (boolean | bigint | number | string)[];
}

/** A model that answers for many rows at once, as SQL has them: the same numbers as one row at a time over HTTP. */
export interface BatchScorer {
  readonly features: readonly Feature[];
  readonly outputs: readonly { readonly name: string; readonly kind: OutputKind }[];
  /** Of each feature its values; booleans, numbers and texts as they are, times in seconds. */
  score(columns: readonly (readonly unknown[])[], count: number): BatchColumn[];
}

export function openBatchScorer(bytes: Uint8Array): BatchScorer {
  const file = decodeModel(bytes);
  if (file.body.kind === 'series') {
    throw new Fault('unsupported', 'a forecast has no rows to predict for: read its table, which holds the steps');
  }
  const { features } = file;
  const codes = features.map(({ levels }) => new Map(levels.map((level, code) => [level, code])));
  return {
    features,
    outputs: outputsOf(file),
    score: (columns, count) => {
      const asked = features.map((feature, at) =>
        Float64Array.from({ length: count }, (_, row) =>
          encoded(feature, codes[at] ?? new Map(), columns[at]?.[row] ?? null),
        ),
      );
      return answers(file, asked, count);
    },
  };
}

function encoded(
  { name, kind, nullable, pooled, levels }: Feature,
  codes: Map<string, number>,
  value: unknown,
): number {
  const isMissing = value === null || (typeof value === 'number' && !Number.isFinite(value));
  if (isMissing) {
    if (nullable) return NaN;
    throw new Fault(
      'query-failed',
      say('"{name}" may not be null: it was known in every row the model learned from', { name }),
    );
  }
  if (kind !== 'category') return Number(value);
  const code = codes.get(String(value)) ?? (pooled ? levels.length - 1 : undefined);
  if (code !== undefined) return code;
  throw new Fault(
    'query-failed',
    say('"{name}" is {value}, which no row had that the model learned from', { name, value: JSON.stringify(value) }),
  );
}

function outputsOf({ task, target, decision }: ModelFile): BatchScorer['outputs'] {
  if (task === 'clustering')
    return [
      { name: 'prediction', kind: 'integer' },
      { name: 'distance', kind: 'number' },
    ];
  if (task === 'regression') return [{ name: 'prediction', kind: 'number' }];
  return [
    { name: 'prediction', kind: labelKind(target?.type ?? 'VARCHAR') },
    { name: 'probability', kind: 'number' },
    ...(decision === undefined ? [] : [{ name: 'decision', kind: 'text' } as const]),
  ];
}

function labelKind(type: string): OutputKind {
  if (type === 'BOOLEAN') return 'boolean';
  if (/^U?(TINY|SMALL|BIG)?INT(EGER)?$/.test(type)) return 'integer';
  return /^(DOUBLE|FLOAT|DECIMAL)/.test(type) ? 'number' : 'text';
}

function answers(file: ModelFile, columns: Columns, count: number): BatchColumn[] {
  const { body, classes, decision } = file;
  const [label = { name: 'prediction', kind: 'number' }, second] = outputsOf(file);
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  if (body.kind === 'series') return [];
  if (body.kind === 'centroids') {
    const found = Array.from(rows, (row) => clusterOf(body, columns, row));
    return [
      { ...label, values: found.map(({ center }) => BigInt(center)) },
      { name: 'distance', kind: 'number', values: found.map(({ distance }) => distance) },
    ];
  }
  if (file.task === 'regression') return [{ ...label, values: [...numbers(body, columns, rows)] }];
  const likely = likelihoods(body, columns, rows, classes.length);
  const best = mostLikely(likely);
  const shares = Array.from(best, (at, row) => likely[classes.length === 2 ? 1 : at]?.[row] ?? 0);
  return [
    { ...label, values: Array.from(best, (at) => typed(classes[at] ?? '', label.kind)) },
    ...(second === undefined ? [] : [{ ...second, values: shares }]),
    ...(decision === undefined
      ? []
      : [{ name: 'decision', kind: 'text' as const, values: shares.map((share) => decide(decision, share)) }]),
  ];
}

function typed(label: string, kind: OutputKind): boolean | bigint | number | string {
  if (kind === 'boolean') return label === 'true';
  if (kind === 'integer') return BigInt(label);
  return kind === 'number' ? Number(label) : label;
}
