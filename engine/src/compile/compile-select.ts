import type { Diagnostic } from '@datacraft/shared';
import type { CompileDeps } from './compile.ts';
import type { Graph } from './graph.ts';
import type { Names } from './names.ts';
import { namesOfGraph } from './names.ts';
import type { Subject } from './report.ts';
import { inSource } from './report.ts';
import type { CompiledSelect } from './select.ts';
import { readSelect } from './select.ts';

/** A notebook without cells: what SQL outside of notebooks is compiled against. */
export const emptyGraph: Graph = { cells: new Map(), order: [] };

/**
 * Reads a SELECT that is no cell's text: a preview of what is being typed, a chart's query, a question to the
 * warehouse. Over `emptyGraph` it may name `layer.name` tables only. `parameters` are names beside those that inputs
 * bind; their variables are the caller's to set.
 */
export function compileSelect(
  graph: Graph,
  text: string,
  deps: CompileDeps,
  parameters: Iterable<string> = [],
): Promise<CompiledSelect> {
  return readSelect(text, withParameters(namesOfGraph(graph), parameters), (sql) => deps.parse(sql));
}

/** The findings of a SELECT as diagnostics with lines and columns. */
export function diagnosticsOf(select: CompiledSelect, subject: Subject): Diagnostic[] {
  return select.findings.map(({ offset, ...finding }) => inSource(subject, offset, finding));
}

function withParameters(names: Names, parameters: Iterable<string>): Names {
  const free = [...parameters].map((name): [string, string] => [name, name]);
  return free.length === 0 ? names : { ...names, parameters: new Map([...free, ...names.parameters]) };
}
