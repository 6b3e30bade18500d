import type { RelationRef, DimensionFacts } from '@datacraft/shared';
import {
  bindParameters,
  Fault,
  quoteIdentifier,
  relationName,
  say,
  dimensionFactsOf,
  firstModelSelect,
  isModelKind,
  sqlName,
} from '@datacraft/shared';
import type { CompiledCell, Graph } from '../compile/graph.ts';
import { dagOf, isSelectCell } from '../compile/graph.ts';
import type { CompiledSelect } from '../compile/select.ts';
import { tokensOf } from '../compile/sql-token.ts';
import { intervalParameters, namesOfGraph, splitTarget } from '../compile/names.ts';
import type { Variable } from '../compile/parameter.ts';
import type { Dag } from '../graph/dag.ts';
import { upstreamOf } from '../graph/dag.ts';
import { intervalVariable, intervalVariables, wholeRange } from '../materialize/interval-parameters.ts';
import type { ReadOptions, Scan, ViewDefinition } from './read-chain.ts';

interface FinalText {
  readonly sql: string;
  toOriginal(offset: number): number | null;
}

/** SQL that nobody wrote. */
function ours(sql: string): FinalText {
  return { sql, toOriginal: () => null };
}

type SelectParts = Pick<CompiledSelect, 'sql' | 'dependsOn' | 'inputs' | 'models' | 'tables' | 'sides'>;

/** Collects what reading needs while it walks upstream. One chain serves one reading. */
export class Chain {
  readonly views: ViewDefinition[] = [];
  /** Statements that stored views need, in order. */
  readonly setup = new Set<string>();
  readonly files = new Set<string>();
  readonly inputs = new Set<string>();
  /** Models that its SQL asks. */
  readonly models = new Set<string>();
  readonly reads = new Set<string>();
  /** What cells that record intervals have of them, by cell. */
  readonly intervals = new Map<string, Variable[]>();
  readonly #defined = new Set<string>();
  readonly #graph: Graph;
  readonly #options: ReadOptions;
  readonly #dag: Dag;

  constructor(graph: Graph, options: ReadOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#dag = dagOf(graph);
  }

  /** The text that gives a cell's rows. */
  cellText(name: string): FinalText {
    const cell = this.#cell(name);
    const stored = this.#storedScan(cell);
    if (stored !== null) return ours(stored);
    const isTyped = cell.kind === 'sql' || this.#options.override?.has(name) === true;
    const text = this.text(this.#textOf(cell), name);
    const kept = this.#kept(cell, text);
    return isTyped ? kept : ours(kept.sql);
  }

  /** A dimension that was not made yet is read as its first run would make it. */
  #kept(cell: CompiledCell, text: FinalText): FinalText {
    if (!isSelectCell(cell) || !isModelKind(cell.materialize) || this.#options.asWritten === cell.name) return text;
    const { before, after } = firstModelSelect({
      name: cell.name,
      keep: cell.materialize,
      spec: cell.spec,
      now: `${this.#options.today ?? '2000-01-01'}T00:00:00Z`,
      recordSource: cell.spec.record_source ?? [...cell.dependsOn, ...cell.tables.map(relationName)].join(', '),
      dimension: (target) => this.#dimension(target),
    });
    return { sql: before + text.sql + after, toOriginal: (offset) => text.toOriginal(offset - before.length) };
  }

  #dimension(target: string): DimensionFacts | null {
    const { name } = splitTarget(target);
    const own = this.#graph.cells.get(name);
    if (isSelectCell(own)) return dimensionFactsOf(own.spec) ?? null;
    return this.#options.published(target)?.dimension ?? null;
  }

  /** `cell` is the one whose text it is, when it is one's. */
  text(select: SelectParts, cell = this.#options.textOf): FinalText {
    if (select.sql === null) throw new Fault('notebook-invalid', 'the text is not one SELECT: mend its errors first');
    this.#defineUpstream(select);
    const bound = bindParameters(select.sql, this.#renaming(cell));
    const before = isDescription(select.sql) ? 'select * from (\n' : '';
    const after = before === '' ? '' : '\n)';
    return { sql: before + bound.sql + after, toOriginal: (offset) => bound.toOriginal(offset - before.length) };
  }

  /** Each cell has an interval of its own, and an input of such a name is an input. */
  #renaming(name: string | undefined): ((parameter: string) => string) | undefined {
    const cell = name === undefined ? undefined : this.#graph.cells.get(name);
    if (name === undefined || !isSelectCell(cell)) return undefined;
    const { intervalOf, today } = this.#options;
    const range = intervalOf?.(name) ?? wholeRange(cell.spec, today);
    if (range === null) return undefined;
    const inputs = namesOfGraph(this.#graph).parameters;
    return (parameter) => {
      if (!intervalParameters.has(parameter) || inputs.has(parameter)) return parameter;
      this.intervals.set(name, intervalVariables(name, range));
      return intervalVariable(name, parameter);
    };
  }

  #defineUpstream({ dependsOn, inputs, models, tables, sides }: SelectParts): void {
    for (const model of models) this.models.add(model);
    for (const input of inputs) this.inputs.add(input);
    for (const name of dependsOn) this.#defineCell(name);
    for (const ref of [...tables, ...sides]) this.#defineTable(ref);
  }

