/**
 * A notebook as a dbt project that dbt-duckdb builds.
 *
 * X1  A cell whose rows are those of a SELECT is a model; its references are ref() and source(), found by the parser.
 * X2  What the project cannot hold is a note in what is given back and in the project's README: nothing is left out silently.
 * X3  No text of a notebook is run as Jinja, and inputs are rendered as typed literals.
 *
 * Pure but for the parser: what is published, and rows of tables, are arguments.
 */
import type { Column, InputSpec, Notebook, RelationRef, Said } from '@datacraft/shared';
import { relationName } from '@datacraft/shared';
import type { CompiledCell, Graph } from '../../compile/graph.ts';
import { isSelectCell } from '../../compile/graph.ts';
import type { Parse } from '../../compile/select.ts';
import { docsOf } from './docs.ts';
import { macros } from './macros.ts';
import { modelOf } from './model.ts';
import type { ModelFile } from './model.ts';
import { projectName, projectYaml, profilesYaml } from './project-file.ts';
import { propertiesOf, seedProperties, sourcesYaml } from './properties.ts';
import { readmeOf } from './readme.ts';
import { cellNotes } from './left-out.ts';

/** What the project does not hold, or holds otherwise; `cell` is null when it is about the notebook. */
export interface ExportNote {
  readonly cell: string | null;
  readonly message: string;
  readonly said?: Said;
}

/** Rows that go with the project, so that it builds anywhere: small uploads as seeds, the rest as Parquet. */
export type TableRows =
  { readonly kind: 'seed'; readonly csv: string } | { readonly kind: 'parquet'; readonly bytes: Uint8Array };

export interface ExportInput {
  readonly notebook: Notebook;
  readonly graph: Graph;
  readonly parse: Parse;
  /** Columns of published tables by `layer.name`; empty for what never ran. */
  readonly columns: ReadonlyMap<string, readonly Column[]>;
  /** Rows of what models read and no model makes, by `layer.name`. */
  readonly rows: ReadonlyMap<string, TableRows>;
}

export interface ExportedProject {
  readonly name: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly notes: readonly ExportNote[];
}

/** A table that models read and no model makes. */
export interface Outside {
  readonly ref: RelationRef;
  /** The cell of this notebook that makes it; null for tables of other notebooks. */
  readonly cell: CompiledCell | null;
  readonly columns: readonly Column[];
  readonly rows: TableRows | null;
}

export interface ProjectContext extends ExportInput {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, InputSpec>;
  /** By `layer.name`. */
  readonly outside: ReadonlyMap<string, Outside>;
}

/** Tables whose rows a project needs beside its models: of sources, of models that learn, of other notebooks. */
export function outsideTables(graph: Graph): RelationRef[] {
  const refs = [...graph.cells.values()].flatMap((cell) => [
    ...(isSelectCell(cell) || cell.relation === null ? [] : [cell.relation]),
    ...cell.tables,
    ...cell.sides.filter((side) => !isMadeByModel(graph, side)),
  ]);
  return [...new Map(refs.map((ref) => [relationName(ref), ref])).values()];
}

function isMadeByModel(graph: Graph, side: RelationRef): boolean {
  return [...graph.cells.values()].some((cell) => isSelectCell(cell) && side.name === `${cell.name}_quarantine`);
}

export async function exportDbt(input: ExportInput): Promise<ExportedProject> {
  const context = contextOf(input);
  const models: ModelFile[] = [];
  const notes: ExportNote[] = [...cellNotes(context)];
  for (const cell of input.graph.cells.values()) {
    if (!isSelectCell(cell)) continue;
    const made = await modelOf(cell, context);
    models.push(...made.files);
    notes.push(...made.notes);
  }
  const files = new Map<string, string | Uint8Array>([
    ['dbt_project.yml', projectYaml(context)],
    ['profiles.yml', profilesYaml(context.name)],
    ...macros.map(([path, text]) => [path, text] as const),
    ...models.map(({ path, text }) => [path, text] as const),
    ...propertiesOf(context),
    ...rowFiles(context),
    ...docsOf(context),
  ]);
  files.set('README.md', readmeOf(context, [...files.keys()], notes));
  return { name: context.name, files, notes };
}

function contextOf(input: ExportInput): ProjectContext {
  const { graph, columns, rows } = input;
  const outside = new Map(
    outsideTables(graph).map((ref) => {
      const name = relationName(ref);
      const cell = [...graph.cells.values()].find(
        (each) => each.relation !== null && relationName(each.relation) === name,
      );
      return [
        name,
        { ref, cell: cell ?? null, columns: columns.get(name) ?? [], rows: rows.get(name) ?? null },
      ] as const;
    }),
  );
  const inputs = new Map(
    [...graph.cells.values()].flatMap((cell) => (cell.kind === 'input' ? [[cell.name, cell.spec] as const] : [])),
  );
  return { ...input, name: projectName(input.notebook.title), inputs, outside };
}

function rowFiles(context: ProjectContext): [string, string | Uint8Array][] {
  const files: [string, string | Uint8Array][] = [];
  for (const { ref, rows } of context.outside.values()) {
    if (rows?.kind === 'seed') files.push([`seeds/${ref.name}.csv`, rows.csv]);
    if (rows?.kind === 'parquet') files.push([`data/${ref.layer}/${ref.name}.parquet`, rows.bytes]);
  }
  const seeds = seedProperties(context);
  const sources = sourcesYaml(context);
  if (seeds !== null) files.push(['seeds/_seeds.yml', seeds]);
  if (sources !== null) files.push(['models/_sources.yml', sources]);
  return files;
}
