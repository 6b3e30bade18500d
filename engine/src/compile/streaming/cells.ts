import { asSaid, say } from '@datacraft/shared';
import type { Diagnostic, Words } from '@datacraft/shared';
import type { Definition } from '../definition.ts';
import type { Names } from '../names.ts';
import { meaningOfName } from '../names.ts';
import { offsetOfByte } from '../position.ts';
import type { CellReads } from '../reads-of-cell.ts';
import { inConfig, inSource } from '../report.ts';
import type { Parse } from '../select.ts';
import type { StreamNames } from './from.ts';
import { isLive, watermarkOfSource } from './live-source.ts';
import type { StreamShape } from './shape.ts';
import { NotStreamable } from './shape.ts';
import { shapeOf } from './streaming.ts';
import { wholeRule } from './whole-rules.ts';

interface StreamingCells {
  readonly shapes: ReadonlyMap<string, StreamShape>;
  readonly diagnostics: readonly Diagnostic[];
}

interface Work {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly reads: ReadonlyMap<string, CellReads>;
  readonly names: Names;
  readonly parse: Parse;
}

/** How each cell that says `refresh: streaming` is made commit by commit; warnings for those that are not. */
export async function streamingCells(
  definitions: readonly Definition[],
  reads: ReadonlyMap<string, CellReads>,
  names: Names,
  parse: Parse,
): Promise<StreamingCells> {
  const work = { definitions: new Map(definitions.map((each) => [each.cell.name, each])), reads, names, parse };
  const shapes = new Map<string, StreamShape>();
  const diagnostics: Diagnostic[] = definitions.flatMap(latenessAlone);
  for (const definition of upstreamFirst(work)) {
    const found = await shapeOfCell(definition, shapes, work);
    if ('kind' in found) shapes.set(definition.cell.name, found);
    else diagnostics.push(found);
  }
  diagnostics.push(...definitions.flatMap((each) => finalAlone(each, shapes)));
  return { shapes, diagnostics };
}

function isStreaming({ spec }: Definition): boolean {
  return (spec.kind === 'sql' || spec.kind === 'transform') && spec.spec.refresh === 'streaming';
}

/** A cycle is told elsewhere: its cells come in any order. */
function upstreamFirst({ definitions, reads }: Work): Definition[] {
  const ordered = new Map<string, Definition>();
  const seen = new Set<string>();
  const visit = (name: string) => {
    const definition = definitions.get(name);
    if (definition === undefined || !isStreaming(definition) || seen.has(name)) return;
    seen.add(name);
    reads.get(name)?.dependsOn.forEach(visit);
    ordered.set(name, definition);
  };
  for (const name of definitions.keys()) visit(name);
  return [...ordered.values()];
}

async function shapeOfCell(
  definition: Definition,
  shapes: ReadonlyMap<string, StreamShape>,
  work: Work,
): Promise<StreamShape | Diagnostic> {
  const { cell, spec } = definition;
  const isWritten = cell.kind === 'sql';
  const text = isWritten ? cell.source : (work.reads.get(cell.name)?.sql ?? '');
  const refused = refusedSpec(definition);
  if (refused !== null || (spec.kind !== 'sql' && spec.kind !== 'transform'))
    return warning(definition, refused ?? 'it makes no table', null);
  const tree = await work.parse(text);
  if (tree.kind === 'error') return warning(definition, 'its text cannot be read yet', null);
  try {
    const shape = shapeOf(tree.statements[0], streamNames(shapes, work));
    if (shape === null) return warning(definition, noStream(cell.name, shapes, work), null);
    const rule = wholeRule(spec.spec, shape);
    return rule === null ? shape : warning(definition, rule.message, null, rule.path);
  } catch (error) {
    if (!(error instanceof NotStreamable)) throw error;
    return warning(definition, error.words, isWritten ? offsetOfByte(text, error.at) : null);
  }
}

