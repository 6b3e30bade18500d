/**
 * Compile turns a notebook into a graph of cells and the findings about its text.
 *
 * C1  It is a pure function of the notebook, but for the injected parser; it reads no clock and no table.
 * C2  It never throws for what a person wrote: findings are diagnostics, with the place they are about.
 * C3  References are found in DuckDB's own syntax tree, never by pattern.
 * C4  The graph does not depend on the order of the page, except where two cells claim one name: the first has it.
 *
 * It does not bind: columns and types are known when the session runs.
 */
import type { Cell, Diagnostic, Notebook } from '@datacraft/shared';
import { createDag, topologicalOrder } from '../graph/dag.ts';
import type { SqlTree } from '../duckdb/session.ts';
import { cycleDiagnostics } from './cycle.ts';
import { layerDiagnostics } from './layer-policy.ts';
import type { LayerPolicy } from './layer-policy.ts';
import { readSpec } from './cell-spec.ts';
import type { Definition } from './definition.ts';
import { namesOf, ownershipClashes, ownersOfNames, parameterClashes, relationOf } from './definition.ts';
import type { Compiled, CompiledCell, Graph, Keep } from './graph.ts';
import { isSelectCell } from './graph.ts';
import { meaningOfSpec, canonicalJson } from './meaning.ts';
import { intervalDiagnostics } from './interval-diagnostics.ts';
import { modelDiagnostics } from './model-diagnostics.ts';
import type { CellReads } from './reads-of-cell.ts';
import { readsOfCell } from './reads-of-cell.ts';
import { scheduleDiagnostics } from './schedule-diagnostics.ts';
import { streamingCells } from './streaming/cells.ts';
import type { StreamShape } from './streaming/shape.ts';
import { unsupported, viewDiagnostics } from './unsupported.ts';

export interface CompileDeps {
  parse(sql: string): Promise<SqlTree>;
}

export async function compile(notebook: Notebook, deps: CompileDeps): Promise<Compiled> {
  const cells = notebook.cells.filter((cell) => cell.kind !== 'markdown' && cell.deletedAt === undefined);
  const { owners, diagnostics } = ownersOfNames(cells);
  const definitions = owners.map((cell) => define(cell, diagnostics));
  diagnostics.push(
    ...scheduleDiagnostics(notebook),
    ...ownershipClashes(definitions),
    ...parameterClashes(definitions),
    ...modelDiagnostics(definitions),
    ...definitions.flatMap(intervalDiagnostics),
  );
  const names = namesOf(definitions);
  const reads = new Map<string, CellReads>();
  await Promise.all(
    definitions.map(async (definition) => {
      reads.set(definition.cell.name, await readsOfCell(definition, names, (sql) => deps.parse(sql)));
    }),
  );
  for (const { cell } of definitions) diagnostics.push(...(reads.get(cell.name)?.diagnostics ?? []));
  diagnostics.push(...cycleDiagnostics(definitions, reads));
  diagnostics.push(...layerDiagnostics(definitions, reads, layerPolicyOf(notebook)));
  const streaming = await streamingCells(definitions, reads, names, (sql) => deps.parse(sql));
  diagnostics.push(...streaming.diagnostics);
  diagnostics.push(...viewDiagnostics(assemble(definitions, reads, diagnostics), owners));
  return {
    graph: assemble(definitions, reads, diagnostics, streaming.shapes),
    diagnostics: inPageOrder(diagnostics, cells),
  };
}

/** Front matter `layer_policy`; a warning when it says nothing. */
function layerPolicyOf({ meta }: Notebook): LayerPolicy {
  const said = meta['layer_policy'];
  return said === 'off' || said === 'error' ? said : 'warn';
}

function define(cell: Cell, diagnostics: Diagnostic[]): Definition {
  const { spec, diagnostics: found } = readSpec(cell);
  diagnostics.push(...found, ...unsupported(cell, spec));
  return { cell, spec, relation: relationOf(cell, spec) };
}

function assemble(
  definitions: readonly Definition[],
  reads: ReadonlyMap<string, CellReads>,
  diagnostics: readonly Diagnostic[],
  shapes: ReadonlyMap<string, StreamShape> = new Map(),
): Graph {
  const invalid = new Set(diagnostics.filter((each) => each.severity === 'error').map((each) => each.cellId));
  const cells = new Map<string, CompiledCell>();
  for (const definition of definitions) {
    const found = reads.get(definition.cell.name);
    if (found === undefined) continue;
    const made = compiledCell(definition, found, !invalid.has(definition.cell.id));
    const shape = shapes.get(definition.cell.name);
    cells.set(definition.cell.name, shape !== undefined && isSelectCell(made) ? { ...made, streaming: shape } : made);
  }
  const dag = createDag([...cells.keys()], (name) => [
    ...(cells.get(name)?.dependsOn ?? []),
    ...(cells.get(name)?.inputs ?? []),
  ]);
  const { order, cyclic } = topologicalOrder(dag);
  return { cells, order: [...order, ...cyclic] };
}

function compiledCell(definition: Definition, reads: CellReads, valid: boolean): CompiledCell {
  const { cell, spec } = definition;
  const { relation } = definition;
  const materialize = relation === null ? null : keepOf(definition);
  const meaning = canonicalJson([
    spec.kind,
    relation,
    materialize,
    meaningOfSpec(spec.kind, spec.spec),
    reads.sqlMeaning,
  ]);
  const { sql, dependsOn, inputs, models, tables, sides } = reads;
  return {
    ...spec,
    id: cell.id,
    name: cell.name,
    relation,
    materialize,
    sql,
    dependsOn,
    inputs,
    models,
    tables,
    sides,
    meaning,
    valid,
  };
}

function keepOf({ spec }: Definition): Keep {
  const asked = spec.kind === 'sql' || spec.kind === 'transform' ? spec.spec.materialize : undefined;
  return asked ?? 'table';
}

function inPageOrder(diagnostics: readonly Diagnostic[], cells: readonly Cell[]): Diagnostic[] {
  const position = new Map(cells.map((cell, index) => [cell.id, index]));
  const at = (diagnostic: Diagnostic) => (diagnostic.cellId === null ? -1 : (position.get(diagnostic.cellId) ?? -1));
  return [...diagnostics].sort((a, b) => at(a) - at(b) || a.line - b.line || a.column - b.column);
}