  /** A cell is readable by its name and by its relation's. */
  #defineCell(name: string): void {
    if (this.#defined.has(name)) return;
    this.#defined.add(name);
    const cell = this.#cell(name);
    const view = quoteIdentifier(name);
    this.#defineView(view, this.cellText(name), name);
    if (cell.relation !== null) this.#defineView(viewName(cell.relation), ours(`select * from main.${view}`), null);
  }

  #defineTable(ref: RelationRef): void {
    const name = relationName(ref);
    if (this.#defined.has(name)) return;
    this.#defined.add(name);
    const stored = this.#options.published(name);
    if (stored === null) throw unpublished(name);
    this.#use(name, stored);
    this.#defineView(viewName(ref), ours(stored.scan), null);
  }

  #defineView(name: string, text: FinalText, cell: string | null): void {
    const before = `create or replace view ${name} as (\n`;
    const toOriginal = (offset: number) => text.toOriginal(offset - before.length);
    this.views.push({
      name,
      select: text.sql,
      sql: `${before}${text.sql}\n)`,
      cell: text.toOriginal(0) === null ? null : cell,
      toOriginal,
    });
  }

  /** A model's rows are those of when it was trained last, whatever stands above it now: reading trains nothing. */
  #storedScan(cell: CompiledCell): string | null {
    const { published, override, trustStored } = this.#options;
    if (cell.relation === null || override?.has(cell.name) === true) return null;
    if (cell.materialize === 'view' || cell.materialize === 'ephemeral') return null;
    if (cell.kind !== 'model') {
      if (trustStored !== true && this.#dependsOnInput(cell.name)) return null;
      if (override !== undefined && this.#readsOverridden(cell.name, override)) return null;
    }
    const name = relationName(cell.relation);
    const stored = published(name);
    if (stored === null) return null;
    this.#use(name, stored);
    return stored.scan;
  }

  #dependsOnInput(name: string): boolean {
    return [...upstreamOf(this.#dag, name)].some((each) => this.#graph.cells.get(each)?.kind === 'input');
  }

  #readsOverridden(name: string, override: ReadonlyMap<string, CompiledSelect>): boolean {
    const upstream = upstreamOf(this.#dag, name);
    return [...override.keys()].some((each) => upstream.has(each));
  }

  #use(name: string, stored: Scan): void {
    this.reads.add(name);
    for (const file of stored.files) this.files.add(file);
    for (const { sql } of stored.setup ?? []) this.setup.add(sql);
  }

  #textOf(cell: CompiledCell): SelectParts {
    const override = this.#options.override?.get(cell.name);
    if (override !== undefined) return override;
    if (isSelectCell(cell) && cell.valid && cell.sql !== null) return cell;
    if (cell.kind === 'model' && this.#options.asWritten === cell.name) return rowsOf(cell);
    if (cell.kind === 'chart' || (cell.kind === 'source' && cell.spec.type === 'table')) return rowsOf(cell);
    if (!cell.valid || cell.relation === null) {
      throw new Fault('notebook-invalid', say('`{name}` cannot be read: mend its errors first', { name: cell.name }), {
        cell: cell.name,
      });
    }
    throw new Fault('not-found', say('`{name}` has no rows yet: run it first', { name: cell.name }), {
      cell: cell.name,
    });
  }

  #cell(name: string): CompiledCell {
    const cell = this.#graph.cells.get(name);
    if (cell === undefined) throw new Fault('not-found', say('no cell is called `{name}`', { name }), { cell: name });
    if (upstreamOf(this.#dag, name).has(name)) {
      throw new Fault('notebook-invalid', say('`{name}` reads itself: break the cycle first', { name }), {
        cell: name,
      });
    }
    return cell;
  }
}

/** A source of type `table` is that table; a chart's rows are those it is drawn from, a model's those it learns from. */
function rowsOf(cell: CompiledCell): SelectParts {
  const [name] = cell.dependsOn;
  const [side] = cell.sides;
  const ref = side ?? cell.tables[0];
  const from =
    cell.kind === 'model'
      ? sqlName(cell.spec.from)
      : ref !== undefined
        ? viewName(ref)
        : name === undefined
          ? null
          : quoteIdentifier(name);
  return {
    sql: from === null ? null : `select * from ${from}`,
    dependsOn: cell.dependsOn,
    inputs: [],
    models: [],
    tables: cell.tables,
    sides: cell.sides,
  };
}

/** DESCRIBE and its kin are SELECTs for the parser, but COPY and CREATE VIEW take them in a subquery only. */
function isDescription(text: string): boolean {
  const first = tokensOf(text).find((token) => token.kind !== 'comment');
  return first !== undefined && /^(describe|desc|show|summarize)$/i.test(text.slice(first.start, first.end));
}

function unpublished(table: string): Fault {
  return new Fault('not-found', say('the table {table} is not published: run the notebook that makes it', { table }), {
    table,
  });
}

function viewName(ref: RelationRef): string {
  return `${quoteIdentifier(ref.layer)}.${quoteIdentifier(ref.name)}`;
}