function refusedSpec({ spec }: Definition): Words | null {
  if (spec.kind !== 'sql' && spec.kind !== 'transform') return null;
  const { materialize = 'table', feature_table: feature } = spec.spec;
  if (materialize !== 'table')
    return say('`materialize: {materialize}` is not made commit by commit: use `table`', { materialize });
  return feature === undefined ? null : 'a feature table is not made commit by commit: read this cell by one';
}

/** Said, and the cell is made all of it with each commit: its rows are right, only later. */
function warning(
  definition: Definition,
  message: Words,
  offset: number | null,
  path: readonly (string | number)[] = ['refresh'],
): Diagnostic {
  const finding = {
    code: 'not-streamable',
    severity: 'warning',
    message: say('made anew with each commit: {message}', { message: asSaid(message) }),
  } as const;
  return offset === null ? inConfig(definition.cell, path, finding) : inSource(definition.cell, offset, finding);
}

function noStream(name: string, shapes: ReadonlyMap<string, StreamShape>, { reads, definitions }: Work): Words {
  const above = reads.get(name)?.dependsOn ?? [];
  const corrected = above.find((each) => shapes.has(each));
  if (corrected !== undefined)
    return say(
      '`{corrected}` corrects its rows as late ones come, so what reads it cannot only add to its own: leave `refresh` out, or give `{corrected}` `output: final`',
      { corrected },
    );
  const inlined = above.find((each) => definitions.get(each)?.spec.kind === 'sql');
  return inlined === undefined
    ? 'it reads no live source (kafka, webhook or simulator)'
    : say('it reads no live source itself: read one in FROM, or give `{inlined}` `refresh: streaming`', { inlined });
}

function streamNames(shapes: ReadonlyMap<string, StreamShape>, { names, definitions }: Work): StreamNames {
  return {
    streamOf(schema, name) {
      const meaning = meaningOfName(names, schema, name);
      if (meaning.kind !== 'cell') return null;
      const shape = shapes.get(meaning.name);
      const spec = definitions.get(meaning.name)?.spec;
      if (shape) return isAddedTo(shape, spec) ? { name: meaning.name, column: timeOf(shape) } : null;
      if (spec?.kind !== 'source' || !isLive(spec.spec)) return null;
      return { name: meaning.name, column: watermarkOfSource(spec.spec)?.column.toLowerCase() ?? null };
    },
  };
}

function isAddedTo({ kind }: StreamShape, spec: Definition['spec'] | undefined): boolean {
  return kind === 'rows' || ((spec?.kind === 'sql' || spec?.kind === 'transform') && spec.spec.output === 'final');
}

/** Final rows come in the order of what made them final: none is before the watermark that those of before made. */
function timeOf(shape: StreamShape): string | null {
  if (shape.kind === 'rows') return shape.column;
  return (shape.kind === 'windows' ? shape.key : shape.end).toLowerCase();
}

/** Where a cell is not made commit by commit, rows that change again are in its table. */
function finalAlone({ cell, spec }: Definition, shapes: ReadonlyMap<string, StreamShape>): Diagnostic[] {
  if ((spec.kind !== 'sql' && spec.kind !== 'transform') || spec.spec.output !== 'final' || shapes.has(cell.name))
    return [];
  const message =
    '`output: final` needs a cell that is made commit by commit (`refresh: streaming`): what this one publishes may change again';
  return [inConfig(cell, ['output'], { code: 'not-applied', message, severity: 'warning' })];
}

function latenessAlone(definition: Definition): Diagnostic[] {
  const { cell, spec } = definition;
  if ((spec.kind !== 'sql' && spec.kind !== 'transform') || spec.spec.lateness === undefined || isStreaming(definition))
    return [];
  const message = '`lateness` says how late rows of a stream may come: it needs `refresh: streaming`';
  return [inConfig(cell, ['lateness'], { code: 'not-applied', message, severity: 'warning' })];
}
