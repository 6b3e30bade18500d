import type {
  CellId,
  ChartSpec,
  Diagnostic,
  InputSpec,
  Layer,
  Materialization,
  ModelSpec,
  RelationRef,
  SourceSpec,
  SqlSpec,
  TransformSpec,
} from '@datacraft/shared';
import { createDag } from '../graph/dag.ts';
import type { Dag } from '../graph/dag.ts';
import type { StreamShape } from './streaming/shape.ts';

/** How a cell's relation is kept. Sources are tables; charts and inputs have none. */
export type Keep = Materialization;

interface CellCommon {
  readonly id: CellId;
  readonly name: string;
  readonly relation: RelationRef | null;
  readonly materialize: Keep | null;
  /** One SELECT without its closing semicolon; offsets are those of the cell's text. Null for other kinds and empty cells. */
  readonly sql: string | null;
  /** Cells with a relation it reads, by name, in the order of its text. */
  readonly dependsOn: readonly string[];
  /** Input cells whose parameters its text names. */
  readonly inputs: readonly string[];
  /** Models it asks, by name. */
  readonly models: readonly string[];
  /** Published tables it reads that no cell of this notebook defines. */
  readonly tables: readonly RelationRef[];
  /** Rows set aside by cells of this notebook that it reads; those cells are in `dependsOn`. */
  readonly sides: readonly RelationRef[];
  /** What decides its rows beside its upstream, canonical: equal texts mean the same. */
  readonly meaning: string;
  /** False when it has an error of its own. Its upstream may still have one. */
  readonly valid: boolean;
}

export type SourceCell = CellCommon & { readonly kind: 'source'; readonly spec: SourceSpec };
/** A cell whose rows are those of a SELECT: written, or made of steps. */
export type SqlCell = CellCommon & {
  /** How it is made commit by commit, below a live source. */
  readonly streaming?: StreamShape;
} & ({ readonly kind: 'sql'; readonly spec: SqlSpec } | { readonly kind: 'transform'; readonly spec: TransformSpec });
export type ChartCell = CellCommon & { readonly kind: 'chart'; readonly spec: ChartSpec };
export type InputCell = CellCommon & { readonly kind: 'input'; readonly spec: InputSpec };
export type ModelCell = CellCommon & { readonly kind: 'model'; readonly spec: ModelSpec };
export type CompiledCell = SourceCell | SqlCell | ChartCell | InputCell | ModelCell;

export function isSelectCell(cell: CompiledCell | undefined): cell is SqlCell {
  return cell?.kind === 'sql' || cell?.kind === 'transform';
}

/** The notebook as a pipeline. Markdown is not in it. */
export interface Graph {
  readonly cells: ReadonlyMap<string, CompiledCell>;
  /** Upstream first, else page order; cells on or behind a cycle come last. */
  readonly order: readonly string[];
}

export interface Compiled {
  readonly graph: Graph;
  readonly diagnostics: Diagnostic[];
}

/** All edges between cells, inputs included. */
export function dagOf(graph: Graph): Dag {
  return createDag(graph.order, (name) => edgesOf(graph.cells.get(name)));
}

export function edgesOf(cell: CompiledCell | undefined): readonly string[] {
  return cell === undefined ? [] : [...cell.dependsOn, ...cell.inputs];
}

export function defaultLayer(kind: string): Layer {
  return kind === 'source' ? 'bronze' : 'silver';
}
