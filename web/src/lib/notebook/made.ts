/**
 * Cells whose table adds to what their text gives: keys, versions, the unknown member. Until they ran for the first time
 * the browser shows what that run would make of the rows it has.
 */
import {
  type CellId,
  type DimensionFacts,
  dimensionFactsOf,
  firstModelSelect,
  isLayer,
  isModelKind,
  type SqlSpec,
  validateConfig,
} from '@datacraft/shared';
import type { CellModel } from '#lib/cell/cell-model.svelte.ts';
import type { Made } from '#lib/preview/preview.svelte.ts';

interface Around {
  cellNamed(name: string): CellModel | null;
  readsOf(id: CellId): readonly string[];
}

/** What the first run makes of the cell's rows; undefined for cells whose table is what their text gives. */
export function madeOf(cell: CellModel, around: Around): Made | undefined {
  const spec = specOf(cell);
  const keep = spec?.materialize;
  if (spec === null || !isModelKind(keep)) return undefined;
  const targets = keep === 'fact' ? Object.values(spec.dimensions ?? {}) : [];
  const foreign = targets.some((target) => dimensionOf(target, around) === null);
  if (foreign) return 'server';
  return firstModelSelect({
    name: cell.name,
    keep,
    spec: { ...spec, dimensions: Object.fromEntries(ownNames(spec)) },
    now: `${new Date().toISOString().slice(0, 10)}T00:00:00Z`,
    recordSource: spec.record_source ?? around.readsOf(cell.id).join(', '),
    dimension: (target) => dimensionOf(target, around),
  });
}

/** What of the settings of a cell decides it: when that changes, the rows are made again. */
export function keepKey(cell: CellModel, isPublished: boolean): string {
  const { materialize, scd, unique_key, sequence_by, time_column, dimensions, hubs, hub } = cell.config;
  if (!isModelKind(typeof materialize === 'string' ? materialize : null)) return '';
  return JSON.stringify([isPublished, materialize, scd, unique_key, sequence_by, time_column, dimensions, hubs, hub]);
}

function specOf(cell: CellModel): SqlSpec | null {
  if (cell.kind !== 'sql' && cell.kind !== 'transform') return null;
  return validateConfig(cell.kind, cell.config).spec;
}

/** `gold.dim_date` of this notebook is read by the cell's name, as everything the browser computes. */
function ownNames({ dimensions = {} }: SqlSpec): [string, string][] {
  return Object.entries(dimensions).map(([columns, target]) => [columns, lastName(target)]);
}

function dimensionOf(target: string, { cellNamed }: Around): DimensionFacts | null {
  const cell = cellNamed(lastName(target));
  const spec = cell === null ? null : specOf(cell);
  return spec === null ? null : (dimensionFactsOf(spec) ?? null);
}

function lastName(target: string): string {
  const [first = '', second] = target.split('.');
  return isLayer(first) && second !== undefined ? second : first;
}
