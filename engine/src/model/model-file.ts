/**
 * The file of a trained model: JSON, of a version of its own. Arrays of trees are base64 of little-endian numbers:
 * `feature` int16 (-1 a leaf), `threshold` float64, `right` int32, `flags` uint8 (1 missing goes right, 2 category),
 * `sets` uint32 (8 words a set), `values` float64, `counts` int32 (rows by each node). A left child is the node after its parent.
 */
import type { Algorithm, DecisionRule, ModelLookup, ModelTask } from '@datacraft/shared';
import { base64Of } from './base64.ts';
import type { Feature } from './feature.ts';
import type { Body } from './predict.ts';
import type { Tree } from './tree.ts';

export const MODEL_FORMAT = 'datacraft-model';
export const MODEL_FORMAT_VERSION = 1;

export interface ForecastBody {
  readonly kind: 'series';
  readonly level: number;
  readonly time: string;
  /** `at` is seconds since 1970, else the number that the column holds. */
  readonly isCalendar: boolean;
  /** What is known of the steps to come, the first after the last row. */
  readonly steps: readonly ForecastStep[];
  /** The column that says which scenario a step is of; absent without scenarios. */
  readonly scenario?: string;
}

export interface ForecastStep {
  readonly at: number;
  readonly point: number;
  readonly lower: number;
  readonly upper: number;
  readonly scenario?: string;
}

export interface ModelFile {
  readonly task: ModelTask;
  readonly algorithm: Algorithm;
  readonly target: { readonly name: string; readonly type: string } | null;
  readonly classes: readonly string[];
  readonly features: readonly Feature[];
  /** Columns that are neither features nor target: kept beside what is scored, never asked for. */
  readonly keys: readonly string[];
  readonly seed: number;
  /** Absent without one. */
  readonly decision?: DecisionRule;
  /** Features that are looked up by entity where a row does not give them. */
  readonly lookups?: readonly ModelLookup[];
  readonly body: Body | ForecastBody;
}

export type WrittenTree = Readonly<Record<Exclude<keyof Tree, 'counts'>, string>> & { readonly counts?: string };

export function encodeModel(file: ModelFile): Uint8Array {
  const { body } = file;
  const written = body.kind === 'trees' ? { ...body, trees: body.trees.map(writeTree) } : body;
  const text = JSON.stringify({ format: MODEL_FORMAT, version: MODEL_FORMAT_VERSION, ...file, body: written });
  return new TextEncoder().encode(text);
}

function writeTree(tree: Tree): WrittenTree {
  const text = (array: { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }) =>
    base64Of(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return {
    feature: text(tree.feature),
    threshold: text(tree.threshold),
    right: text(tree.right),
    flags: text(tree.flags),
    sets: text(tree.sets),
    values: text(tree.values),
    ...(tree.counts === undefined ? {} : { counts: text(tree.counts) }),
  };
}
